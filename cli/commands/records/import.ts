import { type Command, Option } from "commander";
import type { Session } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirm } from "../../confirm.js";
import { Counter } from "../../output/counter.js";
import { counted } from "../../output/numbers.js";
import { toJson } from "../../output/to-json.js";
import { type ImportOptions, importRecords, openLines, STORES_KEYS } from "../../transfer/import-records.js";
import { parseWhole } from "../../values/parse-value.js";
import { parseTarget, TARGET_HELP, targetWords } from "../../values/target.js";

interface ImportFlags extends ConfirmFlags {
  readonly mode: ImportOptions["mode"];
  readonly parallel: string;
  readonly fromLine: string;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const EXAMPLES = `
Examples:
  $ aerowire import test.users users.jsonl.gz
  $ aerowire -c prod export test | aerowire -c local import test --yes`;

export function addImport(program: Command, cli: Cli): void {
  const command = program
    .command("import")
    .description("write the records of an export")
    .argument("<target>", TARGET_HELP)
    .argument("[file]", "JSON lines, compressed or not; default: stdin")
    .addOption(
      new Option("-m, --mode <mode>", "replace (default), upsert, or insert: leaves records that exist")
        .choices(["replace", "upsert", "insert"])
        .default("replace"),
    )
    .option("--from-line <n>", "go on at this line", "1")
    .option("--parallel <n>", "writes under way at the same time, 1 to 1000; default 100", "100")
    .option("-n, --dry-run", "read and check all lines; changes nothing")
    .option("--json", "the outcome as JSON");
  addConfirmOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText: string, file: string | undefined, flags: ImportFlags) => {
        const target = parseTarget(targetText);
        const { io, screen, signal } = cli;
        const dryRun = flags.dryRun === true;
        const parallel = parseWhole("--parallel", flags.parallel, 1, 1_000);
        const fromLine = parseWhole("--from-line", flags.fromLine, 1, Number.MAX_SAFE_INTEGER);
        const source = await openLines(file, io.stdin);
        const open = await cli.open(command);
        const session: Session = open.cluster.createSession(STORES_KEYS);
        const from = file ?? "stdin";
        if (!dryRun) {
          await confirm(
            cli,
            open,
            { what: `import the records of ${from} into ${targetWords(target)} (${flags.mode})` },
            flags,
          );
        }
        const counter = new Counter(io, screen, dryRun ? "read" : "imported");
        const outcome = await importRecords(session, target, source, {
          mode: flags.mode,
          parallel,
          fromLine,
          dryRun,
          signal,
          now: () => io.clock.now(),
          onProgress: (written) => counter.show(written),
        });
        if (flags.json === true) return screen.print(toJson(outcome));
        counter.end(outcome.written);
        if (outcome.existed > 0) screen.note(`${counted(outcome.existed, "record")} left as they were, for they exist`);
        if (outcome.expired > 0)
          screen.note(`${counted(outcome.expired, "record")} left out, for they have expired since`);
        if (dryRun) screen.note("Nothing was changed.");
      }),
    );
}
