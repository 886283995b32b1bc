import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirmInProduction } from "../../confirm.js";
import { parseWhole } from "../../values/parse-value.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

export function addCampaignsRate(group: Command, cli: Cli): void {
  const command = group
    .command("rate")
    .description("the rate of a campaign, from its next slice on")
    .argument("<campaign>", "its id")
    .argument("<rps>", "records a second on each node, or max")
    .option("--store <set>", STORE_HELP);
  addConfirmOptions(command).action(
    cli.action(async (id: string, text: string, flags: ConfirmFlags & { readonly store?: string }) => {
      const rps = text === "max" ? undefined : parseWhole("rps", text, 1, 0x7fff_ffff);
      const open = await cli.open(command);
      const { campaigns } = await findCampaign(cli, open, id, flags.store);
      await confirmInProduction(cli, open, { what: `run campaign ${id} at ${text} records a second` }, flags);
      await campaigns.setRate(id, rps, { signal: cli.signal });
      await cli.screen.print(`campaign ${id}: ${text} records a second and node from the next slice on`);
    }),
  );
}
