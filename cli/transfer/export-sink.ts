import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { ExitCode } from "../exit-code.js";
import { CliError } from "../failure.js";
import type { Output } from "../io.js";
import { reopen } from "./checkpoint.js";

const compress = promisify(gzip);

/** Text gathers up to so many characters before it is written, and compressed, as one piece. */
const PIECE = 1 << 20;

/**
 * Where lines of an export go. With gzip each piece is a whole member of the file, so that the export can go on behind
 * any of them; what reads gzip reads members one after the other.
 */
export class ExportSink {
  readonly #write: (bytes: Buffer) => Promise<void>;
  readonly #close: () => Promise<void>;
  readonly #gzip: boolean;
  #text = "";
  /** Bytes that are written, in all. */
  bytes: number;

  private constructor(
    gzipped: boolean,
    bytes: number,
    write: (bytes: Buffer) => Promise<void>,
    close: () => Promise<void>,
  ) {
    this.#gzip = gzipped;
    this.bytes = bytes;
    this.#write = write;
    this.#close = close;
  }

  /** A new file, or one that is written over. @throws CliError for one that is there, unless it may be written over */
  static async create(file: string, gzipped: boolean, overwrite: boolean): Promise<ExportSink> {
    try {
      return ExportSink.#toFile(await open(file, overwrite ? "w" : "wx"), gzipped, 0);
    } catch (error) {
      const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!isThere) throw error;
      throw new CliError(ExitCode.NOT_CONFIRMED, `${file} is there already: --overwrite, or --resume to go on with it`);
    }
  }

  /** The file of an export that is gone on with. */
  static async resume(file: string, gzipped: boolean, bytes: number): Promise<ExportSink> {
    return ExportSink.#toFile(await reopen(file, bytes), gzipped, bytes);
  }

  static toOutput(print: (bytes: Buffer) => Promise<void>, gzipped: boolean): ExportSink {
    return new ExportSink(gzipped, 0, print, async () => undefined);
  }

  static #toFile(handle: FileHandle, gzipped: boolean, start: number): ExportSink {
    let at = start;
    return new ExportSink(
      gzipped,
      start,
      async (bytes) => {
        await handle.write(bytes, 0, bytes.length, at);
        at += bytes.length;
      },
      async () => {
        await handle.datasync();
        await handle.close();
      },
    );
  }

  /** @returns whether a piece is full, and `flush` is due */
  add(line: string): boolean {
    this.#text += `${line}\n`;
    return this.#text.length >= PIECE;
  }

  async flush(): Promise<void> {
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    const bytes = this.#gzip ? await compress(text) : Buffer.from(text);
    await this.#write(bytes);
    this.bytes += bytes.length;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Writes bytes to an output, and waits while it is full. */
export function bytesWriter(out: Output, onClosed: (error: Error) => Error): (bytes: Buffer) => Promise<void> {
  return (bytes) =>
    new Promise((resolve, reject) => {
      out.write(bytes, (error) => (error === null || error === undefined ? resolve() : reject(onClosed(error))));
    });
}
