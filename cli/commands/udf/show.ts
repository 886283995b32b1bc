import type { Command } from "commander";
import type { Cli } from "../../cli.js";

export function addUdfShow(group: Command, cli: Cli): void {
  const command = group
    .command("show")
    .description("the source of a module")
    .argument("<name>", "such as scores.lua")
    .action(
      cli.action(async (name: string) => {
        const { session } = await cli.session(command);
        const source = await session.getUdf(name, { signal: cli.signal });
        await cli.screen.print(source.replace(/\n$/, ""));
      }),
    );
}
