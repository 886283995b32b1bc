import type { CampaignFloor, JobsSnapshot, WatchJobsOptions } from "../background/campaign-api/campaigns.js";
import type { SessionContext } from "../policy/session-context.js";
import { NewCampaign } from "./campaign-builder.js";
import { checkWatchOptions } from "./check-watch-options.js";
import { KeptCampaigns } from "./kept-campaigns.js";
import { setOfCampaigns } from "./set-of-campaigns.js";

/** Campaigns, for background tasks that are made campaigns of. What they do is loaded when one is asked for. */
export const campaignFloor: CampaignFloor = {
  builder: (context, intent, id, options) => new NewCampaign(context, intent, id, options),
  campaigns: (context, store) => new KeptCampaigns(context, setOfCampaigns(store)),
  watch(context, options) {
    checkWatchOptions(options);
    return watch(context, options);
  },
};

async function* watch(
  context: SessionContext,
  options: WatchJobsOptions,
): AsyncGenerator<JobsSnapshot, void, undefined> {
  const { watchJobs } = await import("./watch-jobs.js");
  yield* watchJobs(context, options);
}
