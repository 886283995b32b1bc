/**
 * Where a background task, or one node's part of it, stands.
 * - `active`: running
 * - `done`: ran to its end
 * - `aborted`: somebody stopped it
 * - `abandoned`: the server gave it up
 * - `lost`: its node left or restarted while it ran, so that nobody knows how far it came
 */
export type TaskState = "active" | "done" | "aborted" | "abandoned" | "lost";

/** What a node has done of a task. Counters are `null` when the server has forgotten them, never invented. */
export interface TaskCounters {
  /** 0 to 100. A part that ended counts 100, however it ended. */
  readonly percent: number;
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
}

/** The sum over nodes; a counter that one node has forgotten is unknown for the whole. */
export function combine(parts: readonly NodeProgress[]): TaskProgress {
  return {
    state: combinedState(parts),
    percent: parts.length === 0 ? 100 : round(parts.reduce((sum, part) => sum + part.percent, 0) / parts.length),
    succeeded: total(parts, "succeeded"),
    failed: total(parts, "failed"),
    filteredByMeta: total(parts, "filteredByMeta"),
    filteredByBins: total(parts, "filteredByBins"),
    throttled: total(parts, "throttled"),
    runTimeMs: longest(parts),
    perNode: Object.fromEntries(parts.map((part) => [part.node, part])),
  };
}

/** Worst first: whatever still runs, then what went wrong. */
const PRECEDENCE: readonly TaskState[] = ["active", "lost", "aborted", "abandoned", "done"];

function combinedState(parts: readonly NodeProgress[]): TaskState {
  return PRECEDENCE.find((state) => parts.some((part) => part.state === state)) ?? "done";
}

type Counter = "succeeded" | "failed" | "filteredByMeta" | "filteredByBins" | "throttled";

function total(parts: readonly NodeProgress[], counter: Counter): number | null {
  let sum = 0;
  for (const part of parts) {
    const value = part[counter];
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

function longest(parts: readonly NodeProgress[]): number | null {
  let most = 0;
  for (const part of parts) {
    if (part.runTimeMs === null) return null;
    most = Math.max(most, part.runTimeMs);
  }
  return most;
}

/** The two decimals that the server gives. */
function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
