import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm, confirmInProduction } from "../../confirm.js";

export function addUdfRegister(group: Command, cli: Cli): void {
  const command = group
    .command("register")
    .description("register a module on every node")
    .argument("<file>", "a file of Lua")
    .option("--name <name>", "its name on the servers; default: that of the file");
  addConfirmOptions(command).action(
    cli.action(async (file: string, flags: ConfirmFlags & { readonly name?: string }) => {
      const name = flags.name ?? basename(file);
      const source = await readFile(file);
      const { signal, screen } = cli;
      const { open, session } = await cli.session(command);
      const isThere = (await session.listUdfs({ signal })).some(({ fileName }) => fileName === name);
      const isSame = isThere && (await session.getUdf(name, { signal })) === source.toString("utf8");
      if (isThere && !isSame) await confirm(cli, open, { what: `replace the module ${name}` }, flags);
      else await confirmInProduction(cli, open, { what: `register the module ${name}` }, flags);
      const task = await session.registerUdf(source, name, { signal });
      await task.waitTillComplete({ totalTimeout: 60_000, signal });
      await screen.print(`${name} is registered on every node`);
    }),
  );
}
