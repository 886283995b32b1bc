import type { DataSet } from "../../data/data-set.js";
import type { Key } from "../../data/key.js";
import type { CallOptions } from "../../policy/call-options.js";
import type { CampaignCheckpoint } from "./checkpoint.js";
import type { CampaignEvent } from "./events.js";

/** How a campaign keeps out of the way of others. */
export interface Politeness {
  /**
   * The ceiling for 99 of 100 probing reads, in ms, more than 0. Slices become slower when it is exceeded and faster when
   * it is not, up to the rate of the campaign.
   */
  readonly maxLatencyMs: number;
  /**
   * What is timed: records to read in turn, or a function whose promise is. Default: records of the set, found at the start.
   */
  readonly probe?: Key<unknown> | readonly Key<unknown>[] | (() => Promise<unknown>) | undefined;
  /** Probes a second. Default 50, 1 to 1000. */
  readonly probesPerSecond?: number | undefined;
  /** Slices become no slower than this, records a second and node; the campaign pauses instead. Default 100, at least 100. */
  readonly minRecordsPerSecond?: number | undefined;
  /** How long a node that was there may be away before the campaign goes on without it, in ms. Default ten minutes. */
  readonly maxAwayMs?: number | undefined;
}

/** How a campaign is run; may be another one each time that it is resumed. */
export interface CampaignRunOptions {
  /** Called with the checkpoint after every slice and every change of status, and waited for. What it throws ends the run. */
  readonly onCheckpoint?: ((checkpoint: CampaignCheckpoint) => void | Promise<void>) | undefined;
  /** Called with everything that the campaign decides. What it throws harms nothing: the runtime warns of it once. */
  readonly onEvent?: ((event: CampaignEvent) => void) | undefined;
  /** How long a slice should take, in seconds. Default 5, 0.05 to 3600. Slices that are too long or too short change the next ones. */
  readonly sliceSeconds?: number | undefined;
  readonly politeness?: Politeness | undefined;
  /** How long others wait for a holder that has fallen silent, in ms. Default 15000, 1000 to 3600000. */
  readonly leaseMs?: number | undefined;
  /** Who runs it, for others to read. Default: host name and process id, where the runtime tells. */
  readonly owner?: string | undefined;
  /** Pauses the campaign when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `.campaign(id, options)`. */
export interface CampaignOptions extends CampaignRunOptions {
  /**
   * The set that keeps the checkpoint and the lease. Default: the set `aerowire-campaigns` of the records' namespace.
   * `null` keeps them nowhere: `onCheckpoint` must, and nothing prevents two processes from running the campaign at once.
   */
  readonly store?: DataSet<unknown> | null | undefined;
  /**
   * Records that the filter keeps, before the first one is changed: counted, estimated from a sample, or not asked for.
   * Default: counted up to a million records in the set, else estimated.
   */
  readonly count?: "exact" | "estimate" | "none" | undefined;
}

/** Options of `.once()`. */
export interface OnceOptions {
  /** The bin that holds the marks. Default `aw_once`. */
  readonly bin?: string | undefined;
  /**
   * `"map"` (default): an entry of a map under the campaign's id, so that many campaigns share the bin. `"integer"`: the bin
   * is a number that stands for the campaign; a later campaign takes it over, one at a time.
   */
  readonly as?: "map" | "integer" | undefined;
  /** Whether the marks are removed when all records are changed. Default true. */
  readonly removeMarks?: boolean | undefined;
}

/** Options of `execute()` of a campaign. */
export interface StartCampaignOptions extends CallOptions {
  /**
   * What to do when the store has a campaign of this id.
   * - `"fail"` (default): throw CampaignError with code `"CAMPAIGN_EXISTS"`
   * - `"resume"`: go on with it if it is the same work and not at its end: for a program that is started again and again
   */
  readonly onExisting?: "fail" | "resume" | undefined;
}

/** Options of `preview`. */
export interface PreviewOptions extends CallOptions {
  /**
   * Whether to write: a copy of each record into a set of its own, which is changed there by the server, read and deleted.
   * Default false.
   */
  readonly scratch?: boolean | undefined;
}
