import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirmInProduction } from "../../confirm.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

export function addCampaignsPause(group: Command, cli: Cli): void {
  const command = group
    .command("pause")
    .description("tell whoever runs a campaign to pause after its slice")
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP);
  addConfirmOptions(command).action(
    cli.action(async (id: string, flags: ConfirmFlags & { readonly store?: string }) => {
      const open = await cli.open(command);
      const { campaigns } = await findCampaign(cli, open, id, flags.store);
      await confirmInProduction(cli, open, { what: `pause campaign ${id}` }, flags);
      await campaigns.pause(id, { signal: cli.signal });
      await cli.screen.print(`campaign ${id}: it pauses after the slice that is under way`);
    }),
  );
}
