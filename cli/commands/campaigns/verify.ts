import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirmInProduction } from "../../confirm.js";
import { ExitCode } from "../../exit-code.js";
import { toJson } from "../../output/to-json.js";
import { parseWhole } from "../../values/parse-value.js";
import { findCampaign, STORE_HELP } from "./find-campaign.js";

interface VerifyFlags extends ConfirmFlags {
  readonly store?: string;
  readonly json?: boolean;
  readonly sample: string;
}

export function addCampaignsVerify(group: Command, cli: Cli): void {
  const command = addConfirmOptions(group.command("verify"))
    .description("whether a campaign missed records, and why; exit code 5 if so")
    .argument("<campaign>", "its id")
    .option("--store <set>", STORE_HELP)
    .option("--sample <n>", "why so many of those that are left fail, tried on copies", "0")
    .option("--json", "the report as JSON")
    .action(
      cli.action(async (id: string, flags: VerifyFlags) => {
        const { store, json, sample } = flags;
        const records = parseWhole("--sample", sample, 0, 1_000);
        const open = await cli.open(command);
        const { campaigns } = await findCampaign(cli, open, id, store);
        if (records > 0)
          await confirmInProduction(cli, open, { what: "change copies of records in a scratch set" }, flags);
        const report = await campaigns.verify(id, { signal: cli.signal, ...(records > 0 && { sample: records }) });
        await cli.screen.print(json === true ? toJson(report) : String(report));
        return report.isComplete ? ExitCode.DONE : ExitCode.RECORDS_FAILED;
      }),
    );
}
