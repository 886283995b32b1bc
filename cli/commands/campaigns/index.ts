import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addCampaignsList } from "./list.js";
import { addCampaignsAbort, addCampaignsPause } from "./orders.js";
import { addCampaignsRate } from "./rate.js";
import { addCampaignsRemove } from "./remove.js";
import { addCampaignsResume } from "./resume.js";
import { addCampaignsShow } from "./show.js";
import { addCampaignsVerify } from "./verify.js";

export function addCampaigns(program: Command, cli: Cli): void {
  const group = cli.group(program, "campaigns", "background work in slices: list, show, resume, abort …");
  const commands = [
    addCampaignsList,
    addCampaignsShow,
    addCampaignsResume,
    addCampaignsPause,
    addCampaignsAbort,
    addCampaignsRate,
    addCampaignsVerify,
    addCampaignsRemove,
  ];
  for (const add of commands) add(group, cli);
}
