import type { DatabaseAttributes } from "../../cluster/diagnostics.js";
import type { CampaignPhase, CampaignStatus, SliceRange } from "./checkpoint.js";

/** Something that a campaign did or decided, and why. */
export type CampaignEvent = { readonly campaign: string; readonly reason: string } & (
  | { readonly event: "started" | "resumed" | "paused" | "aborted" | "done" | "failed" }
  | { readonly event: "phase"; readonly phase: CampaignPhase }
  /** A slice was given to the servers. */
  | {
      readonly event: "slice";
      readonly slice: SliceRange;
      readonly taskId: bigint;
      readonly recordsPerSecond: number | undefined;
    }
  /** A slice is given to the servers again. */
  | { readonly event: "repeat"; readonly slice: SliceRange }
  /** The rate of the slices from now on. */
  | { readonly event: "rate"; readonly from: number | undefined; readonly to: number | undefined }
  /** Nothing is given to the servers until what is waited for has come; and then that it has. */
  | { readonly event: "waiting" | "goingOn" }
  /** A question or a write of the campaign's own went wrong, and is tried again. */
  | { readonly event: "trouble"; readonly error: unknown }
);

/** Published on `aerowire:campaign`: an event with where it happened. */
export interface CampaignMessage {
  readonly attributes: DatabaseAttributes;
  readonly event: CampaignEvent;
  readonly status: CampaignStatus;
}
