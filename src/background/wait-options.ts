import { describe } from "../../protocol/value/invalid-value.js";
import type { TaskProgress } from "./task-progress.js";

/** Options of {@link ExecuteTask.waitTillComplete}. */
export interface WaitOptions {
  /** Rejects with TimeoutError after so long; the job goes on. 0 to 2^31-1. Default: no limit. */
  readonly timeoutMs?: number;
  /** Stops waiting, with AbortError; the job goes on. */
  readonly signal?: AbortSignal;
  /** Called with the first progress, every change and the last. What it throws ends the wait. */
  readonly onProgress?: (progress: TaskProgress) => void;
  /**
   * The longest pause between two questions to a node, in ms, 1 to 2^31-1. Default 1000; the first questions come after
   * 10 ms.
   */
  readonly pollIntervalMs?: number;
  /**
   * Whether failed records reject the wait with TaskRecordsFailedError. Default false: the summary counts them. A server
   * that has forgotten the job can't say whether there were any.
   */
  readonly failOnRecordErrors?: boolean;
}

/** The longest time that timers keep to. */
const MOST_MS = 0x7fff_ffff;

/** @throws RangeError for a time that is none */
export function checkWaitOptions({ timeoutMs, pollIntervalMs }: WaitOptions): void {
  checkTime("timeoutMs", timeoutMs, 0);
  checkTime("pollIntervalMs", pollIntervalMs, 1);
}

function checkTime(name: string, ms: unknown, least: number): void {
  if (ms === undefined || (typeof ms === "number" && ms >= least && ms <= MOST_MS)) return;
  throw new RangeError(`waitTillComplete: ${name} is ${describe(ms)}; allowed: ${least} to ${MOST_MS} milliseconds`);
}
