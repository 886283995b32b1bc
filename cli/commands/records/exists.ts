import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { ExitCode } from "../../exit-code.js";
import { KEY_HELP, parseKey } from "../../values/parse-value.js";
import { parseSetTarget, SET_HELP } from "../../values/target.js";

export function addExists(program: Command, cli: Cli): void {
  const command = program
    .command("exists")
    .description("whether records exist")
    .argument("<set>", SET_HELP)
    .argument("<key...>", KEY_HELP)
    .action(
      cli.action(async (setText: string, keyTexts: string[]) => {
        const set = parseSetTarget(setText);
        const keys = keyTexts.map((text) => parseKey(set, text));
        const { session } = await cli.session(command);
        const rows = await (await session.exists(keys).execute({ signal: cli.signal })).collect();
        const found = rows.map((row) => row.asBool());
        for (const [i, isThere] of found.entries())
          await cli.screen.print(`${isThere ? "yes" : "no "}  ${keyTexts[i]}`);
        return found.every(Boolean) ? ExitCode.DONE : ExitCode.NOT_FOUND;
      }),
    );
}
