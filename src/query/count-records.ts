import type { IndexFilter } from "../../protocol/command/index-range.js";
import { CountCommand } from "../../protocol/command/query.js";
import { PARTITIONS } from "../../protocol/limits.js";
import type { ClusterNode } from "../cluster/node.js";
import { AerospikeError, ConnectionError, InvalidNodeError, TimeoutError } from "../errors.js";
import type { SessionContext } from "../session/session-context.js";
import { sleep } from "../sleep.js";

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
  readonly count: number;
  readonly missing: readonly number[];
}

/** Between rounds the partition map has time to follow the cluster. */
const ROUND_PAUSE_MS = 100;

/**
 * Counts records by their headers. Each partition is asked of the one node that owns it; those that a node could not
 * answer for are asked of their new owner in another round, and what was counted for them before is dropped.
 */
export async function countRecords(
  context: SessionContext,
  request: CountRequest,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { cluster } = context;
  cluster.checkNamespace(request.namespace);
  const settings = context.commandSettings("read", "query", request.namespace);
  let missing: ReadonlySet<number> = new Set(Array.from({ length: PARTITIONS }, (_, partition) => partition));
  let total = 0;
  for (let round = 0; ; round++) {
    const groups = groupByOwner(context, request.namespace, missing);
    const unanswered = new Set(missing);
    const answers = await Promise.all(
      groups.map(async ({ node, partitions }) => {
        const answer = await countOn(context, node, partitions, request, signal);
        for (const partition of partitions) unanswered.delete(partition);
        for (const partition of answer.missing) unanswered.add(partition);
        return answer.count;
      }),
    );
    total += answers.reduce((sum, count) => sum + count, 0);
    missing = unanswered;
    if (missing.size === 0) return total;
    if (round >= settings.maxRetries) {
      throw new InvalidNodeError(
        `count: ${missing.size} of ${PARTITIONS} partitions of namespace ${request.namespace} can't be read just now`,
        { attempts: round + 1 },
      );
    }
    await sleep(cluster.runtime, Math.max(ROUND_PAUSE_MS, settings.retryDelayMs), signal);
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
  signal: AbortSignal | undefined,
): Promise<NodeCount> {
  const { cluster } = context;
  const settings = context.commandSettings("read", "query", request.namespace);
  const command = new CountCommand({
    namespace: request.namespace,
    setName: request.setName,
    taskId: cluster.runtime.randomBigint64() | 1n,
    partitions,
    index: request.index,
    filter: request.filter,
  });
  try {
    await cluster.stream(node, command, settings, signal);
  } catch (error) {
    if (!isPassing(error)) throw error;
    return { count: 0, missing: partitions };
  }
  return { count: command.count, missing: command.failures.map((failure) => failure.partition) };
}

/** Whether another round may fare better: the node is gone, slow, or no longer in charge. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof AerospikeError) || error.code === "CLIENT_CLOSED") return false;
  return error instanceof ConnectionError || error instanceof TimeoutError || error.code === "PARTITION_UNAVAILABLE";
}
