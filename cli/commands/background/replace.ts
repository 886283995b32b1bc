import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { addOperationOptions, applyOperations } from "./operations.js";
import { runTask } from "./run-task.js";
import { addTaskOptions, applyTaskOptions, applyTtl, type TaskFlags, TTL_HELP } from "./task-options.js";

const EXAMPLES = `
Examples:
  $ aerowire background replace test.users -w '$.erase == true' --set gone=true`;

export function addBackgroundReplace(group: Command, cli: Cli): void {
  const command = group
    .command("replace")
    .description("give records a new content: other bins are gone")
    .argument("<target>", TARGET_HELP);
  const operations = addOperationOptions(command, "replace");
  addTaskOptions(command.option("--ttl <time>", `time to live: ${TTL_HELP}`))
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText: string, flags: TaskFlags & { readonly ttl?: string }) => {
        const target = parseTarget(targetText);
        const { open, session } = await cli.session(command);
        const builder = applyTtl(applyTaskOptions(session.backgroundTask().replaceIfExists(target), flags), flags.ttl);
        applyOperations(builder, operations);
        return runTask(cli, open, { target, verb: "replace", builder, destroys: true }, flags);
      }),
    );
}
