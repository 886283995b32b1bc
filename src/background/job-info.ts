import type { JobStatus } from "../../protocol/info/job-status.js";

/** A background job as one node tells of it: running, or finished and still remembered. */
export interface JobInfo {
  /** Id of the node. */
  readonly node: string;
  /** The task's id, the same on every node; see `attach`. */
  readonly taskId: bigint;
  readonly namespace: string;
  /** Empty for a job over the whole namespace. */
  readonly setName: string;
  readonly type: "operations" | "udf";
  /** The function of a UDF job, as `package.function`. */
  readonly udf: string | undefined;
  /** Whether it still runs. */
  readonly active: boolean;
  /** How it ended, in the server's words: `ok`, `user-aborted`, `abandoned-…`; undefined while it runs. */
  readonly outcome: string | undefined;
  /** 0 to 100; 100 once it is done, `null` once it was stopped: servers don't tell how far it had come. */
  readonly percent: number | null;
  /** Records that were changed. */
  readonly succeeded: number;
  /** Records whose write failed. */
  readonly failed: number;
  /** Records that the filter dropped by their metadata alone. */
  readonly filteredByMeta: number;
  /** Records that the filter dropped once their bins were read. */
  readonly filteredByBins: number;
  /** Records that waited for the rate limit. */
  readonly throttled: number;
  /** How long the server has been, or was, at it. */
  readonly runTimeMs: number;
  /** Undefined while it runs. */
  readonly msSinceDone: number | undefined;
  /** The rate limit in force. */
  readonly recordsPerSecond: number;
  /** Where it was started from, as `address:port`. */
  readonly startedFrom: string | undefined;
}

/** Undefined for a foreground query. */
export function jobInfo(node: string, status: JobStatus): JobInfo | undefined {
  const type = jobTypes.get(status.jobType);
  if (type === undefined) return undefined;
  return {
    node,
    taskId: status.taskId,
    namespace: status.namespace,
    setName: status.setName ?? "",
    type,
    udf: status.udfPackage === undefined ? undefined : `${status.udfPackage}.${status.udfFunction ?? ""}`,
    active: !status.done,
    outcome: status.done ? status.outcome : undefined,
    percent: percentOf(status),
    succeeded: status.succeeded,
    failed: status.failed,
    filteredByMeta: status.filteredMeta,
    filteredByBins: status.filteredBins,
    throttled: status.throttled,
    runTimeMs: status.runTimeMs,
    msSinceDone: status.done ? status.timeSinceDoneMs : undefined,
    recordsPerSecond: status.recordsPerSecond,
    startedFrom: status.from,
  };
}

function percentOf({ done, outcome, progress }: JobStatus): number | null {
  if (outcome !== "ok") return null;
  return done ? 100 : progress;
}

const jobTypes: ReadonlyMap<string, "operations" | "udf"> = new Map([
  ["background-ops", "operations"],
  ["background-udf", "udf"],
]);
