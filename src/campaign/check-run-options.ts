import { checkInteger } from "../../protocol/check/check-numbers.js";
import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { CampaignOptions, CampaignRunOptions, Politeness } from "../background/campaign-api/options.js";
import { DataSet } from "../data/data-set.js";
import { Key } from "../data/key.js";
import { checkSignal } from "../time/check-signal.js";

const RUN_OPTIONS: OptionNames<CampaignRunOptions> = {
  onCheckpoint: true,
  onEvent: true,
  sliceSeconds: true,
  politeness: true,
  leaseMs: true,
  owner: true,
  signal: true,
};

const LONGEST_WAIT_MS = 0x7fff_ffff;

/** @throws TypeError or RangeError naming the option that is wrong */
export function checkRunOptions(method: string, options: CampaignRunOptions): void {
  checkOptions<CampaignRunOptions>(method, options, RUN_OPTIONS);
  checkValues(method, options);
}

/** @throws TypeError or RangeError naming the option that is wrong */
export function checkCampaignOptions(options: CampaignOptions): void {
  checkOptions<CampaignOptions>("campaign", options, { ...RUN_OPTIONS, store: true, count: true });
  checkValues("campaign", options);
  const { store, count, onCheckpoint } = options;
  if (store !== undefined && store !== null && !(store instanceof DataSet && !store.isWholeNamespace)) {
    throw new TypeError(`campaign: store: expected a DataSet with a set, or null, got ${describe(store)}`);
  }
  if (store === null && onCheckpoint === undefined) {
    throw new TypeError("campaign: store: null keeps checkpoints nowhere, so onCheckpoint must be given");
  }
  if (count !== undefined && count !== "exact" && count !== "estimate" && count !== "none") {
    throw new TypeError(`campaign: count: expected "exact", "estimate" or "none", got ${describe(count)}`);
  }
}

function checkValues(method: string, options: CampaignRunOptions): void {
  const { onCheckpoint, onEvent, sliceSeconds, politeness, leaseMs, owner, signal } = options;
  checkFunction(`${method}: onCheckpoint`, onCheckpoint);
  checkFunction(`${method}: onEvent`, onEvent);
  checkNumber(`${method}: sliceSeconds`, sliceSeconds, 0.05, 3600, "seconds");
  if (leaseMs !== undefined) checkInteger(`${method}: leaseMs`, leaseMs, 1_000, 3_600_000);
  if (owner !== undefined && (typeof owner !== "string" || owner === "")) {
    throw new TypeError(`${method}: owner: expected a string that is not empty, got ${describe(owner)}`);
  }
  checkSignal(method, signal);
  if (politeness !== undefined) checkPoliteness(`${method}: politeness`, politeness);
}

function checkPoliteness(where: string, politeness: Politeness): void {
  checkOptions<Politeness>(where, politeness, {
    maxLatencyMs: true,
    probe: true,
    probesPerSecond: true,
    minRecordsPerSecond: true,
    maxAwayMs: true,
  });
  const { maxLatencyMs, probe, probesPerSecond, minRecordsPerSecond, maxAwayMs } = politeness;
  if (maxLatencyMs === undefined) throw new TypeError(`${where}: maxLatencyMs is missing: the ceiling in milliseconds`);
  checkNumber(`${where}.maxLatencyMs`, maxLatencyMs, 0.001, LONGEST_WAIT_MS, "ms");
  checkNumber(`${where}.probesPerSecond`, probesPerSecond, 1, 1_000, "probes a second");
  checkNumber(`${where}.minRecordsPerSecond`, minRecordsPerSecond, 100, 0x7fff_ffff, "records a second");
  checkNumber(`${where}.maxAwayMs`, maxAwayMs, 0, LONGEST_WAIT_MS, "ms");
  const probes: readonly unknown[] = Array.isArray(probe) ? probe : [probe];
  const isFine = probe === undefined || typeof probe === "function" || probes.every((one) => one instanceof Key);
  if (!isFine || probes.length === 0) {
    throw new TypeError(`${where}.probe: expected a Key, a list of Keys or a function, got ${describe(probe)}`);
  }
}

function checkFunction(where: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new TypeError(`${where}: expected a function, got ${describe(value)}`);
}

function checkNumber(where: string, value: unknown, least: number, most: number, unit: string): void {
  if (value === undefined) return;
  if (typeof value !== "number")
    throw new TypeError(`${where}: expected ${least} to ${most} ${unit}, got ${describe(value)}`);
  if (!(value >= least && value <= most)) {
    throw new RangeError(`${where}: expected ${least} to ${most} ${unit}, got ${value}`);
  }
}
