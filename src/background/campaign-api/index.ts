export type {
  Campaign,
  CampaignBuilder,
  CampaignPlan,
  CampaignProgress,
  CampaignState,
  CampaignSummary,
  CampaignWaitOptions,
  PreviewRecord,
  VerifyOptions,
  VerifyReport,
} from "./campaign.js";
export { CampaignBusyError, CampaignError } from "./campaign-errors.js";
export type {
  CampaignHolder,
  CampaignInfo,
  Campaigns,
  JobsSnapshot,
  WatchedJob,
  WatchJobsOptions,
} from "./campaigns.js";
export type {
  CampaignBaseline,
  CampaignCheckpoint,
  CampaignCounters,
  CampaignPhase,
  CampaignStatus,
  CampaignText,
  OpenSlice,
  RepeatedSlice,
  SliceRange,
} from "./checkpoint.js";
export type { CampaignEvent, CampaignMessage } from "./events.js";
export type {
  CampaignOptions,
  CampaignRunOptions,
  OnceOptions,
  Politeness,
  PreviewOptions,
  StartCampaignOptions,
} from "./options.js";
