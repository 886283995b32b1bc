import { type Command, Option } from "commander";
import type { AnyBins, DataSetReadBuilder, Record } from "../../../src/index.js";
import { addWhere, type Cli } from "../../cli.js";
import { usage } from "../../failure.js";
import { more } from "../../more-options.js";
import { counted } from "../../output/numbers.js";
import { FORMATS, type Format, recordWriter } from "../../output/record-writer.js";
import { toJson } from "../../output/to-json.js";
import { parseWhole } from "../../values/parse-value.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { applyWhere, type WhereFlags } from "../where.js";

interface QueryFlags extends WhereFlags {
  readonly bins?: string | undefined;
  readonly limit?: string | undefined;
  readonly format?: Format | undefined;
  readonly json?: boolean | undefined;
  readonly count?: boolean | undefined;
  readonly explain?: boolean | undefined;
  readonly sort?: string | undefined;
  readonly rps?: string | undefined;
  readonly index?: string | boolean | undefined;
}

/** What a person at a terminal gets who does not say how many. */
const TERMINAL_LIMIT = 100;

const EXAMPLES = `
Examples:
  $ aerowire query test.users --where '$.age > 30' --bins name,age --limit 10
  $ aerowire query test.users --sort -age --limit 5
  $ aerowire query test.users --json | jq .bins.name`;

export function addQuery(program: Command, cli: Cli): void {
  const command = program.command("query").description("read the records of a set").argument("<target>", TARGET_HELP);
  addWhere(command)
    .option("-b, --bins <names>", "these bins only, with commas between")
    .option("-l, --limit <n>", `records at most; default: ${TERMINAL_LIMIT} at a terminal, else all`)
    .option("--sort <bin>", "the first by this bin, -bin for descending; takes --limit")
    .addOption(
      new Option("-f, --format <format>", `${FORMATS.join(", ")}; default: table at a terminal, else jsonl`).choices(
        FORMATS,
      ),
    )
    .option("--json", "short for --format jsonl: one record a line, types kept")
    .option("--count", "how many records there are, instead of them")
    .option("--explain", "what would be sent, through which index")
    .addOption(more(new Option("--rps <n>", "records a second on each node")))
    .addOption(more(new Option("--index <name>", "prefer this secondary index")))
    .addOption(more(new Option("--no-index", "go through all records")))
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText: string, flags: QueryFlags) => {
        const target = parseTarget(targetText);
        const bins = flags.bins?.split(",").map((name) => name.trim());
        const { screen, signal } = cli;
        const { session } = await cli.session(command);
        const query = applyWhere(session.query(target), flags);
        if (typeof flags.index === "string") query.withHint({ indexName: flags.index });
        if (flags.index === false) query.withoutIndex();
        if (flags.rps !== undefined) query.recordsPerSecond(parseWhole("--rps", flags.rps, 1, 0x7fff_ffff));
        if (flags.count === true) {
          const records = await query.count({ signal });
          return screen.print(flags.json === true ? toJson({ count: records }) : String(records));
        }
        const reading: DataSetReadBuilder<AnyBins, Record> = bins === undefined ? query : query.bins(bins);
        const limit = limitOf(cli, flags);
        if (flags.explain === true) {
          if (limit !== undefined) reading.limit(limit);
          const plan = await reading.explain({ signal });
          return screen.print(flags.json === true ? toJson(plan) : String(plan));
        }
        await show(cli, reading, flags, bins, limit);
      }),
    );
}

function limitOf(cli: Cli, { limit, sort }: QueryFlags): number | undefined {
  if (limit === "0") return undefined;
  if (limit !== undefined) return parseWhole("--limit", limit, 1, Number.MAX_SAFE_INTEGER);
  return cli.screen.isTerminal || sort !== undefined ? TERMINAL_LIMIT : undefined;
}

async function show(
  { screen, signal }: Cli,
  reading: DataSetReadBuilder<AnyBins, Record>,
  flags: QueryFlags,
  bins: readonly string[] | undefined,
  limit: number | undefined,
): Promise<void> {
  const format = flags.format ?? (flags.json === true || !screen.isTerminal ? "jsonl" : "table");
  const writer = recordWriter(screen, format, bins);
  if (flags.sort !== undefined) {
    if (limit === undefined) throw usage("--sort: say how many records with --limit");
    const isDescending = flags.sort.startsWith("-");
    const bin = isDescending ? flags.sort.slice(1) : flags.sort;
    const sorted = reading.sortBy(bin as never, { descending: isDescending });
    for (const record of await sorted.topN(limit, { signal })) await writer.write(record);
    return writer.end();
  }
  if (limit !== undefined) reading.limit(limit);
  await using rows = await reading.execute({ signal });
  let records = 0;
  for await (const record of rows) {
    records++;
    await writer.write(record);
  }
  await writer.end();
  if (!screen.isTerminal) return;
  const isCut = records === limit && flags.limit === undefined;
  screen.note(isCut ? `the first ${records} that came; --limit 0 for all` : counted(records, "record"));
}
