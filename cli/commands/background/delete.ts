import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { runTask } from "./run-task.js";
import { addTaskOptions, applyTaskOptions, type TaskFlags } from "./task-options.js";

const EXAMPLES = `
Examples:
  $ aerowire background delete test.sessions -w '$.seen < 1700000000' -n
  $ aerowire background delete test.sessions -w '$.seen < ?0' -p 1700000000 -y`;

export function addBackgroundDelete(group: Command, cli: Cli): void {
  const command = group.command("delete").description("delete records").argument("<target>", TARGET_HELP);
  addTaskOptions(command.option("--durable", "leave tombstones (Enterprise Edition)"))
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText: string, flags: TaskFlags & { readonly durable?: boolean }) => {
        const target = parseTarget(targetText);
        const { open, session } = await cli.session(command);
        const builder = applyTaskOptions(session.backgroundTask().delete(target), flags);
        if (flags.durable === true) builder.withDurableDelete();
        return runTask(cli, open, { target, verb: "delete", builder, destroys: true }, flags);
      }),
    );
}
