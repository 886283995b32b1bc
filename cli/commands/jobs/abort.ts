import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { ExitCode } from "../../exit-code.js";
import { CliError } from "../../failure.js";
import { toJson } from "../../output/to-json.js";
import { parseTaskId } from "../background/task-options.js";

export function addJobsAbort(group: Command, cli: Cli): void {
  const command = group
    .command("abort")
    .description("stop a task on every node; what it changed stays changed")
    .argument("<task>", "its id")
    .option("--json", "the outcome as JSON");
  addConfirmOptions(command).action(
    cli.action(async (text: string, flags: ConfirmFlags & { readonly json?: boolean }) => {
      const taskId = parseTaskId("task", text);
      const { open, session } = await cli.session(command);
      const task = session.backgroundTask().attach(taskId);
      const status = await task.queryStatus({ signal: cli.signal });
      if (status === "notFound") throw new CliError(ExitCode.NOT_FOUND, `No node knows a task ${taskId}`);
      if (status === "inProgress") await confirm(cli, open, { what: `abort task ${taskId}` }, flags);
      const outcome = await task.abort({ signal: cli.signal });
      const { aborted, notActive, unreachable } = outcome;
      if (flags.json === true) await cli.screen.print(toJson({ taskId, ...outcome }));
      else {
        if (aborted.length > 0) await cli.screen.print(`aborted on ${aborted.join(", ")}`);
        if (aborted.length === 0) await cli.screen.print(`it was not running on ${notActive.join(", ")}`);
        if (unreachable.length > 0) cli.screen.warn(`no reply from ${unreachable.join(", ")}: it may still run there`);
      }
      return unreachable.length > 0 ? ExitCode.IN_DOUBT : ExitCode.DONE;
    }),
  );
}
