import { AggregateCommand, type AggregateRequest } from "../../../protocol/command/aggregate.js";
import { ProtocolError } from "../../../protocol/protocol-error.js";
import { ParticleType } from "../../../protocol/value/particle-type.js";
import type { RawValue } from "../../../protocol/value/raw-value.js";
import type { ClusterNode } from "../../cluster/node.js";
import type { CommandSettings } from "../../cluster/options.js";
import { describeContext } from "../../errors/error-of-result.js";
import { AerospikeError, ConnectionError, SerializationError } from "../../errors/errors.js";
import type { SessionContext } from "../../policy/session-context.js";
import type { Deadline } from "../../time/deadline.js";
import { NodeSilence } from "../node-silence.js";
import { stopQuery } from "../stop-query.js";
import type { RowFeed } from "../stream-rows.js";
import { Ownership } from "./ownership.js";

/** What every node is asked for. */
export type AggregationSelection = Omit<AggregateRequest, "taskId">;

const PAUSE_MS = 100;
const LONGEST_PAUSE = 16;
/** A node that runs as many queries as it may is asked so much oftener than one that is in trouble. */
const TURNS = 20;

/**
 * Lets every node aggregate what it is master of, and hands on the values. All or nothing: values don't say which records
 * they are of, so what a node did not finish can't be done on another.
 *
 * @throws ConnectionError when a node is lost after it has sent values; InvalidNodeError when partitions moved; UdfError;
 *   TimeoutError, AbortError; what a node refuses it with
 */
export async function aggregateOnNodes(
  context: SessionContext,
  selection: AggregationSelection,
  feed: RowFeed<RawValue>,
  deadline: Deadline,
): Promise<void> {
  const { cluster } = context;
  const ownership = await Ownership.ask(cluster, selection.namespace, deadline);
  // What other nodes still send, once one has failed, nobody needs.
  await deadline.run((scope) =>
    Promise.all(ownership.nodes.map((node) => new NodeAggregation(context, selection, feed, node, scope).run())),
  );
  await ownership.check(deadline);
}

class NodeAggregation {
  readonly #context: SessionContext;
  readonly #selection: AggregationSelection;
  readonly #feed: RowFeed<RawValue>;
  readonly #node: ClusterNode;
  readonly #deadline: Deadline;
  readonly #settings: CommandSettings;
  /** Values that the node has sent. */
  #values = 0;

  constructor(
    context: SessionContext,
    selection: AggregationSelection,
    feed: RowFeed<RawValue>,
    node: ClusterNode,
    deadline: Deadline,
  ) {
    this.#context = context;
    this.#selection = selection;
    this.#feed = feed;
    this.#node = node;
    this.#deadline = deadline;
    this.#settings = context.policy("read", "query", selection.namespace);
  }

  /** Asks the node, and again as long as nothing of it has come. */
  async run(): Promise<void> {
    const { maxRetries, retryDelayMs } = this.#settings;
    for (let retries = 0; ; retries++) {
      try {
        await this.#ask();
        return;
      } catch (error) {
        const most = isBusy(error) ? TURNS * maxRetries : maxRetries;
        const pause = Math.max(PAUSE_MS * Math.min(2 ** retries, LONGEST_PAUSE), retryDelayMs);
        const isFinal = this.#values > 0 || retries >= most || !this.#deadline.hasTime(pause);
        if (isFinal || !mayPass(error)) throw this.#explained(error);
        await this.#deadline.sleep(pause);
      }
    }
  }

  async #ask(): Promise<void> {
    const { cluster } = this.#context;
    const taskId = cluster.runtime.randomBigint64() | 1n;
    const silence = new NodeSilence(this.#context, this.#node, taskId, this.#settings.socketTimeoutMs, true);
    const command = new AggregateCommand({ ...this.#selection, taskId }, (value, bytes) => {
      silence.end();
      this.#values++;
      if (value.type === ParticleType.NULL) throw this.#noValue();
      this.#feed.push(value, bytes);
    });
    // A node sends nothing while it finds nothing, however long that takes.
    const settings = { ...this.#settings, socketTimeoutMs: 0 };
    let onEnd: (() => void) | undefined;
    try {
      const read = (scope: Deadline): Promise<void> =>
        cluster.stream(this.#node, command, settings, scope, (flow) => {
          onEnd = this.#feed.onStream?.(silence.watch(flow));
        });
      await this.#deadline.run(read, silence.signal);
    } catch (thrown) {
      if (this.#deadline.signal?.aborted === true || this.#deadline.isOver) stopQuery(cluster, this.#node, taskId);
      throw silence.failure ?? thrown;
    } finally {
      silence.stop();
      onEnd?.();
    }
  }

  #explained(error: unknown): unknown {
    const { id } = this.#node;
    if (error instanceof ProtocolError) {
      const about = describeContext({ operation: "aggregate", ...this.#about(), node: id });
      return new SerializationError(`The reply can't be read: ${error.message} (${about})`, { node: id, cause: error });
    }
    const isLost = error instanceof ConnectionError && error.code !== "CLIENT_CLOSED";
    if (this.#values === 0 || !isLost) return error;
    return new ConnectionError(
      `aggregate: node ${id} was lost after it had sent a part of the values, which can't be told from those that it had yet to send; run it again: ${error.message}`,
      { node: id, cause: error },
    );
  }

  #about(): { namespace: string; setName: string } {
    const { namespace, setName } = this.#selection;
    return { namespace, setName };
  }

  /** Records can't leave a node, and servers send nothing in their place. */
  #noValue(): AerospikeError {
    const { call } = this.#selection;
    const about = describeContext({ operation: "aggregate", ...this.#about() });
    return new AerospikeError(
      `${call.package}.${call.function} puts records out instead of values; map them to something first (${about})`,
    );
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof AerospikeError && error.code === "FORBIDDEN";
}

/** Whether another attempt may fare better. */
function mayPass(error: unknown): boolean {
  return error instanceof AerospikeError && (error.isTransient || isBusy(error));
}
