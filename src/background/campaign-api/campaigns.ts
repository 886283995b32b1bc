import type { CallOptions } from "../../policy/call-options.js";
import type { SessionContext } from "../../policy/session-context.js";
import type { BackgroundIntent } from "../background-run.js";
import type { JobInfo } from "../job-info.js";
import type { Campaign, CampaignBuilder, VerifyOptions, VerifyReport } from "./campaign.js";
import type { CampaignCheckpoint, CampaignStatus } from "./checkpoint.js";
import type { CampaignOptions, CampaignRunOptions } from "./options.js";

/** Who runs a campaign. */
export interface CampaignHolder {
  /** Host name and process id, or what the option `owner` said. */
  readonly owner: string;
  /** Names this one run. */
  readonly token: string;
  /** Milliseconds since 1970, by the holder's clock. */
  readonly since: number;
  /** Milliseconds since it was last heard of, by the server's clock. */
  readonly silentMs: number;
  /** Milliseconds after which it counts as dead, unless it is heard of before. */
  readonly msLeft: number;
}

/** A campaign as its store has it. */
export interface CampaignInfo {
  readonly id: string;
  readonly status: CampaignStatus;
  /** Undefined when nobody runs it, or whoever did has not been heard of. */
  readonly holder: CampaignHolder | undefined;
  /** 0 to 100, of its phase. */
  readonly percent: number;
  /** Time left at the speed so far; null before there is one. */
  readonly msLeft: number | null;
  readonly checkpoint: CampaignCheckpoint;
}

/**
 * The campaigns of one store. From `session.backgroundTask().campaigns("test")`.
 *
 * @example
 * const campaign = await session.backgroundTask().campaigns("test").resume("recount-2026-11");
 * await campaign.waitTillComplete();
 */
export interface Campaigns {
  /** All of them, those that run first. */
  list(options?: CallOptions): Promise<CampaignInfo[]>;
  /** @throws CampaignError with code `"CAMPAIGN_NOT_FOUND"` */
  show(id: string, options?: CallOptions): Promise<CampaignInfo>;
  /**
   * Goes on with a campaign where it stands, in this process.
   * @param campaign its id, or a checkpoint that the caller kept, of a campaign without a store
   * @throws CampaignBusyError that says who runs it; CampaignError when there is none, or it is at its end; TypeError for a
   *   checkpoint that can't be read
   */
  resume(campaign: string | CampaignCheckpoint, options?: CampaignRunOptions): Promise<Campaign>;
  /**
   * Tells whoever runs it to pause; resolves once that is written down. Nobody runs it: it is paused at once. Orders to a
   * process that has died are heeded by whoever goes on, but for a pause: who resumes wants it to go on.
   */
  pause(id: string, options?: CallOptions): Promise<void>;
  /**
   * Tells whoever runs it to stop for good, or does it. A node that has not replied within 30 s may go on to the end of the
   * slice.
   * @throws CampaignBusyError when somebody has taken it over meanwhile
   */
  abort(id: string, options?: CallOptions): Promise<void>;
  /** The rate of its slices, records a second and node, from the next one on. */
  setRate(id: string, recordsPerSecond: number | undefined, options?: CallOptions): Promise<void>;
  /** See {@link Campaign.verify}. */
  verify(id: string, options?: VerifyOptions): Promise<VerifyReport>;
  /**
   * Forgets a campaign.
   * @throws CampaignBusyError when somebody runs it
   */
  remove(id: string, options?: CallOptions): Promise<void>;
}

/** A background task on all nodes, as {@link JobsSnapshot} lists it. */
export interface WatchedJob {
  readonly taskId: bigint;
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  readonly type: JobInfo["type"];
  /** The function of a UDF job, as `package.function`. */
  readonly udf: string | undefined;
  /** Whether it still runs on a node. */
  readonly active: boolean;
  /** 0 to 100, the mean over the nodes; null where that is not known. */
  readonly percent: number | null;
  readonly succeeded: number;
  readonly failed: number;
  /** Records changed a second since the last snapshot, over all nodes; null in the first one that has it. */
  readonly measuredPerSecond: number | null;
  /** The limit of each node. */
  readonly recordsPerSecond: number;
  readonly msLeft: number | null;
  /** Who started it: the holder of its campaign, else where it was started from. */
  readonly owner: string | undefined;
  /** Text of the filter where it is known: servers don't tell, campaigns do. Null: every record. */
  readonly where: string | null | undefined;
  /** The campaign that it is a slice of. */
  readonly campaign: string | undefined;
  readonly perNode: readonly JobInfo[];
}

/** What runs in the cluster. */
export interface JobsSnapshot {
  readonly jobs: readonly WatchedJob[];
  readonly campaigns: readonly CampaignInfo[];
  /** Nodes that did not reply, by id. */
  readonly silentNodes: readonly string[];
}

/** Options of `backgroundTask().watch`. */
export interface WatchJobsOptions extends Pick<CallOptions, "signal"> {
  /** Milliseconds between two looks. Default 1000, at least 100. */
  readonly intervalMs?: number | undefined;
  /** Jobs of this namespace only. Default: of all. */
  readonly namespace?: string | undefined;
  /** Whether jobs that ended, and that servers still remember, are listed too. Default false. */
  readonly finished?: boolean | undefined;
}

/** What campaigns give to the floor below them. @internal */
export interface CampaignFloor {
  builder(context: SessionContext, intent: BackgroundIntent, id: string, options: CampaignOptions): CampaignBuilder;
  campaigns(context: SessionContext, store: unknown): Campaigns;
  watch(context: SessionContext, options: WatchJobsOptions): AsyncIterable<JobsSnapshot>;
}
