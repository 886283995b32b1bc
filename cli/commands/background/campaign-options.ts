import { type Command, Option } from "commander";
import type { CampaignBuilder, CampaignOptions, CampaignRunOptions } from "../../../src/index.js";
import { usage } from "../../failure.js";
import { more } from "../../more-options.js";
import { parseWhole } from "../../values/parse-value.js";
import { parseSetTarget } from "../../values/target.js";

/** How a campaign is run. */
export interface CampaignRunFlags {
  readonly maxLatency?: string | undefined;
  readonly sliceSeconds?: string | undefined;
}

/** The options of a background task that make it a campaign. */
export interface CampaignFlags extends CampaignRunFlags {
  readonly campaign?: string | undefined;
  readonly once?: boolean | undefined;
  readonly keepMarks?: boolean | undefined;
  readonly store?: string | undefined;
}

export function addCampaignOptions(command: Command): Command {
  command
    .option("--campaign <id>", "in slices: can be paused and resumed")
    .addOption(more(new Option("--once", "campaign: each record takes the change at most once, whatever dies")))
    .addOption(
      more(new Option("--keep-marks", "with --once: leave the marks, so that verify can count records without")),
    )
    .addOption(more(new Option("--store <set>", "campaign: keep its checkpoint in this set")));
  return addCampaignRunOptions(command);
}

export function addCampaignRunOptions(command: Command): Command {
  return command
    .addOption(more(new Option("--max-latency <ms>", "campaign: slower while probing reads take longer than this")))
    .addOption(more(new Option("--slice-seconds <n>", "campaign: how long a slice should take, 1 to 3600; default 5")));
}

export function campaignRunOptions({ maxLatency, sliceSeconds }: CampaignRunFlags): CampaignRunOptions {
  return {
    ...(maxLatency !== undefined && {
      politeness: { maxLatencyMs: parseWhole("--max-latency", maxLatency, 1, 60_000) },
    }),
    ...(sliceSeconds !== undefined && { sliceSeconds: parseWhole("--slice-seconds", sliceSeconds, 1, 3_600) }),
  };
}

/** Has the campaign change each record once, where that is asked for. */
export function applyOnce(work: CampaignBuilder, { once, keepMarks }: CampaignFlags): void {
  if (once === true) work.once({ removeMarks: keepMarks !== true });
}

export function campaignOptions(flags: CampaignFlags): CampaignOptions {
  return {
    ...campaignRunOptions(flags),
    ...(flags.store !== undefined && { store: parseSetTarget(flags.store) }),
  };
}

/** @throws CliError for options of a campaign where there is none */
export function refuseCampaignOptions({
  campaign,
  once,
  keepMarks,
  store,
  maxLatency,
  sliceSeconds,
}: CampaignFlags): void {
  if (keepMarks === true && once !== true) throw usage("--keep-marks goes with --once, which sets the marks");
  if (campaign !== undefined) return;
  const given = Object.entries({
    "--once": once,
    "--keep-marks": keepMarks,
    "--store": store,
    "--max-latency": maxLatency,
    "--slice-seconds": sliceSeconds,
  });
  const [name] = given.find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw usage(`${name} is for campaigns: give it an id with --campaign`);
}
