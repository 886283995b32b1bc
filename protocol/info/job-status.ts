import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import { pairNumber, pairOrNull, pairText, parseEntries, parsePairs } from "./pairs.js";

// The value of query-show, a job or a list of jobs parted by semicolons:
//   trid=…:ns=…[:set=…][:sindex-name=…]:rps=…:active-threads=…:status=active(ok)|done(<outcome>):job-progress=…:
//   run-time=…:time-since-done=…:recs-throttled=…:recs-filtered-meta=…:recs-filtered-bins=…:recs-succeeded=…:
//   recs-failed=…:from=…:job-type=…:…

/** A query or background job on one node. Counters that a server does not give are 0. */
export interface JobStatus {
  readonly taskId: bigint;
  readonly namespace: string;
  readonly setName: string | undefined;
  readonly indexName: string | undefined;
  /** As the server words it: `active(ok)`, `done(user-aborted)`. */
  readonly status: string;
  readonly done: boolean;
  /** `ok`, `user-aborted`, or `abandoned-` and a reason. While a job runs: how it would end. */
  readonly outcome: string;
  /** 0 to 100; always 100 once done, aborted or not. */
  readonly progress: number;
  readonly runTimeMs: number;
  readonly timeSinceDoneMs: number;
  /** Records a second; of a background job without a limit the server's own. */
  readonly recordsPerSecond: number;
  readonly activeThreads: number;
  /** Records that had to wait for the rate limit. */
  readonly throttled: number;
  /** Records that the filter dropped by their metadata alone. */
  readonly filteredMeta: number;
  /** Records that the filter dropped by their bins. */
  readonly filteredBins: number;
  readonly succeeded: number;
  readonly failed: number;
  /** `basic`, `aggregation`, `background-ops`, `background-udf`. */
  readonly jobType: string;
  /** Where it was started from. */
  readonly from: string | undefined;
  readonly udfPackage: string | undefined;
  readonly udfFunction: string | undefined;
}

/** Reads one job. Throws ProtocolError when it has no id or no status. */
export function parseJobStatus(text: string): JobStatus {
  return jobOf(parsePairs(text, ":"));
}

/** Reads a list of jobs; empty text is an empty list. */
export function parseJobList(text: string): JobStatus[] {
  return parseEntries(text).map(jobOf);
}

function jobOf(pairs: ReadonlyMap<string, string>): JobStatus {
  const status = pairText(pairs, "status");
  return {
    taskId: taskIdOf(pairText(pairs, "trid")),
    namespace: pairOrNull(pairs, "ns") ?? "",
    setName: pairOrNull(pairs, "set"),
    indexName: pairOrNull(pairs, "sindex-name"),
    status,
    done: /^done/i.test(status),
    outcome: outcomeOf(status),
    progress: pairNumber(pairs, "job-progress"),
    runTimeMs: pairNumber(pairs, "run-time"),
    timeSinceDoneMs: pairNumber(pairs, "time-since-done"),
    recordsPerSecond: pairNumber(pairs, "rps"),
    activeThreads: pairNumber(pairs, "active-threads"),
    throttled: pairNumber(pairs, "recs-throttled"),
    filteredMeta: pairNumber(pairs, "recs-filtered-meta"),
    filteredBins: pairNumber(pairs, "recs-filtered-bins"),
    succeeded: pairNumber(pairs, "recs-succeeded"),
    failed: pairNumber(pairs, "recs-failed"),
    jobType: pairs.get("job-type") ?? "",
    // Servers write + for the colons of an address, which would part it.
    from: pairOrNull(pairs, "from")?.replaceAll("+", ":"),
    udfPackage: pairOrNull(pairs, "udf-filename"),
    udfFunction: pairOrNull(pairs, "udf-function"),
  };
}

/** What stands in parentheses; old servers have none. */
function outcomeOf(status: string): string {
  const open = status.indexOf("(");
  return open < 0 || !status.endsWith(")") ? "ok" : status.slice(open + 1, -1);
}

function taskIdOf(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new ProtocolError(`a job has the id ${describe(text)}, which is no number`);
  return BigInt(text);
}
