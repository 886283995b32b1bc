import type { Command } from "commander";
import type { AnyBins, BackgroundOperationBuilder, BackgroundTaskSession, DataSet } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { addOperationOptions, applyOperations } from "./operations.js";
import { runTask } from "./run-task.js";
import { addTaskOptions, applyTaskOptions, applyTtl, type TaskFlags, TTL_HELP } from "./task-options.js";

/** A command that writes bins of records. */
interface BinsCommand {
  readonly verb: "update" | "replace";
  readonly description: string;
  readonly examples: readonly string[];
  /** Whether it takes something away that is not named. */
  readonly destroys: boolean;
  begin(task: BackgroundTaskSession, target: DataSet): BackgroundOperationBuilder<AnyBins>;
}

const UPDATE: BinsCommand = {
  verb: "update",
  description: "write bins of records that exist",
  examples: [
    "aerowire background update test.users -w '$.age > 30' --add score=1 -n",
    "aerowire background update test.users --compute 'total=$.price * $.count'",
  ],
  destroys: false,
  begin: (task, target) => task.update(target),
};

const REPLACE: BinsCommand = {
  verb: "replace",
  description: "give records a new content: other bins are gone",
  examples: ["aerowire background replace test.users -w '$.erase == true' --set gone=true"],
  destroys: true,
  begin: (task, target) => task.replaceIfExists(target),
};

export const addBackgroundUpdate = (group: Command, cli: Cli): void => addBinsCommand(group, cli, UPDATE);

export const addBackgroundReplace = (group: Command, cli: Cli): void => addBinsCommand(group, cli, REPLACE);

function addBinsCommand(group: Command, cli: Cli, { verb, description, examples, destroys, begin }: BinsCommand): void {
  const command = group.command(verb).description(description).argument("<target>", TARGET_HELP);
  const operations = addOperationOptions(command, verb);
  addTaskOptions(command.option("--ttl <time>", `time to live: ${TTL_HELP}`))
    .addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}`)
    .action(
      cli.action(async (targetText: string, flags: TaskFlags & { readonly ttl?: string }) => {
        const target = parseTarget(targetText);
        const { open, session } = await cli.session(command);
        const builder = applyTtl(applyTaskOptions(begin(session.backgroundTask(), target), flags), flags.ttl);
        applyOperations(builder, operations);
        return runTask(cli, open, { target, verb, builder, destroys }, flags);
      }),
    );
}
