import type { Command } from "commander";
import { parseAel } from "../../../src/ael/index.js";
import { addParam, type Cli } from "../../cli.js";
import { parseParam } from "../../values/parse-value.js";
import { readText, TEXT_HELP } from "./read-text.js";

export function addAelCheck(group: Command, cli: Cli): void {
  const command = group
    .command("check")
    .description("whether an expression is right: exit code 0, else 2")
    .argument("<expression>", TEXT_HELP);
  addParam(command)
    .option("-q, --quiet", "print nothing when it is right")
    .action(
      cli.action(
        async (
          given: string,
          { param = [], quiet }: { readonly param?: readonly string[]; readonly quiet?: boolean },
        ) => {
          const text = await readText(cli.io, given);
          const { minVersion } = parseAel(text, ...param.map((one) => parseParam("--param", one)));
          if (quiet !== true) await cli.screen.print(`right; server ${minVersion} and later`);
        },
      ),
    );
}
