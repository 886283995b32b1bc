import type { IndexFilter } from "../../protocol/command/index-range.js";
import { CountCommand } from "../../protocol/command/query.js";
import { PARTITIONS } from "../../protocol/limits.js";
import type { ClusterNode } from "../cluster/node.js";
import { AerospikeError, ConnectionError, InvalidNodeError, TimeoutError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { sleep } from "../time/sleep.js";
import { untilClosed } from "../time/until-closed.js";

/** Which records to count. */
export interface CountRequest {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** A packed filter expression. */
  readonly filter: Uint8Array | undefined;
  readonly index: IndexFilter | undefined;
}

/** What one node answered: its records, and the partitions that must be asked for again. */
interface NodeCount {
  /** Those that it was asked for. */
  readonly partitions: readonly number[];
  readonly count: number;
  readonly missing: readonly number[];
  /** Why it could not answer at all. */
  readonly trouble: AerospikeError | undefined;
}

/** Before the second round; twice as long before each further one. The partition map has time to follow the cluster. */
const ROUND_PAUSE_MS = 100;

/**
 * Counts records by their headers. Each partition is asked of the one node that owns it; those that a node could not
 * answer for are asked of their new owner in another round, and what was counted for them before is dropped.
 */
export async function countRecords(
  context: SessionContext,
  request: CountRequest,
  deadline: Deadline,
): Promise<number> {
  const { cluster } = context;
  cluster.checkNamespace(request.namespace);
  deadline.throwIfAborted("count");
  // What other nodes still count, once one has refused, nobody needs.
  return untilClosed(cluster.closed, deadline.signal, (stop) =>
    countInRounds(context, request, deadline.withSignal(stop)),
  );
}

async function countInRounds(context: SessionContext, request: CountRequest, deadline: Deadline): Promise<number> {
  const { namespace } = request;
  const { runtime } = context.cluster;
  const settings = context.policy("read", "query", namespace);
  let missing: ReadonlySet<number> = new Set(Array.from({ length: PARTITIONS }, (_, partition) => partition));
  let total = 0;
  for (let round = 0; ; round++) {
    const answers = await Promise.all(
      groupByOwner(context, namespace, missing).map(({ node, partitions }) =>
        countOn(context, node, partitions, request, deadline),
      ),
    );
    const unanswered = new Set(missing);
    let trouble: AerospikeError | undefined;
    for (const answer of answers) {
      total += answer.count;
      trouble ??= answer.trouble;
      for (const partition of answer.partitions) unanswered.delete(partition);
      for (const partition of answer.missing) unanswered.add(partition);
    }
    missing = unanswered;
    if (missing.size === 0) return total;
    const pause = Math.max(ROUND_PAUSE_MS * 2 ** round, settings.retryDelayMs);
    if (round >= settings.maxRetries || deadline.remainingMs <= pause) {
      if (trouble instanceof TimeoutError) throw trouble;
      const why = trouble === undefined ? "" : `: ${trouble.message}`;
      throw new InvalidNodeError(
        `count: ${missing.size} of ${PARTITIONS} partitions of namespace ${namespace} can't be read just now${why}`,
        { attempts: round + 1, cause: trouble },
      );
    }
    await sleep(runtime, pause, deadline.signal);
  }
}

/** A partition without a master at the moment is in no group. */
function groupByOwner(
  { cluster }: SessionContext,
  namespace: string,
  wanted: ReadonlySet<number>,
): { readonly node: ClusterNode; readonly partitions: readonly number[] }[] {
  return [...cluster.partitionOwners(namespace)]
    .map(([node, owned]) => ({ node, partitions: owned.filter((partition) => wanted.has(partition)) }))
    .filter(({ partitions }) => partitions.length > 0);
}

async function countOn(
  context: SessionContext,
  node: ClusterNode,
  partitions: readonly number[],
  request: CountRequest,
  deadline: Deadline,
): Promise<NodeCount> {
  const { cluster } = context;
  const command = new CountCommand({
    namespace: request.namespace,
    setName: request.setName,
    taskId: cluster.runtime.randomBigint64() | 1n,
    partitions,
    index: request.index,
    filter: request.filter,
  });
  const settings = {
    ...context.policy("read", "query", request.namespace),
    // A node sends nothing while it finds nothing, however long that takes; one that leaves loses its sockets.
    socketTimeoutMs: 0,
  };
  try {
    await cluster.stream(node, command, settings, deadline);
  } catch (error) {
    if (!isPassing(error)) throw error;
    return { partitions, count: 0, missing: partitions, trouble: error };
  }
  const missing = command.failures.map((failure) => failure.partition);
  return { partitions, count: command.count, missing, trouble: undefined };
}

/** Whether another round may fare better: the node is gone, slow, or no longer in charge. */
function isPassing(error: unknown): error is AerospikeError {
  if (!(error instanceof AerospikeError) || error.code === "CLIENT_CLOSED") return false;
  return error instanceof ConnectionError || error instanceof TimeoutError || error.code === "PARTITION_UNAVAILABLE";
}
