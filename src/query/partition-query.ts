import type { QueryStream } from "../../protocol/command/query.js";
import type { QueryRequest } from "../../protocol/command/query-request.js";
import type { RowPosition } from "../../protocol/command/query-row.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { whyQueryForbidden } from "../cluster/forbidden.js";
import type { ClusterNode } from "../cluster/node.js";
import type { StreamFlow } from "../cluster/stream-operation.js";
import { andOne } from "../errors/earlier-errors.js";
import { describeContext } from "../errors/error-of-result.js";
import {
  AbortError,
  AerospikeError,
  InvalidNodeError,
  SecondaryIndexError,
  SerializationError,
  TimeoutError,
} from "../errors/errors.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { NodeSilence } from "./node-silence.js";
import type { NodeShare, PartitionTracker } from "./partition-tracker.js";
import { stopQuery } from "./stop-query.js";

/** What all nodes are asked for; which partitions and how many records, the tracker says. */
export type QuerySelection = Omit<QueryRequest, "taskId" | "partitions" | "resume" | "maxRecords" | "errorDetails">;

/** A query on all partitions that a tracker has: a count, a scan, an index query, or a page of one. */
export interface PartitionQuery<Row extends RowPosition> {
  /** In messages: "count", "query". */
  readonly name: string;
  readonly selection: QuerySelection;
  readonly tracker: PartitionTracker<ClusterNode>;
  /** What is sent to a node; it calls `onRow` with each row. */
  readonly command: (request: QueryRequest, onRow: (row: Row, bytes: number) => void) => QueryStream;
  /** Called with each record once. */
  readonly onRow: (row: Row, bytes: number) => void;
  /** Called before a node is asked, with the means to hold it up; what it returns is called when the node has ended. */
  readonly onStream?: ((flow: StreamFlow) => () => void) | undefined;
  /** Called before each round after the first, which waits for it. */
  readonly onRound?: ((deadline: Deadline) => Promise<void>) | undefined;
  /**
   * Called when a node has sent its last row, and fewer than its limit if it had one; gives how many records it counted
   * against the limit and did not send: Infinity when nobody knows.
   */
  readonly onAnswered?: ((node: ClusterNode, taskId: bigint, deadline: Deadline) => Promise<number>) | undefined;
}

/** Before the second round; twice as long before each further one. The partition map has time to follow the cluster. */
const ROUND_PAUSE_MS = 100;
/** Longest pause, in first pauses. */
const LONGEST_PAUSE = 16;
/** A node that runs as many queries as it may is asked so much oftener than one that is in trouble. */
const TURNS = 20;

/**
 * Asks the nodes until every partition was read, or as many records as the tracker wants: each partition of one node at
 * a time, in rounds. What a node could not read is asked of the next replica in the round after, behind the last record
 * that came. `maxRetries` are rounds in a row that bring nothing new; twenty times as many where nodes refuse for having as
 * many queries as they may.
 *
 * @throws TimeoutError, AbortError; ConnectionError when the client is closed; InvalidNodeError when there are partitions
 *   that no node could read; what a node refuses the query with
 */
export async function runPartitionQuery<Row extends RowPosition>(
  context: SessionContext,
  query: PartitionQuery<Row>,
  deadline: Deadline,
): Promise<void> {
  const { cluster } = context;
  cluster.checkNamespace(query.selection.namespace);
  cluster.requireWhole();
  deadline.throwIfAborted(query.name);
  // What other nodes still send, once one has refused, nobody needs.
  await deadline.run((scope) => new QueryRun(context, query, scope).run());
}

/** One run of a query, from its first round to its last. */
class QueryRun<Row extends RowPosition> {
  readonly #context: SessionContext;
  readonly #query: PartitionQuery<Row>;
  readonly #deadline: Deadline;
  readonly #settings: CommandPolicy;
  /** Whether some node has read all that it was asked for. */
  #hasFinished = false;

  constructor(context: SessionContext, query: PartitionQuery<Row>, deadline: Deadline) {
    this.#context = context;
    this.#query = query;
    this.#deadline = deadline;
    this.#settings = context.policy("read", "query", query.selection.namespace);
  }

