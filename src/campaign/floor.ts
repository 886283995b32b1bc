import type { CampaignFloor } from "../background/campaign-api/campaigns.js";
import { NewCampaign } from "./campaign-builder.js";
import { storesOf } from "./campaigns.js";
import { checkWatchOptions, watchJobs } from "./watch-jobs.js";

/** Campaigns, for background tasks that are made campaigns of. */
export const campaignFloor: CampaignFloor = {
  builder: (context, intent, id, options) => new NewCampaign(context, intent, id, options),
  campaigns: storesOf,
  watch(context, options) {
    checkWatchOptions(options);
    return watchJobs(context, options);
  },
};
