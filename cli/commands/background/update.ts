import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { addOperationOptions, applyOperations } from "./operations.js";
import { runTask } from "./run-task.js";
import { addTaskOptions, applyTaskOptions, applyTtl, type TaskFlags, TTL_HELP } from "./task-options.js";

const EXAMPLES = `
Examples:
  $ aerowire background update test.users -w '$.age > 30' --add score=1 -n
  $ aerowire background update test.users --compute 'total=$.price * $.count'`;

export function addBackgroundUpdate(group: Command, cli: Cli): void {
  const command = group
    .command("update")
    .description("write bins of records that exist")
    .argument("<target>", TARGET_HELP);
  const operations = addOperationOptions(command, "update");
  addTaskOptions(command.option("--ttl <time>", `time to live: ${TTL_HELP}`))
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText: string, flags: TaskFlags & { readonly ttl?: string }) => {
        const target = parseTarget(targetText);
        const { open, session } = await cli.session(command);
        const builder = applyTtl(applyTaskOptions(session.backgroundTask().update(target), flags), flags.ttl);
        applyOperations(builder, operations);
        return runTask(cli, open, { target, verb: "update", builder, destroys: false }, flags);
      }),
    );
}