  async run(): Promise<void> {
    const { tracker } = this.#query;
    const { maxRetries, retryDelayMs } = this.#settings;
    const { runtime } = this.#context.cluster;
    let retries = 0;
    let earlierErrors: readonly AerospikeError[] | undefined;
    for (let rounds = 1; !tracker.isOver; rounds++) {
      if (rounds > 1) await this.#query.onRound?.(this.#deadline);
      const { taken, missing } = tracker;
      const { isWhole, errors } = await this.#round();
      if (tracker.isOver) return;
      // Some nodes have more, or may have, of as many records as are wanted.
      if (isWhole) continue;
      if (tracker.taken > taken || tracker.missing < missing) retries = 0;
      // Of many queries that were refused together, not all come back together.
      const pause = Math.max(
        ROUND_PAUSE_MS * Math.min(2 ** retries, LONGEST_PAUSE) * (1 + runtime.random()),
        retryDelayMs,
      );
      const isBusy = errors.length > 0 && errors.every(({ code }) => code === "FORBIDDEN");
      if (retries >= (isBusy ? TURNS * maxRetries : maxRetries) || !this.#deadline.hasTime(pause))
        throw (await this.#failure(rounds, errors)).with({ earlierErrors });
      for (const error of errors) earlierErrors = andOne(earlierErrors, error);
      retries++;
      await this.#deadline.sleep(pause);
    }
  }

  async #round(): Promise<RoundOutcome> {
    const { tracker, selection } = this.#query;
    const { cluster } = this.#context;
    const { replica } = this.#settings;
    const shares = tracker.planRound(cluster.nodeChooser(selection.namespace, replica));
    const asked = shares.reduce((sum, share) => sum + share.size, 0);
    const { missing } = tracker;
    const outcomes = await Promise.all(shares.map((share) => this.#ask(share)));
    return {
      isWhole: asked === missing && outcomes.every((outcome) => outcome === "whole"),
      errors: outcomes.filter((outcome) => outcome instanceof AerospikeError),
    };
  }

  async #ask(share: NodeShare<ClusterNode>): Promise<ShareOutcome> {
    const { selection, command, onRow, onStream, onAnswered } = this.#query;
    const { cluster } = this.#context;
    const { partitions, resume, limit } = share;
    const request: QueryRequest = {
      ...selection,
      partitions,
      resume,
      maxRecords: limit,
      errorDetails: this.#settings.errorDetails,
      taskId: cluster.runtime.randomBigint64() | 1n,
    };
    const silence = new NodeSilence(
      this.#context,
      share.node,
      request.taskId,
      this.#settings.socketTimeoutMs,
      selection.expectedDuration !== "short",
    );
    let isRowRefused = false;
    let isEnough = false;
    const stream = command(request, (row, bytes) => {
      silence.end();
      if (!share.take(row)) {
        isEnough = share.isSurplus;
        if (isEnough) throw new AbortError("Enough records have come");
        return;
      }
      try {
        onRow(row, bytes);
      } catch (error) {
        isRowRefused = true;
        throw error;
      }
    });
    // A node sends nothing while it finds nothing, however long that takes.
    const settings = { ...this.#settings, socketTimeoutMs: 0 };
    let onEnd: (() => void) | undefined;
    try {
      const read = (scope: Deadline): Promise<void> =>
        cluster.stream(share.node, stream, settings, scope, (flow) => {
          onEnd = onStream?.(silence.watch(flow));
        });
      await this.#deadline.run(read, silence.signal);
      const unsent = share.isFilled ? 0 : await onAnswered?.(share.node, request.taskId, this.#deadline);
      share.finish(
        stream.failures.map((failure) => failure.partition),
        unsent,
      );
      this.#hasFinished = true;
      return stream.failures.length === 0 ? "whole" : "partial";
    } catch (thrown) {
      if (isEnough) {
        this.#stop(request, share.node);
        share.finish([]);
        return "whole";
      }
      const error = silence.failure ?? thrown;
      if (error instanceof ProtocolError) throw this.#badReply(share.node, error);
      // A server that finds little writes little, and finds out late or never that nobody listens any more.
      if (this.#deadline.signal?.aborted === true || this.#deadline.isOver || isRowRefused) {
        this.#stop(request, share.node);
      }
      if (!this.#mayPass(error)) throw error;
      share.fail();
      return error;
    } finally {
      silence.stop();
      onEnd?.();
    }
  }

  /** Tells a node to stop, and waits for nothing. Short queries have no id by which it would know them. */
  #stop({ taskId, expectedDuration }: QueryRequest, node: ClusterNode): void {
    if (expectedDuration !== "short") stopQuery(this.#context.cluster, node, taskId);
  }

  /** Whether another round may fare better: the node is gone, slow, busy, or no longer in charge. */
  #mayPass(error: unknown): error is AerospikeError {
    if (!(error instanceof AerospikeError)) return false;
    // A node that has just joined gets to know the indexes a moment later; where no node has it, there is none.
    if (error instanceof SecondaryIndexError) return this.#hasFinished;
    return error.isTransient || error.code === "FORBIDDEN";
  }

  /** What the stream as such could not see: word of a partition that the node was not asked for. */
  #badReply(node: ClusterNode, cause: ProtocolError): SerializationError {
    const { name, selection } = this.#query;
    const { namespace, setName } = selection;
    const about = describeContext({ operation: name, namespace, setName, node: node.id });
    return new SerializationError(`The reply can't be read: ${cause.message} (${about})`, { node: node.id, cause });
  }

  async #failure(rounds: number, errors: readonly AerospikeError[]): Promise<AerospikeError> {
    const timeout = this.#deadline.isOver ? errors.find((error) => error instanceof TimeoutError) : undefined;
    const error = timeout ?? errors[0];
    if (error instanceof TimeoutError || error instanceof SecondaryIndexError) return error;
    if (error?.code === "FORBIDDEN") return this.#explainForbidden(error);
    const { name, selection, tracker } = this.#query;
    const why = error === undefined ? "" : `: ${error.message}`;
    return new InvalidNodeError(
      `${name}: ${tracker.missing} of ${PARTITIONS} partitions of namespace ${selection.namespace} can't be read just now${why}`,
      { attempts: rounds, cause: error },
    );
  }

  async #explainForbidden(error: AerospikeError): Promise<AerospikeError> {
    const { cluster } = this.#context;
    const { name } = this.#query;
    const { code, resultCode, node: nodeId, attempts } = error;
    const node = cluster.nodes.find(({ id }) => id === nodeId);
    if (node === undefined) return error;
    const deadline = cluster.forQuestion(this.#deadline);
    const why = await whyQueryForbidden(false, (commands) => cluster.info(node, commands, deadline));
    const message = `${name}: node ${nodeId} forbids it: ${why}`;
    return new AerospikeError(message, { code, resultCode, node: nodeId, attempts, cause: error });
  }
}

/** What came of one node: all that it was asked for, less, or why nothing more. */
type ShareOutcome = "whole" | "partial" | AerospikeError;

interface RoundOutcome {
  /** Whether each partition was asked for, and read as far as it was to be. */
  readonly isWhole: boolean;
  /** Why nodes did not come to their end. */
  readonly errors: readonly AerospikeError[];
}
