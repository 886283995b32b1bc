import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

export function addCampaignsAbort(group: Command, cli: Cli): void {
  const command = group
    .command("abort")
    .description("stop a campaign for good; what it changed stays changed")
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP);
  addConfirmOptions(command).action(
    cli.action(async (id: string, flags: ConfirmFlags & { readonly store?: string }) => {
      const open = await cli.open(command);
      const { campaigns } = await findCampaign(cli, open, id, flags.store);
      await confirm(cli, open, { what: `abort campaign ${id}` }, flags);
      await campaigns.abort(id, { signal: cli.signal });
      await cli.screen.print(`campaign ${id}: aborted`);
    }),
  );
}
