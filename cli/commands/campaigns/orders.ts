import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm, confirmInProduction } from "../../confirm.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

/** What a campaign is told by its id, whoever runs it. */
interface Order {
  readonly name: "abort" | "pause";
  readonly description: string;
  readonly confirm: typeof confirm;
  /** What is said when the order is given. */
  readonly given: string;
}

const ABORT: Order = {
  name: "abort",
  description: "stop a campaign for good; what it changed stays changed",
  confirm,
  given: "aborted",
};

const PAUSE: Order = {
  name: "pause",
  description: "tell whoever runs a campaign to pause after its slice",
  confirm: confirmInProduction,
  given: "it pauses after the slice that is under way",
};

export const addCampaignsAbort = (group: Command, cli: Cli): void => addOrder(group, cli, ABORT);

export const addCampaignsPause = (group: Command, cli: Cli): void => addOrder(group, cli, PAUSE);

function addOrder(group: Command, cli: Cli, order: Order): void {
  const command = group
    .command(order.name)
    .description(order.description)
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP);
  addConfirmOptions(command).action(
    cli.action(async (id: string, flags: ConfirmFlags & { readonly store?: string }) => {
      const open = await cli.open(command);
      const { campaigns } = await findCampaign(cli, open, id, flags.store);
      await order.confirm(cli, open, { what: `${order.name} campaign ${id}` }, flags);
      await campaigns[order.name](id, { signal: cli.signal });
      await cli.screen.print(`campaign ${id}: ${order.given}`);
    }),
  );
}
