import type { ErrorCode } from "../../errors/error-code.js";
import { AerospikeError, type ErrorDetails, mark } from "../../errors/errors.js";
import type { CampaignHolder } from "./campaigns.js";

/**
 * Something that a campaign can't do as things stand; `code` says what: `CAMPAIGN_EXISTS`, `CAMPAIGN_NOT_FOUND`,
 * `CAMPAIGN_ENDED` (done or aborted), `CAMPAIGN_PAUSED`, `CAMPAIGN_ABORTED`, `CAMPAIGN_DIFFERS` (the store has other work
 * under this id), `CAMPAIGN_LEASE_LOST` (somebody else may run it by now).
 */
export class CampaignError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "CAMPAIGN_ENDED";
  static {
    mark(CampaignError, "CampaignError");
  }

  /** Id of the campaign. */
  readonly campaign: string;

  constructor(message: string, campaign: string, details: ErrorDetails = {}) {
    super(message, details);
    this.campaign = campaign;
  }
}

/** Somebody else runs the campaign. */
export class CampaignBusyError extends CampaignError {
  static override readonly defaultCode: ErrorCode = "CAMPAIGN_BUSY";
  static {
    mark(CampaignBusyError, "CampaignBusyError");
  }

  /** Who, since when, and until when unless it is heard of again. */
  readonly holder: CampaignHolder;

  constructor(campaign: string, holder: CampaignHolder, details: ErrorDetails = {}) {
    const { owner, since, silentMs, msLeft } = holder;
    super(
      `Campaign ${campaign} is run by ${owner} since ${new Date(since).toISOString()}; it was heard of ${silentMs} ms ago, ` +
        `and counts as dead in ${msLeft} ms unless it is heard of before`,
      campaign,
      details,
    );
    this.holder = holder;
  }
}
