import { type ExecuteTask, TaskAbortedError, type TaskProgress, type TaskSummary } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { ExitCode } from "../../exit-code.js";
import { canAsk } from "../../io.js";
import { counted, duration, rate } from "../../output/numbers.js";
import { taskDisplay } from "../../output/task-display.js";
import { toJson } from "../../output/to-json.js";
import type { OnInterrupt } from "./task-options.js";

interface WatchFlags {
  readonly json?: boolean | undefined;
  readonly onInterrupt: OnInterrupt;
}

const CHANGED =
  "nodes came or went, or partitions moved meanwhile: records may have been left out, or met twice. A campaign sees to that";

/** Shows a task until it ends, or the user has seen enough. */
export async function watchTask(cli: Cli, task: ExecuteTask, flags: WatchFlags): Promise<ExitCode> {
  const { io, screen } = cli;
  const display = taskDisplay(io, screen, flags.json === true);
  for (;;) {
    const end = await untilInterrupted(cli, task, (progress) => display.show(progress));
    display.stop();
    if (end !== undefined) return report(cli, end, flags);
    switch (await decide(cli, flags.onInterrupt)) {
      case "watch":
        continue;
      case "abort":
        return await abortTask(cli, task, flags);
      default:
        screen.note(`The task goes on by itself. To see it again: aerowire jobs watch ${task.id}`);
        return ExitCode.INTERRUPTED;
    }
  }
}

/** How the task ended; undefined when Ctrl-C came first. */
async function untilInterrupted(
  cli: Cli,
  task: ExecuteTask,
  onProgress: (progress: TaskProgress) => void,
): Promise<TaskSummary | undefined> {
  const waiting = new AbortController();
  let isInterrupted = false;
  const stopListening = cli.io.onInterrupt(() => {
    isInterrupted = true;
    waiting.abort();
  });
  try {
    return await task.waitTillComplete({ signal: waiting.signal, onProgress, pollIntervalMs: 250 });
  } catch (error) {
    if (error instanceof TaskAbortedError && error.code !== "TASK_UNKNOWN") return error.summary;
    if (isInterrupted) return undefined;
    throw error;
  } finally {
    stopListening();
  }
}

async function decide(cli: Cli, how: OnInterrupt): Promise<"watch" | "leave" | "abort"> {
  if (how === "abort") return "abort";
  if (how !== "ask" || !canAsk(cli.io)) return "leave";
  const chosen = await cli.io.prompter.choose("The task runs on the servers. What now?", [
    { value: "watch", label: "go on watching" },
    { value: "leave", label: "leave it running", hint: "and end this command" },
    { value: "abort", label: "abort it", hint: "what was changed stays changed" },
  ] as const);
  return chosen ?? "leave";
}

async function abortTask(cli: Cli, task: ExecuteTask, flags: WatchFlags): Promise<ExitCode> {
  const { unreachable } = await task.abort();
  if (unreachable.length > 0) cli.screen.warn(`no reply from ${unreachable.join(", ")}: it may still run there`);
  const summary = { ...(await task.progress()), taskId: task.id, failureCauses: [], clusterChanged: null };
  await report(cli, summary, flags);
  return unreachable.length > 0 ? ExitCode.IN_DOUBT : ExitCode.TASK_ENDED_EARLY;
}

async function report({ screen }: Cli, summary: TaskSummary, { json }: WatchFlags): Promise<ExitCode> {
  const { state, succeeded, failed, filteredByMeta, filteredByBins, runTimeMs, failureCauses, clusterChanged } =
    summary;
  if (json === true) await screen.print(toJson({ event: "ended", ...summary }));
  else {
    const filtered = filteredByMeta === null || filteredByBins === null ? null : filteredByMeta + filteredByBins;
    const speed = succeeded === null || !runTimeMs ? "" : ` (${rate((1000 * succeeded) / runTimeMs)})`;
    await screen.print(
      `${state}: ${number(succeeded)} changed, ${failed === null ? "?" : failed.toLocaleString("en-US")} failed, ` +
        `${filtered === null ? "?" : filtered.toLocaleString("en-US")} left out, in ${duration(runTimeMs)}${speed}`,
    );
    for (const cause of failureCauses) screen.warn(cause);
    if (clusterChanged === true) screen.warn(CHANGED);
  }
  if (state === "lost") return ExitCode.IN_DOUBT;
  if (state !== "done") return ExitCode.TASK_ENDED_EARLY;
  return failed === null || failed > 0 ? ExitCode.RECORDS_FAILED : ExitCode.DONE;
}

function number(records: number | null): string {
  return records === null ? "? records" : counted(records, "record");
}
