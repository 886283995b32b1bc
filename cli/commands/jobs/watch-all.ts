import type { JobsSnapshot, Session, WatchedJob } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { ExitCode } from "../../exit-code.js";
import { LiveText } from "../../output/live-text.js";
import { count, duration, rate } from "../../output/numbers.js";
import { type Column, renderTable } from "../../output/table.js";
import { toJson } from "../../output/to-json.js";
import { CAMPAIGN_COLUMNS, campaignRow } from "../campaigns/campaign-rows.js";

const COLUMNS: readonly (Column | string)[] = [
  "task",
  "on",
  "does",
  { head: "done", align: "right" },
  { head: "changed", align: "right" },
  { head: "failed", align: "right" },
  { head: "rate", align: "right" },
  { head: "left", align: "right" },
  "owner",
];

/** A list of all tasks that run, and of campaigns, that is kept up to date until Ctrl-C. */
export async function watchAll(cli: Cli, session: Session, json: boolean): Promise<ExitCode> {
  const { io, screen } = cli;
  const live = new LiveText(io.stdout);
  const over = new AbortController();
  const stopListening = io.onInterrupt(() => over.abort());
  const onClosed = (): void => over.abort();
  cli.signal.addEventListener("abort", onClosed);
  try {
    for await (const snapshot of session.backgroundTask().watch({ signal: over.signal })) {
      if (json) await screen.print(toJson({ event: "tasks", ...snapshot }));
      else if (screen.isTerminal) live.show(fitting(linesOf(cli, snapshot), (io.stdout.rows ?? 24) - 3));
      else await screen.print(`${linesOf(cli, snapshot).join("\n")}\n`);
    }
  } catch (error) {
    if (!over.signal.aborted) throw error;
  } finally {
    stopListening();
    cli.signal.removeEventListener("abort", onClosed);
    live.end();
  }
  cli.signal.throwIfAborted();
  return ExitCode.DONE;
}

function linesOf({ screen }: Cli, { jobs, campaigns, silentNodes }: JobsSnapshot): string[] {
  const { width, colors } = screen;
  const running = campaigns.filter(({ status }) => status === "running" || status === "paused");
  const parts = [
    jobs.length === 0 ? "no task runs" : renderTable(COLUMNS, jobs.map(row), width, colors),
    ...(running.length === 0 ? [] : [renderTable(CAMPAIGN_COLUMNS, running.map(campaignRow), width, colors)]),
    ...silentNodes.map((node) => colors.yellow(`no reply from ${node}`)),
  ];
  return parts.join("\n\n").split("\n");
}

function row(job: WatchedJob): string[] {
  const { taskId, namespace, setName, udf, percent, succeeded, failed, measuredPerSecond, msLeft, owner, campaign } =
    job;
  return [
    campaign === undefined ? String(taskId) : `slice of ${campaign}`,
    setName === "" ? namespace : `${namespace}.${setName}`,
    udf ?? "operations",
    percent === null ? "?" : `${percent.toFixed(1)}%`,
    count(succeeded),
    count(failed),
    rate(measuredPerSecond),
    duration(msLeft),
    owner ?? "",
  ];
}

function fitting(lines: readonly string[], room: number): string[] {
  if (lines.length <= room) return [...lines];
  return [...lines.slice(0, Math.max(1, room - 1)), `… and ${lines.length - room + 1} more lines; Ctrl-C ends this`];
}
