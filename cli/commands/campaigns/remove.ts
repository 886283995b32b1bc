import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

export function addCampaignsRemove(group: Command, cli: Cli): void {
  const command = group
    .command("remove")
    .description("forget a campaign that nobody runs")
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP);
  addConfirmOptions(command).action(
    cli.action(async (id: string, flags: ConfirmFlags & { readonly store?: string }) => {
      const open = await cli.open(command);
      const { campaigns, info } = await findCampaign(cli, open, id, flags.store);
      await confirm(cli, open, { what: `forget campaign ${id} (${info.status})` }, flags);
      await campaigns.remove(id, { signal: cli.signal });
      await cli.screen.print(`campaign ${id} is forgotten`);
    }),
  );
}
