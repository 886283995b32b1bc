import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { ExitCode } from "../../exit-code.js";
import { CliError } from "../../failure.js";
import { parseTarget, TARGET_HELP, targetText } from "../../values/target.js";

export function addIndexDrop(group: Command, cli: Cli): void {
  const command = group
    .command("drop")
    .description("drop a secondary index")
    .argument("<target>", TARGET_HELP)
    .argument("<name>", "of the index");
  addConfirmOptions(command).action(
    cli.action(async (targetText_: string, name: string, flags: ConfirmFlags) => {
      const target = parseTarget(targetText_);
      const { signal, screen } = cli;
      const { open, session } = await cli.session(command);
      const isThere = (await session.listIndexes(target, { signal })).some(({ indexName }) => indexName === name);
      if (!isThere) throw new CliError(ExitCode.NOT_FOUND, `There is no index ${name} on ${targetText(target)}`);
      await confirm(cli, open, { what: `drop index ${name} on ${targetText(target)}` }, flags);
      const task = await session.dropIndex(target, name, { signal });
      await task.waitTillComplete({ totalTimeout: 60_000, signal });
      await screen.print(`${name} is dropped on every node`);
    }),
  );
}
