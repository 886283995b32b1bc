import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { toJson } from "../../output/to-json.js";

export function addUdfList(group: Command, cli: Cli): void {
  const command = group
    .command("list")
    .description("the modules that are registered")
    .option("--json", "JSON lines")
    .action(
      cli.action(async ({ json }: { readonly json?: boolean }) => {
        const { session } = await cli.session(command);
        const modules = await session.listUdfs({ signal: cli.signal });
        if (json === true) {
          for (const module of modules) await cli.screen.print(toJson(module));
          return;
        }
        if (modules.length === 0) return cli.screen.note("no modules");
        await cli.screen.table(
          ["module", "hash"],
          modules.map(({ fileName, hash }) => [fileName, hash]),
        );
      }),
    );
}
