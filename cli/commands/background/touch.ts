import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { runTask } from "./run-task.js";
import { addTaskOptions, applyTaskOptions, applyTtl, type TaskFlags, TTL_HELP } from "./task-options.js";

const EXAMPLES = `
Examples:
  $ aerowire background touch test.sessions -w '$.active == true' --ttl 7d`;

export function addBackgroundTouch(group: Command, cli: Cli): void {
  const command = group
    .command("touch")
    .description("let the time to live of records start again")
    .argument("<target>", TARGET_HELP);
  addTaskOptions(command.option("--ttl <time>", `time to live: ${TTL_HELP}`))
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText: string, flags: TaskFlags & { readonly ttl?: string }) => {
        const target = parseTarget(targetText);
        const { open, session } = await cli.session(command);
        const builder = applyTtl(applyTaskOptions(session.backgroundTask().touch(target), flags), flags.ttl);
        return runTask(cli, open, { target, verb: "touch", builder, destroys: false }, flags);
      }),
    );
}
