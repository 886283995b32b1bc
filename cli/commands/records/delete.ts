import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { ExitCode } from "../../exit-code.js";
import { counted } from "../../output/numbers.js";
import { KEY_HELP, parseKey } from "../../values/parse-value.js";
import { parseSetTarget, SET_HELP, targetText } from "../../values/target.js";

export function addDelete(program: Command, cli: Cli): void {
  const command = program
    .command("delete")
    .description("delete records by their keys")
    .argument("<set>", SET_HELP)
    .argument("<key...>", KEY_HELP)
    .option("--durable", "leave a tombstone (Enterprise Edition)");
  addConfirmOptions(command).action(
    cli.action(async (setText: string, keyTexts: string[], flags: ConfirmFlags & { readonly durable?: boolean }) => {
      const set = parseSetTarget(setText);
      const keys = keyTexts.map((text) => parseKey(set, text));
      const { open, session } = await cli.session(command);
      const records = keys.length === 1 ? `record ${keyTexts[0]}` : counted(keys.length, "record");
      await confirm(cli, open, { what: `delete ${records} of ${targetText(set)}` }, flags);
      const deletion = session.delete(keys);
      if (flags.durable === true) deletion.withDurableDelete();
      const rows = await (await deletion.execute({ signal: cli.signal })).collect();
      const missing = keyTexts.filter((_, i) => rows[i]?.asBool() !== true);
      await cli.screen.print(`deleted ${counted(keys.length - missing.length, "record")}`);
      if (missing.length === 0) return ExitCode.DONE;
      cli.screen.note(`no record: ${missing.join(", ")}`);
      return ExitCode.NOT_FOUND;
    }),
  );
}
