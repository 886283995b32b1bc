import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { toJson } from "../../output/to-json.js";
import { CAMPAIGN_COLUMNS, campaignRow } from "./campaign-rows.js";
import { STORE_HELP, storesOf } from "./find-campaign.js";

export function addCampaignsList(group: Command, cli: Cli): void {
  const command = group
    .command("list")
    .description("campaigns of the cluster, those that run first")
    .option("--store <set>", STORE_HELP)
    .option("--json", "JSON lines")
    .action(
      cli.action(async ({ store, json }: { readonly store?: string; readonly json?: boolean }) => {
        const open = await cli.open(command);
        const lists = await Promise.all(
          storesOf(open, store).map((campaigns) => campaigns.list({ signal: cli.signal })),
        );
        const all = lists.flat();
        if (json === true) {
          for (const one of all) await cli.screen.print(toJson(one));
        } else if (all.length === 0) {
          cli.screen.note("no campaigns");
        } else {
          await cli.screen.table(CAMPAIGN_COLUMNS, all.map(campaignRow));
        }
      }),
    );
}
