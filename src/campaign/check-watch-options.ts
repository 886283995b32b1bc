import { checkNamespace } from "../../protocol/check/check-names.js";
import { checkInteger } from "../../protocol/check/check-numbers.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import type { WatchJobsOptions } from "../background/campaign-api/campaigns.js";
import { checkSignal } from "../time/check-signal.js";

const LEAST_INTERVAL_MS = 100;
const MOST_INTERVAL_MS = 0x7fff_ffff;

/** @throws TypeError or RangeError for options that are wrong */
export function checkWatchOptions(options: WatchJobsOptions): void {
  checkOptions<WatchJobsOptions>("watch", options, { intervalMs: true, namespace: true, signal: true, finished: true });
  const { intervalMs, namespace, signal, finished } = options;
  if (intervalMs !== undefined) checkInteger("intervalMs", intervalMs, LEAST_INTERVAL_MS, MOST_INTERVAL_MS);
  if (namespace !== undefined) checkNamespace(namespace);
  if (finished !== undefined && typeof finished !== "boolean")
    throw new TypeError("watch: finished: expected a boolean");
  checkSignal("watch", signal);
}
