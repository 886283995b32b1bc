import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { PassThrough, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Behavior, type DataSet, RecordExistsError, type Session } from "../../src/index.js";
import { ExitCode } from "../exit-code.js";
import { CliError, failureOf } from "../failure.js";
import { type ExportedRecord, parseExportLine } from "./export-line.js";

/** Lines that have a key come from records that store it. */
export const STORES_KEYS = Behavior.DEFAULT.deriveWithChanges("import", {
  all: { sendKey: true, totalTimeout: 10_000 },
});

export interface ImportOptions {
  readonly mode: "replace" | "upsert" | "insert";
  /** Writes that are under way at the same time. */
  readonly parallel: number;
  /** Lines before this one are left out. */
  readonly fromLine: number;
  /** Reads and checks only. */
  readonly dryRun: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (written: number) => void;
}

/** What became of the lines. */
export interface ImportOutcome {
  readonly written: number;
  /** In mode insert: records that were there. */
  readonly existed: number;
  /** Records whose time to live had run out since they were exported. */
  readonly expired: number;
}

/** A file's or a stream's text, whether or not it is compressed. Rejects for a file that can't be opened. */
export async function openLines(file: string | undefined, stdin: Readable): Promise<Readable> {
  const source: Readable = file === undefined ? stdin : await openFile(file);
  const out = new PassThrough();
  // It may fail while the user is still asked; whoever reads it hears of it.
  out.on("error", () => undefined);
  source.on("error", (error) => out.destroy(error));
  source.once("readable", () => {
    const head: Buffer | string | null = source.read() as Buffer | null;
    if (head === null) return void out.end();
    const bytes = Buffer.from(head);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    source.unshift(bytes);
    const text = isGzip ? source.pipe(createGunzip().on("error", (error) => out.destroy(error))) : source;
    text.pipe(out);
  });
  return out;
}

async function openFile(file: string): Promise<Readable> {
  const handle = await open(file);
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw new CliError(ExitCode.FAILED, `${file}: it is a folder`);
  }
  return handle.createReadStream();
}

/**
 * Writes the records of JSON lines.
 * @throws CliError that says from which line to go on: everything before it is written
 */
export async function importRecords(
  session: Session,
  target: DataSet,
  source: Readable,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { signal, parallel, dryRun, now } = options;
  const underWay = new Map<number, Promise<void>>();
  let [written, existed, expired, line] = [0, 0, 0, 0];
  let failure: { readonly line: number; readonly error: unknown } | undefined;
  const fail = (at: number, error: unknown): void => {
    if (failure === undefined || at < failure.line) failure = { line: at, error };
  };
  const write = async (at: number, record: ExportedRecord): Promise<void> => {
    try {
      await writeRecord(session, record, options);
      written++;
    } catch (error) {
      if (error instanceof RecordExistsError && options.mode === "insert") existed++;
      else fail(at, error);
    } finally {
      underWay.delete(at);
      options.onProgress(written);
    }
  };
  try {
    if (source.errored !== null) throw source.errored;
    for await (const text of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (line < options.fromLine || text.trim() === "") continue;
      signal.throwIfAborted();
      const record = parseExportLine(text, target, now());
      if (typeof record.expires === "number" && record.expires * 1000 <= now()) expired++;
      else if (dryRun) written++;
      else {
        const at = line;
        underWay.set(at, write(at, record));
        while (underWay.size >= parallel) await Promise.race(underWay.values());
      }
      if (failure !== undefined) break;
    }
    if (source.errored !== null) throw source.errored;
  } catch (error) {
    fail(Math.max(1, line), error);
  }
  await Promise.all(underWay.values());
  source.destroy();
  if (failure === undefined) return { written, existed, expired };
  const { exitCode, text } = failureOf(
    signal.aborted ? new CliError(ExitCode.INTERRUPTED, "interrupted") : failure.error,
  );
  throw new CliError(
    exitCode === ExitCode.DONE ? ExitCode.FAILED : (exitCode as ExitCode),
    `line ${failure.line}: ${text}\nAll lines before it are done (${written} written); --from-line ${failure.line} goes on there`,
  );
}

async function writeRecord(
  session: Session,
  { key, bins, expires }: ExportedRecord,
  { mode, now, signal }: ImportOptions,
) {
  const write = session[mode](key).put(bins);
  if (expires === null) write.neverExpire();
  else if (expires !== undefined) write.expireRecordAfterSeconds(Math.max(1, expires - Math.floor(now() / 1000)));
  await write.firstOrThrow({ signal });
}
