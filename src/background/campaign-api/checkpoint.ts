import type { JsonValue } from "../../data/json.js";

/** Where a campaign stands in its store. A campaign that runs is `"running"` until its holder says otherwise. */
export type CampaignStatus = "running" | "paused" | "aborted" | "done";

/** `"change"`: records are being changed. `"unmark"`: the marks of `.once()` are being removed. */
export type CampaignPhase = "change" | "unmark";

/** Records by their digests, from `begin` to before `end`: parts of the {@link CampaignCheckpoint.parts} equal ones. */
export interface SliceRange {
  readonly begin: number;
  readonly end: number;
}

/** A slice that was given to the servers, and whose end is not written down yet. */
export interface OpenSlice extends SliceRange {
  /** The id of its background task, in decimal digits. */
  readonly taskId: string;
  /** Ids of the nodes that it was given to. */
  readonly nodes: readonly string[];
  /** Names the cluster as it was then: another one when a node comes or goes. */
  readonly clusterKey: string;
  /** Records a second and node; null for as many as the servers allow. */
  readonly recordsPerSecond: number | null;
  /** Why that rate, where somebody or politeness has decided it; null when it is what was asked for at the begin. */
  readonly rateReason: string | null;
}

/** A slice that was given to the servers again, and why. */
export interface RepeatedSlice extends SliceRange {
  readonly phase: CampaignPhase;
  readonly reason: string;
}

/** What the servers counted, over all slices. A slice whose counters were lost is not in them. */
export interface CampaignCounters {
  /** Records that were changed. */
  readonly succeeded: number;
  /** Records whose change failed. */
  readonly failed: number;
  /** Records of a slice whose bins the filter was asked about and that it dropped. */
  readonly filtered: number;
  /** Marks that were removed. */
  readonly unmarked: number;
  /** Slices that are done, of both phases. */
  readonly slices: number;
  /** Whether the counters of a slice were lost, so that there may be more than they say. */
  readonly isLowerBound: boolean;
}

/** What was known of the records before the first one was changed. */
export interface CampaignBaseline {
  /** Records that the filter kept; null where they were not counted. */
  readonly records: number | null;
  /** Whether that was counted, rather than estimated from a sample. */
  readonly isExact: boolean;
  /** Records of the whole namespace that had expired or been evicted since its servers started. */
  readonly expired: number;
  readonly evicted: number;
}

/**
 * All that is needed to go on with a campaign, as plain JSON: what is done to which records, and how far it is. It holds the
 * values that are written; keep it where you would keep those.
 */
export interface CampaignCheckpoint {
  readonly format: 1;
  readonly id: string;
  readonly status: CampaignStatus;
  readonly phase: CampaignPhase;
  /** The parts that digests are divided into; slices are ranges of them. */
  readonly parts: number;
  /** Everything before this part is done, in this phase. */
  readonly position: number;
  /** What may be under way in the servers. */
  readonly open: OpenSlice | null;
  /** Records a second and node that are asked for; null for as many as the servers allow. */
  readonly recordsPerSecond: number | null;
  readonly counters: CampaignCounters;
  readonly baseline: CampaignBaseline;
  /** The latest hundred slices that were given to the servers again. Without `.once()` their records may have been changed twice. */
  readonly repeated: readonly RepeatedSlice[];
  /** Milliseconds since 1970 by the clock of whoever started it. */
  readonly startedAt: number;
  /** Milliseconds that slices took, pauses and waits left out. */
  readonly workedMs: number;
  /** What makes records fail, in words, as far as slices found out. */
  readonly failureCauses: readonly string[];
  /** The work in words, and the filter as text: to be shown. */
  readonly text: CampaignText;
  /** The work itself, to be carried out: its form is no part of the interface. */
  readonly definition: JsonValue;
}

/** What a campaign does, in words. */
export interface CampaignText {
  readonly kind: "update" | "replace" | "delete" | "touch" | "udf";
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** Each operation in words. */
  readonly operations: readonly string[];
  /** The filter; null when every record is meant. */
  readonly where: string | null;
  /** Bin of the marks; null without `.once()`. */
  readonly once: string | null;
}
