import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { toJson } from "../../output/to-json.js";
import { byTask, JOB_COLUMNS, jobRow } from "./job-rows.js";

interface ListFlags {
  readonly namespace?: string | undefined;
  readonly active?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export function addJobsList(group: Command, cli: Cli): void {
  const command = group
    .command("list")
    .description("tasks that run, and those that ended and are still remembered")
    .option("--namespace <name>", "those of this namespace only")
    .option("--active", "those that run only")
    .option("--json", "JSON lines: one for each node's part of a task")
    .action(
      cli.action(async ({ namespace, active, json }: ListFlags) => {
        const { session } = await cli.session(command);
        const jobs = await session.backgroundTask().list({ namespace, signal: cli.signal });
        const shown = byTask(jobs).filter((task) => active !== true || task.active);
        if (json === true) {
          for (const part of shown.flatMap(({ parts }) => parts)) await cli.screen.print(toJson(part));
        } else if (shown.length === 0) {
          cli.screen.note("no tasks");
        } else {
          await cli.screen.table(JOB_COLUMNS, shown.map(jobRow));
        }
      }),
    );
}
