import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { count, duration } from "../../output/numbers.js";
import { toJson } from "../../output/to-json.js";
import { CAMPAIGN_COLUMNS, campaignRow } from "./campaign-rows.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

export function addCampaignsShow(group: Command, cli: Cli): void {
  const command = group
    .command("show")
    .description("what a campaign does, and how far it is")
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP)
    .option("--json", "all of its checkpoint")
    .action(
      cli.action(async (id: string, { store, json }: { readonly store?: string; readonly json?: boolean }) => {
        const { screen } = cli;
        const { info } = await findCampaign(cli, await cli.open(command), id, store);
        if (json === true) return screen.print(toJson(info));
        const { text, counters, baseline, repeated, failureCauses, startedAt, workedMs } = info.checkpoint;
        await screen.table(CAMPAIGN_COLUMNS, [campaignRow(info)]);
        const lines = [
          "",
          ...text.operations.map((operation) => `  ${operation}`),
          `  where: ${text.where ?? "every record"}`,
          `  once: ${text.once === null ? "no: records of a slice that ran again may have been changed twice" : `yes, marks in bin ${text.once}`}`,
          `  records before: ${baseline.records === null ? "not counted" : `${baseline.isExact ? "" : "about "}${count(baseline.records)}`}`,
          `  slices: ${count(counters.slices)}, of which ran again: ${count(repeated.length)}`,
          `  started: ${new Date(startedAt).toISOString()}, worked for ${duration(workedMs)}`,
          ...failureCauses.map((cause) => `  fails: ${cause}`),
        ];
        await screen.print(lines.join("\n"));
      }),
    );
}
