import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { campaignDisplay } from "../../output/campaign-display.js";
import { addCampaignRunOptions, type CampaignRunFlags, campaignRunOptions } from "../background/campaign-options.js";
import { interruptOption, type OnInterrupt } from "../background/task-options.js";
import { watchCampaign } from "../background/watch-campaign.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

interface ResumeFlags extends ConfirmFlags, CampaignRunFlags {
  readonly store?: string | undefined;
  readonly json?: boolean | undefined;
  readonly onInterrupt: OnInterrupt;
}

export function addCampaignsResume(group: Command, cli: Cli): void {
  const command = group
    .command("resume")
    .description("go on with a campaign that was paused, or whose process died")
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP)
    .addOption(interruptOption(["ask", "pause", "abort"]))
    .option("--json", "JSON lines");
  addConfirmOptions(addCampaignRunOptions(command)).action(
    cli.action(async (id: string, flags: ResumeFlags) => {
      const open = await cli.open(command);
      const { campaigns, info } = await findCampaign(cli, open, id, flags.store);
      const { kind } = info.checkpoint.text;
      await confirm(
        cli,
        open,
        { what: `go on with campaign ${id} (${kind}, ${info.percent.toFixed(1)}% done)` },
        flags,
      );
      const display = campaignDisplay(cli.io, cli.screen, flags.json === true);
      const campaign = await campaigns.resume(id, {
        ...campaignRunOptions(flags),
        onEvent: (event) => display.tell(event),
      });
      return await watchCampaign(cli, campaign, display, flags);
    }),
  );
}
