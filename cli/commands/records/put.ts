import { type Command, Option } from "commander";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirmInProduction } from "../../confirm.js";
import { usage } from "../../failure.js";
import { KEY_HELP, parseAssignment, parseKey, parseValue, parseWhole, VALUE_HELP } from "../../values/parse-value.js";
import { parseSetTarget, SET_HELP, targetText } from "../../values/target.js";
import { applyTtl, TTL_HELP } from "../background/task-options.js";

interface PutFlags extends ConfirmFlags {
  readonly ttl?: string | undefined;
  readonly mode: "upsert" | "insert" | "update" | "replace" | "replaceIfExists";
  readonly generation?: string | undefined;
}

const EXAMPLES = `
Values: ${VALUE_HELP}

Examples:
  $ aerowire put test.users 42 name=Ada age=36 'tags=["a","b"]' score=1.0
  $ aerowire put test.users ada '{"raw":{"$bytes":"AAE="}}' --ttl 7d`;

export function addPut(program: Command, cli: Cli): void {
  const command = program
    .command("put")
    .description("write a record")
    .argument("<set>", SET_HELP)
    .argument("<key>", KEY_HELP)
    .argument("<bins...>", "bin=value, or one JSON object")
    .addOption(
      new Option("-m, --mode <mode>", "upsert, insert, update, replace, replaceIfExists; default: upsert")
        .choices(["upsert", "insert", "update", "replace", "replaceIfExists"])
        .default("upsert"),
    )
    .option("--ttl <time>", `time to live: ${TTL_HELP}`)
    .option("--generation <n>", "only if the record has this generation");
  addConfirmOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (setText: string, keyText: string, texts: string[], flags: PutFlags) => {
        const set = parseSetTarget(setText);
        const key = parseKey(set, keyText);
        const bins = binsOf(texts);
        const { open, session } = await cli.session(command);
        await confirmInProduction(cli, open, { what: `write record ${keyText} of ${targetText(set)}` }, flags);
        const write = applyTtl(session[flags.mode](key).put(bins), flags.ttl);
        if (flags.generation !== undefined) {
          write.ensureGenerationIs(parseWhole("--generation", flags.generation, 1, 65_535));
        }
        const row = await write.firstOrThrow({ signal: cli.signal });
        const { generation } = row.recordOrThrow();
        await cli.screen.print(`written${generation > 0 ? `, generation ${generation}` : ""}`);
      }),
    );
}

function binsOf(texts: readonly string[]): Record<string, never> {
  const [first = ""] = texts;
  if (texts.length === 1 && first.startsWith("{")) {
    const value = parseValue("bins", first);
    if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      return value as Record<string, never>;
    }
    throw usage("bins: expected an object of bins");
  }
  const bins: [string, unknown][] = texts.map((text) => {
    const [bin, value] = parseAssignment("bins", text);
    return [bin, parseValue(bin, value)];
  });
  const twice = bins.find(([bin], i) => bins.findIndex(([other]) => other === bin) !== i);
  if (twice !== undefined) throw usage(`bins: "${twice[0]}" is given twice`);
  return Object.fromEntries(bins) as Record<string, never>;
}
