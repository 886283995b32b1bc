import type { SessionContext } from "../policy/session-context.js";
import type { CampaignFloor } from "./campaign-api/campaigns.js";

/** The context of a session's background tasks, with what makes campaigns of them: that is built on top of tasks. */
export interface BackgroundContext extends SessionContext {
  readonly campaignFloor: CampaignFloor;
}
