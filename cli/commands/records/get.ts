import { type Command, Option } from "commander";
import type { Record } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { ExitCode } from "../../exit-code.js";
import { FORMATS, type Format, recordWriter } from "../../output/record-writer.js";
import { KEY_HELP, parseKey } from "../../values/parse-value.js";
import { parseSetTarget, SET_HELP } from "../../values/target.js";

interface GetFlags {
  readonly bins?: string | undefined;
  readonly format?: Format | undefined;
  readonly json?: boolean | undefined;
}

const EXAMPLES = `
Examples:
  $ aerowire get test.users 42
  $ aerowire get test.users ada bob --bins name,age`;

export function addGet(program: Command, cli: Cli): void {
  const command = program
    .command("get")
    .description("read records by their keys")
    .argument("<set>", SET_HELP)
    .argument("<key...>", KEY_HELP)
    .option("-b, --bins <names>", "these bins only, with commas between")
    .addOption(
      new Option("-f, --format <format>", `${FORMATS.join(", ")}; default: table at a terminal, else jsonl`).choices(
        FORMATS,
      ),
    )
    .option("--json", "short for --format jsonl")
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (setText: string, keyTexts: string[], flags: GetFlags) => {
        const set = parseSetTarget(setText);
        const keys = keyTexts.map((text) => parseKey(set, text));
        const bins = flags.bins?.split(",").map((name) => name.trim());
        const { screen, signal } = cli;
        const { session } = await cli.session(command);
        const records: readonly (Record | null)[] =
          bins === undefined ? await session.getMany(keys, { signal }) : await session.getMany(keys, { bins, signal });
        const format = flags.format ?? (flags.json === true || !screen.isTerminal ? "jsonl" : "table");
        const writer = recordWriter(screen, format, bins);
        const missing: string[] = [];
        for (const [i, record] of records.entries()) {
          if (record === null) missing.push(keyTexts[i] ?? "");
          else await writer.write(record);
        }
        if (missing.length < records.length) await writer.end();
        if (missing.length === 0) return ExitCode.DONE;
        screen.note(`no record: ${missing.join(", ")}`);
        return ExitCode.NOT_FOUND;
      }),
    );
}
