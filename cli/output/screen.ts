import { ClosedPipe } from "../failure.js";
import type { Io, Output } from "../io.js";
import { type Colors, colorsFor } from "./colors.js";
import { type Column, renderTable } from "./table.js";

/** Results go to stdout, everything that is about them to stderr. */
export class Screen {
  readonly #io: Io;
  readonly colors: Colors;
  readonly noteColors: Colors;
  #isClosed = false;

  constructor(io: Io) {
    this.#io = io;
    this.colors = colorsFor(io.stdout, io.env);
    this.noteColors = colorsFor(io.stderr, io.env);
  }

  /** Whether results are read by a person. */
  get isTerminal(): boolean {
    return this.#io.stdout.isTTY === true;
  }

  /** Columns of the terminal; undefined where results go to a file or a pipe. */
  get width(): number | undefined {
    return this.isTerminal ? columnsOf(this.#io.stdout) : undefined;
  }

  /** Columns for progress and notes. */
  get noteWidth(): number {
    return columnsOf(this.#io.stderr);
  }

  /** The reader went away: what comes is thrown as ClosedPipe. */
  close(): void {
    this.#isClosed = true;
  }

  /** Writes results, and waits while the reader is slow. @throws ClosedPipe when there is no reader any more */
  async print(text: string): Promise<void> {
    const { stdout } = this.#io;
    if (this.#isClosed || stdout.destroyed) throw new ClosedPipe();
    if (stdout.write(`${text}\n`)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stdout.off("drain", done).off("close", done).off("error", done);
        resolve();
      };
      stdout.on("drain", done).on("close", done).on("error", done);
    });
    if (this.#isClosed) throw new ClosedPipe();
  }

  /** Results as a table, folded to the terminal. */
  table(columns: readonly (Column | string)[], rows: readonly (readonly string[])[]): Promise<void> {
    return this.print(renderTable(columns, rows, this.width, this.colors));
  }

  /** Writes something that is no result. */
  note(text: string): void {
    this.#io.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.noteColors.yellow("warning:")} ${text}`);
  }
}

function columnsOf(out: Output): number {
  const { columns = 80 } = out;
  return columns > 0 ? columns : 80;
}
