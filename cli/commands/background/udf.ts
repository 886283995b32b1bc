import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { parseValue } from "../../values/parse-value.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { parseFunction } from "../udf/parse-function.js";
import { runTask } from "./run-task.js";
import { addTaskOptions, applyTaskOptions, applyTtl, type TaskFlags, TTL_HELP } from "./task-options.js";

const EXAMPLES = `
Examples:
  $ aerowire background udf test.users scores.raise 5 -w '$.active == true'`;

export function addBackgroundUdf(group: Command, cli: Cli): void {
  const command = group
    .command("udf")
    .description("call a registered Lua function on every record")
    .argument("<target>", TARGET_HELP)
    .argument("<function>", "module.function")
    .argument("[arguments...]", "what is passed to it");
  addTaskOptions(command.option("--ttl <time>", `time to live: ${TTL_HELP}`))
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(
        async (targetText: string, name: string, texts: string[], flags: TaskFlags & { readonly ttl?: string }) => {
          const target = parseTarget(targetText);
          const [module, functionName] = parseFunction(name);
          const args = texts.map((text, i) => parseValue(`argument ${i + 1}`, text));
          const { open, session } = await cli.session(command);
          const called = session
            .backgroundTask()
            .executeUdf(target)
            .function(module, functionName)
            .passing(...args);
          const builder = applyTtl(applyTaskOptions(called, flags), flags.ttl);
          return runTask(cli, open, { target, verb: `call ${name} on`, builder, destroys: false }, flags);
        },
      ),
    );
}
