import type { CampaignHolder } from "../background/campaign-api/campaigns.js";
import type { CampaignCheckpoint } from "../background/campaign-api/checkpoint.js";

/** What somebody else wants of whoever runs a campaign. */
export type CampaignOrder =
  | { readonly do: "pause" | "abort" }
  | { readonly do: "rate"; readonly recordsPerSecond: number | null };

/** An order, told apart from the ones before it. */
export interface NumberedOrder {
  readonly number: number;
  readonly order: CampaignOrder;
}

/** A campaign that was taken over. */
export interface Taken {
  /** Hostile until it has been read. */
  readonly checkpoint: string;
  /** What was wanted of the holder before, who may have died without having heard of it. */
  readonly order: NumberedOrder | undefined;
}

/** A campaign as it is kept. */
export interface KeptCampaign {
  /** Hostile until it has been read. */
  readonly checkpoint: string;
  /** Whoever runs it; undefined when nobody does, or has not been heard of for the time of its lease. */
  readonly holder: CampaignHolder | undefined;
  /** What somebody wants of whoever runs it; hostile too, and empty for nothing. */
  readonly order: string;
  /** Names the run that claimed it last, whether it has been heard of or not; empty when that run has given it back. */
  readonly token: string;
}

/** Who wants to run it. */
export interface Claim {
  readonly owner: string;
  readonly token: string;
  readonly since: number;
  readonly leaseMs: number;
}

/**
 * Where the checkpoint of one campaign is kept, together with the right to run it. What is written counts only as long as
 * the claim holds.
 */
export interface CampaignStore {
  /** @throws CampaignError with code `"CAMPAIGN_EXISTS"` */
  create(checkpoint: CampaignCheckpoint, claim: Claim): Promise<void>;
  /**
   * Takes the campaign over.
   * @returns undefined where the caller keeps the checkpoint
   * @throws CampaignBusyError; CampaignError with code `"CAMPAIGN_NOT_FOUND"`
   */
  acquire(claim: Claim): Promise<Taken | undefined>;
  /** Says that the holder lives. @returns the last order, if there was one; `"lost"` when somebody else has taken over */
  renew(claim: Claim): Promise<NumberedOrder | undefined | "lost">;
  /** @returns false when somebody else has taken over */
  save(checkpoint: CampaignCheckpoint, claim: Claim): Promise<boolean>;
  /**
   * Gives the campaign back with its last checkpoint.
   * @param heeded number of the last order that this holder knows, 0 for none: one that came later has to be heeded before.
   *   Undefined of a holder that heeds none: orders stay for the next one
   * @returns false when somebody else has taken over; the order that has to be heeded
   */
  release(checkpoint: CampaignCheckpoint, claim: Claim, heeded?: number): Promise<boolean | NumberedOrder>;
}

/** A campaign whose checkpoints the caller keeps: there is no lease, and nobody else can reach it. */
export class NoStore implements CampaignStore {
  async create(): Promise<void> {}

  async acquire(): Promise<undefined> {}

  async renew(): Promise<undefined> {}

  async save(): Promise<boolean> {
    return true;
  }

  async release(): Promise<boolean> {
    return true;
  }
}
