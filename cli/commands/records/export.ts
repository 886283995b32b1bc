import type { Command } from "commander";
import { Option } from "commander";
import { addWhere, type Cli } from "../../cli.js";
import { ClosedPipe, usage } from "../../failure.js";
import { more } from "../../more-options.js";
import { Counter } from "../../output/counter.js";
import { loadCheckpoint, removeCheckpoint, saveCheckpoint } from "../../transfer/checkpoint.js";
import { exportLine } from "../../transfer/export-line.js";
import { bytesWriter, ExportSink } from "../../transfer/export-sink.js";
import { parseWhole } from "../../values/parse-value.js";
import { parseTarget, TARGET_HELP, targetText } from "../../values/target.js";
import { applyWhere, type WhereFlags } from "../where.js";

interface ExportFlags extends WhereFlags {
  readonly bins?: string | undefined;
  readonly gzip?: boolean | undefined;
  readonly resume?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly rps?: string | undefined;
  readonly index?: string | undefined;
}

/** How often the place to go on from is written down. */
const CHECKPOINT_MS = 2_000;

const EXAMPLES = `
Examples:
  $ aerowire export test.users users.jsonl.gz --rps 20000
  $ aerowire export test.users users.jsonl.gz --resume`;

export function addExport(program: Command, cli: Cli): void {
  const command = program
    .command("export")
    .description("write records to a file of JSON lines; can be resumed")
    .argument("<target>", TARGET_HELP)
    .argument("[file]", "default: stdout, which can't be resumed");
  addWhere(command)
    .option("-b, --bins <names>", "these bins only, with commas between")
    .option("--gzip", "compress; by itself for a file ending in .gz")
    .option("--resume", "go on where an export of the same file stopped")
    .option("--overwrite", "write over a file that is there")
    .option("--rps <n>", "records a second on each node")
    .addOption(more(new Option("--index <name>", "go through this secondary index instead of all records")))
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText_: string, file: string | undefined, flags: ExportFlags) => {
        const target = parseTarget(targetText_);
        if (file === undefined && flags.resume === true) throw usage("--resume needs a file");
        if (flags.resume === true && flags.overwrite === true)
          throw usage("--resume and --overwrite contradict each other");
        const asked = questionOf(targetText(target), flags);
        const gzipped = flags.gzip ?? file?.endsWith(".gz") ?? false;
        const checkpoint = file !== undefined && flags.resume === true ? await loadCheckpoint(file, asked) : undefined;
        const { io, screen, signal } = cli;
        const { session } = await cli.session(command);
        const query = applyWhere(session.query(target), flags);
        if (flags.rps !== undefined) query.recordsPerSecond(parseWhole("--rps", flags.rps, 1, 0x7fff_ffff));
        // Goes through all records: only so is the place to go on from certain.
        if (flags.index === undefined) query.withoutIndex();
        else query.withHint({ indexName: flags.index });
        if (checkpoint !== undefined) query.resumeFrom(checkpoint.cursor);
        const reading = flags.bins === undefined ? query : query.bins(flags.bins.split(",").map((name) => name.trim()));
        const sink =
          file === undefined
            ? ExportSink.toOutput(
                bytesWriter(io.stdout, (error) => new ClosedPipe(error)),
                gzipped,
              )
            : checkpoint === undefined
              ? await ExportSink.create(file, gzipped, flags.overwrite === true)
              : await ExportSink.resume(file, gzipped, checkpoint.bytes);
        let records = checkpoint?.records ?? 0;
        const counter = new Counter(io, screen, "exported", records);
        await using rows = await reading.execute({ signal });
        const save = async (): Promise<void> => {
          await sink.flush();
          const cursor = rows.cursor();
          if (file !== undefined && cursor !== undefined) {
            await saveCheckpoint(file, { asked, cursor, bytes: sink.bytes, records });
          }
        };
        try {
          // The first one says how to go on before a record has come.
          await save();
          let savedAt = io.clock.now();
          for await (const record of rows) {
            records++;
            const isFull = sink.add(exportLine(record, io.clock.now()));
            if (!isFull) continue;
            if (io.clock.now() - savedAt < CHECKPOINT_MS) await sink.flush();
            else {
              await save();
              savedAt = io.clock.now();
            }
            counter.show(records, sink.bytes);
          }
          await sink.flush();
        } catch (error) {
          if (file === undefined) throw error;
          await save();
          await sink.close();
          screen.note(`${records.toLocaleString("en-US")} records are in ${file}; --resume goes on from there`);
          throw error;
        }
        await sink.close();
        if (file !== undefined) await removeCheckpoint(file);
        counter.end(records, sink.bytes);
      }),
    );
}

/** What the export was asked for, as far as another one would give other lines. */
function questionOf(target: string, { where, param, bins, index, gzip }: ExportFlags): string {
  return JSON.stringify({ target, where, param, bins, index, gzip });
}
