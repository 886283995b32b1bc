import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { ExitCode } from "../../exit-code.js";
import { toJson } from "../../output/to-json.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

export function addCampaignsVerify(group: Command, cli: Cli): void {
  const command = group
    .command("verify")
    .description("whether a campaign missed records, and why; exit code 5 if so")
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP)
    .option("--json", "the report as JSON")
    .action(
      cli.action(async (id: string, { store, json }: { readonly store?: string; readonly json?: boolean }) => {
        const { campaigns } = await findCampaign(cli, await cli.open(command), id, store);
        const report = await campaigns.verify(id, { signal: cli.signal });
        await cli.screen.print(json === true ? toJson(report) : String(report));
        return report.isComplete ? ExitCode.DONE : ExitCode.RECORDS_FAILED;
      }),
    );
}
