import { checkTaskId } from "../check/check-numbers.js";

// query-show and query-abort take the id as trid= on every server from 6.0; newer ones name it id= as well.
// A node that does not know the id replies ERROR:2. Each node knows its own part of a job alone.

/** Asks a node for one job; see parseJobStatus. Throws TypeError or RangeError when `taskId` is no id. */
export function queryShow(taskId: bigint): string {
  checkTaskId(taskId);
  return `query-show:trid=${taskId}`;
}

/** Asks a node for all jobs that it runs or remembers; see parseJobList. */
export function queryShowAll(): string {
  return "query-show";
}

/** Stops a job on a node, which replies `ok`. Throws TypeError or RangeError when `taskId` is no id. */
export function queryAbort(taskId: bigint): string {
  checkTaskId(taskId);
  return `query-abort:trid=${taskId}`;
}
