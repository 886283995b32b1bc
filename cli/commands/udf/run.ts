import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirmInProduction } from "../../confirm.js";
import { KEY_HELP, parseKey, parseValue } from "../../values/parse-value.js";
import { parseSetTarget, SET_HELP, targetText } from "../../values/target.js";
import { stringifyTyped } from "../../values/typed-json.js";
import { parseFunction } from "./parse-function.js";

const EXAMPLES = `
Examples:
  $ aerowire udf run test.users 42 scores.raise 5`;

export function addUdfRun(group: Command, cli: Cli): void {
  const command = group
    .command("run")
    .description("call a function on one record")
    .argument("<set>", SET_HELP)
    .argument("<key>", KEY_HELP)
    .argument("<function>", "module.function")
    .argument("[arguments...]", "what is passed to it");
  addConfirmOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (setText: string, keyText: string, name: string, texts: string[], flags: ConfirmFlags) => {
        const set = parseSetTarget(setText);
        const [module, functionName] = parseFunction(name);
        const args = texts.map((text, i) => parseValue(`argument ${i + 1}`, text));
        const { open, session } = await cli.session(command);
        const what = `call ${name} on record ${keyText} of ${targetText(set)}`;
        await confirmInProduction(cli, open, { what }, flags);
        const call = session
          .executeUdf(parseKey(set, keyText))
          .function(module, functionName)
          .passing(...args);
        const row = await call.firstOrThrow({ signal: cli.signal });
        await cli.screen.print(stringifyTyped(row.udfResult));
      }),
    );
}
