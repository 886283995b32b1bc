/**
 * Where a background task, or one node's part of it, stands.
 * - `active`: running
 * - `done`: ran to its end
 * - `aborted`: somebody stopped it
 * - `abandoned`: the server gave it up
 * - `lost`: its node left or restarted while it ran, so that nobody knows how far it came
 * - `unknown`: no node knows it, and none has since it was attached: it ended and was forgotten, or never ran
 */
export type TaskState = "active" | "done" | "aborted" | "abandoned" | "lost" | "unknown";

/** What a node has done of a task. Counters are `null` when the server has forgotten them, never invented. */
export interface TaskCounters {
  /**
   * 0 to 100, and 100 once it is done. A part that was stopped keeps how far it had come; `null` where the server does not
   * tell that, as of a task that was stopped before it was attached.
   */
  readonly percent: number | null;
  /** Records that were changed. */
  readonly succeeded: number | null;
  /** Records whose write failed: wrong bin type, record too big, forbidden by configuration… */
  readonly failed: number | null;
  /** Records that the filter dropped by their metadata alone. */
  readonly filteredByMeta: number | null;
  /** Records that the filter dropped once their bins were read. */
  readonly filteredByBins: number | null;
  /** Records that waited for the rate limit. */
  readonly throttled: number | null;
  /** How long the server has been, or was, at it. */
  readonly runTimeMs: number | null;
}

/** One node's part of a task. */
export interface NodeProgress extends TaskCounters {
  /** Id of the node. */
  readonly node: string;
  readonly state: TaskState;
}

/** A task over all its nodes: counters are sums, `percent` is the mean, `runTimeMs` the longest. */
export interface TaskProgress extends TaskCounters {
  readonly state: TaskState;
  /** By node id. */
  readonly perNode: Readonly<Record<string, NodeProgress>>;
}

/** How a task ended. */
export interface TaskSummary extends TaskProgress {
  readonly taskId: bigint;
  /**
   * Where records failed: what was found, after the end, that makes them fail, in words. Servers count failed records
   * and say nothing else of them, so these are causes that fit, looked up as `explain()` does. Empty when no record
   * failed, when nothing was found, and when nobody could be asked.
   */
  readonly failureCauses: readonly string[];
  /**
   * Whether nodes came or went, or partitions changed owners, around the task: from what the client knew when it started
   * it to what the nodes say once it has ended. Each node works through what it owns when its part begins, so that records
   * which moved meanwhile may have been left out or met twice, and a task that is `done` does not show it otherwise. Run an
   * idempotent task again; a campaign waits for calm and repeats what was disturbed by itself. `null` when nobody can
   * tell: the task was attached, or a node did not reply.
   */
  readonly clusterChanged: boolean | null;
}

/** The sum over nodes; a counter that one node has forgotten is unknown for the whole. */
export function combine(parts: readonly NodeProgress[]): TaskProgress {
  return {
    state: combinedState(parts),
    percent: mean(parts.map((part) => part.percent)),
    succeeded: sum(parts.map((part) => part.succeeded)),
    failed: sum(parts.map((part) => part.failed)),
    filteredByMeta: sum(parts.map((part) => part.filteredByMeta)),
    filteredByBins: sum(parts.map((part) => part.filteredByBins)),
    throttled: sum(parts.map((part) => part.throttled)),
    runTimeMs: longest(parts.map((part) => part.runTimeMs)),
    perNode: Object.fromEntries(parts.map((part) => [part.node, part])),
  };
}

/** Records that failed for certain: where one node does not know, those of the others. */
export function leastFailed({ perNode }: TaskProgress): number {
  return Object.values(perNode).reduce((total, { failed }) => total + (failed ?? 0), 0);
}

/**
 * Worst first: whatever still runs, then what went wrong. A node that knows nothing of a task that another one has done
 * had nothing to do, or has forgotten it.
 */
const PRECEDENCE: readonly TaskState[] = ["active", "lost", "aborted", "abandoned", "done", "unknown"];

function combinedState(parts: readonly NodeProgress[]): TaskState {
  return PRECEDENCE.find((state) => parts.some((part) => part.state === state)) ?? "done";
}

/** Null when one of them is. */
type Counter = number | null;

function sum(counters: readonly Counter[]): Counter {
  let total = 0;
  for (const counter of counters) {
    if (counter === null) return null;
    total += counter;
  }
  return total;
}

/** With the two decimals that servers give; of nothing, all is done. */
function mean(percents: readonly Counter[]): Counter {
  const total = sum(percents);
  if (total === null) return null;
  return percents.length === 0 ? 100 : Math.round((100 * total) / percents.length) / 100;
}

function longest(times: readonly Counter[]): Counter {
  let most = 0;
  for (const time of times) {
    if (time === null) return null;
    most = Math.max(most, time);
  }
  return most;
}
