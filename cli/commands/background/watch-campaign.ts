import { type Campaign, CampaignError, type CampaignProgress } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { ExitCode } from "../../exit-code.js";
import { canAsk } from "../../io.js";
import type { CampaignDisplay } from "../../output/campaign-display.js";
import { count, counted } from "../../output/numbers.js";
import { toJson } from "../../output/to-json.js";
import type { OnInterrupt } from "./task-options.js";

interface WatchFlags {
  readonly json?: boolean | undefined;
  readonly onInterrupt: OnInterrupt;
}

/** Shows a campaign that this process runs, until it ends or the user has seen enough. */
export async function watchCampaign(
  cli: Cli,
  campaign: Campaign,
  display: CampaignDisplay,
  flags: WatchFlags,
): Promise<ExitCode> {
  for (;;) {
    const isInterrupted = await untilInterrupted(cli, campaign, display);
    display.stop();
    if (!isInterrupted) return report(cli, campaign, flags);
    switch (await decide(cli, campaign.id, flags.onInterrupt)) {
      case "watch":
        continue;
      case "abort":
        await campaign.abort();
        return report(cli, campaign, flags);
      case "pause":
        cli.screen.note("pausing: the slice that is under way ends first …");
        await campaign.pause();
        await report(cli, campaign, flags);
        return ExitCode.INTERRUPTED;
    }
  }
}

async function untilInterrupted(cli: Cli, campaign: Campaign, display: CampaignDisplay): Promise<boolean> {
  const waiting = new AbortController();
  const stopListening = cli.io.onInterrupt(() => waiting.abort());
  try {
    await campaign.waitTillComplete({ signal: waiting.signal, onProgress: (progress) => display.show(progress) });
    return false;
  } catch (error) {
    if (waiting.signal.aborted) return true;
    if (error instanceof CampaignError && ENDED.includes(error.code)) return false;
    throw error;
  } finally {
    stopListening();
  }
}

/** Ends that `report` tells. */
const ENDED: readonly string[] = ["CAMPAIGN_PAUSED", "CAMPAIGN_ABORTED"];

/** A campaign is run by this process, so that it can't be left running. */
async function decide(cli: Cli, id: string, how: OnInterrupt): Promise<"watch" | "pause" | "abort"> {
  if (how === "abort") return "abort";
  if (how !== "ask" || !canAsk(cli.io)) return "pause";
  const chosen = await cli.io.prompter.choose(`This process runs the campaign ${id}. What now?`, [
    { value: "watch", label: "go on" },
    { value: "pause", label: "pause it", hint: "anybody may resume it" },
    { value: "abort", label: "abort it", hint: "what was changed stays changed" },
  ] as const);
  return chosen ?? "pause";
}

async function report(
  { screen }: Cli,
  { id, progress, checkpoint }: Campaign,
  { json }: WatchFlags,
): Promise<ExitCode> {
  if (json === true) {
    const { repeated, failureCauses } = checkpoint;
    await screen.print(toJson({ event: "ended", id, ...progress, repeated, failureCauses }));
  } else {
    await screen.print(summaryLine(id, progress));
    for (const cause of checkpoint.failureCauses) screen.warn(cause);
    const { length } = checkpoint.repeated;
    if (length > 0 && checkpoint.text.once === null) {
      screen.warn(`${counted(length, "slice")} ran again; records of them may have been changed twice (see --once)`);
    }
    if (progress.state === "paused") screen.note(`to go on: aerowire campaigns resume ${id}`);
  }
  if (progress.state !== "done") return ExitCode.TASK_ENDED_EARLY;
  return progress.failed > 0 ? ExitCode.RECORDS_FAILED : ExitCode.DONE;
}

function summaryLine(id: string, progress: CampaignProgress): string {
  const { state, percent, succeeded, failed, slices, isLowerBound } = progress;
  const least = isLowerBound ? "at least " : "";
  const far = state === "done" ? "" : ` at ${percent.toFixed(1)}%`;
  return `campaign ${id} ${state}${far}: ${least}${counted(succeeded, "record")} changed, ${least}${count(failed)} failed, in ${counted(slices, "slice")}`;
}
