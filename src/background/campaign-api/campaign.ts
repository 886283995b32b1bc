import type { AerospikeError } from "../../errors/errors.js";
import type { Exp } from "../../exp/exp.js";
import type { CallOptions } from "../../policy/call-options.js";
import type { BackgroundPlan } from "../background-plan.js";
import type { CampaignCheckpoint, CampaignCounters, CampaignPhase, OpenSlice, RepeatedSlice } from "./checkpoint.js";
import type { OnceOptions, PreviewOptions, StartCampaignOptions } from "./options.js";

/**
 * - `running`: a slice is under way, or the next one is about to be
 * - `waiting`: nothing is given to the servers until something has come; `reason` says what
 * - `paused`, `aborted`, `done`: as the words say
 * - `failed`: this process can't go on; another run may, from the checkpoint
 */
export type CampaignState = "running" | "waiting" | "paused" | "aborted" | "done" | "failed";

/** Where a campaign stands, over all slices. */
export interface CampaignProgress extends CampaignCounters {
  readonly state: CampaignState;
  /** What it waits for, or why it is in this state. */
  readonly reason: string;
  readonly phase: CampaignPhase;
  /** 0 to 100, of this phase. */
  readonly percent: number;
  /** The rate of the slices, records a second and node; undefined for as many as the servers allow. */
  readonly recordsPerSecond: number | undefined;
  /** Records a second that were changed lately, over all nodes; null before the first ones. */
  readonly measuredPerSecond: number | null;
  /** Time until this phase is done, at the speed of late; null before there is one. */
  readonly msLeft: number | null;
  /** The slice that is under way. */
  readonly slice: OpenSlice | null;
  /** Of the slice that is under way, 0 to 100. */
  readonly slicePercent: number | null;
}

/** How a campaign ended. */
export interface CampaignSummary extends CampaignProgress {
  readonly id: string;
  /** Slices that were given to the servers again, the latest hundred. */
  readonly repeated: readonly RepeatedSlice[];
  /** What makes records fail, in words. */
  readonly failureCauses: readonly string[];
}

/** Options of {@link Campaign.waitTillComplete}. */
export interface CampaignWaitOptions extends Pick<CallOptions, "signal" | "totalTimeout"> {
  readonly onProgress?: ((progress: CampaignProgress) => void) | undefined;
}

/** Options of {@link Campaign.verify}. */
export interface VerifyOptions extends CallOptions {
  /**
   * Records that there must be none of any more, where the campaign can't know: deletes and `.once()` that keeps its marks
   * know by themselves.
   */
  readonly mustBeNone?: Exp<"bool"> | undefined;
  /**
   * Of the records that are left, so many are copied and changed as `preview` does with `scratch`, to find out why they
   * failed. Default 0, which writes nothing; up to 1000.
   */
  readonly sample?: number | undefined;
}

/** What {@link Campaign.verify} found. `String(report)` is all of it as text. */
export interface VerifyReport {
  /** Whether nothing is missing, as far as can be told. */
  readonly isComplete: boolean;
  /** Records that must be none and are there; null when nothing must be. */
  readonly remaining: number | null;
  /** Records before the first one was changed; null when not counted. */
  readonly before: number | null;
  readonly succeeded: number;
  readonly failed: number;
  /** Of the records before, those that were neither changed nor failed; null when not counted. Below 0: there came more. */
  readonly missing: number | null;
  /** What explains it, in words. */
  readonly findings: readonly string[];
  /** Records that are left, of a sample, and why their change fails. */
  readonly failures: readonly { readonly digest: string; readonly reason: string }[];
  /** The report as text, a line for each thing that there is to say. */
  toString(): string;
}

/**
 * A campaign that this process runs, or has run: work on many records as a row of background tasks.
 *
 * @example
 * for await (const p of campaign) console.log(p.percent, p.msLeft, p.reason);
 *
 * @example
 * process.once("SIGTERM", () => campaign.pause());
 * const { succeeded, failed } = await campaign.waitTillComplete();
 */
export interface Campaign extends AsyncIterable<CampaignProgress> {
  readonly id: string;
  /** As it was written down last. */
  readonly checkpoint: CampaignCheckpoint;
  /** Where it stands; nothing is asked. */
  readonly progress: CampaignProgress;
  /** Lets the slice that is under way end, then gives the lease back: anybody may resume. Resolves once that is done. */
  pause(): Promise<void>;
  /**
   * Goes on after a pause.
   * @throws CampaignBusyError when somebody else runs it by now; CampaignError when it is at its end
   */
  resume(): Promise<void>;
  /**
   * The most records a second and node, for the slices from the next one on: servers can't change the rate of one.
   * @param recordsPerSecond undefined for as many as the servers allow
   */
  setRate(recordsPerSecond: number | undefined): Promise<void>;
  /**
   * Stops for good, the slice that is under way too. What was changed stays changed. A node that has not replied within 30 s
   * may go on to the end of the slice.
   */
  abort(): Promise<void>;
  /**
   * Waits until it is done.
   * @throws CampaignError when it was paused (`"CAMPAIGN_PAUSED"`) or aborted (`"CAMPAIGN_ABORTED"`), or what ended the run;
   *   TimeoutError or AbortError, which end the wait alone
   */
  waitTillComplete(options?: CampaignWaitOptions): Promise<CampaignSummary>;
  /** Counts what is left, and compares the servers' counters with the count before. */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
}

/** A record that would be hit. */
export interface PreviewRecord {
  /** In hexadecimal digits. */
  readonly digest: string;
  readonly before: Readonly<Record<string, unknown>>;
  /** What the server made of a copy; null when it would be gone, undefined without `scratch` or where it failed. */
  readonly after: Readonly<Record<string, unknown>> | null | undefined;
  /** What the server said to the change of the copy; undefined when it went well. */
  readonly error: AerospikeError | undefined;
}

/** What a campaign would do, worked out without starting it. `String(plan)` is all of it as text. */
export interface CampaignPlan extends BackgroundPlan {
  /** Records that the filter keeps, about. */
  readonly records: number;
  /** Whether they were counted; else estimated from a sample. */
  readonly isExact: boolean;
  /** What these records take, about; undefined where the server does not tell. */
  readonly bytes: number | undefined;
  /** How long it takes at the given rate, about; at the servers' own cap where none is given. */
  readonly ms: number;
}

/**
 * A campaign to be started: background work that can be paused, resumed and trusted. From `.campaign(id)` of a background
 * task; nothing is written before `execute`.
 */
export interface CampaignBuilder {
  /**
   * Each record takes the change at most once, whatever dies, restarts or repeats: the operation that changes a record also
   * marks it, and the filter keeps records without the mark. For updates and functions.
   * @throws TypeError for deletes, touches and replaces, which come to the same however often they happen
   */
  once(options?: OnceOptions): this;
  /** What would be done, to how many records, for how long, and what to watch out for. */
  explain(options?: CallOptions): Promise<CampaignPlan>;
  /** How many records it would be, counted. */
  count(options?: CallOptions): Promise<number>;
  /**
   * Some of the records that would be hit, as they are and, with `scratch: true`, as they would become.
   * @param records 1 to 1000
   */
  preview(records: number, options?: PreviewOptions): Promise<PreviewRecord[]>;
  /**
   * Starts the campaign; the handle runs it in this process.
   * @throws CampaignError with code `"CAMPAIGN_EXISTS"`; CampaignBusyError when another process runs it
   */
  execute(options?: StartCampaignOptions): Promise<Campaign>;
}
