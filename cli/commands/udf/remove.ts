import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { ExitCode } from "../../exit-code.js";
import { CliError } from "../../failure.js";

export function addUdfRemove(group: Command, cli: Cli): void {
  const command = group
    .command("remove")
    .description("remove a module from every node")
    .argument("<name>", "such as scores.lua");
  addConfirmOptions(command).action(
    cli.action(async (name: string, flags: ConfirmFlags) => {
      const { signal } = cli;
      const { open, session } = await cli.session(command);
      const isThere = (await session.listUdfs({ signal })).some(({ fileName }) => fileName === name);
      if (!isThere) throw new CliError(ExitCode.NOT_FOUND, `There is no module ${name}`);
      await confirm(cli, open, { what: `remove the module ${name}` }, flags);
      const task = await session.removeUdf(name, { signal });
      await task.waitTillComplete({ totalTimeout: 60_000, signal });
      await cli.screen.print(`${name} is removed from every node`);
    }),
  );
}
