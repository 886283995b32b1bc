import type { Io } from "../io.js";
import { LiveText } from "./live-text.js";
import { bytes as bytesText, counted, rate } from "./numbers.js";
import type { Screen } from "./screen.js";

const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 10_000;

/** Shows how many records went by: a line that changes on a terminal, a line now and then elsewhere. */
export class Counter {
  readonly #io: Io;
  readonly #screen: Screen;
  readonly #verb: string;
  readonly #live: LiveText | undefined;
  readonly #start: number;
  readonly #from: number;
  #nextAt: number;

  /** @param from records that were done before */
  constructor(io: Io, screen: Screen, verb: string, from = 0) {
    this.#io = io;
    this.#screen = screen;
    this.#verb = verb;
    this.#from = from;
    this.#start = io.clock.now();
    this.#live = io.stderr.isTTY === true ? new LiveText(io.stderr) : undefined;
    this.#nextAt = this.#start + (this.#live === undefined ? LOG_EVERY_MS : TERMINAL_EVERY_MS);
  }

  show(records: number, bytes?: number): void {
    const now = this.#io.clock.now();
    if (now < this.#nextAt) return;
    this.#nextAt = now + (this.#live === undefined ? LOG_EVERY_MS : TERMINAL_EVERY_MS);
    const line = this.#line(records, bytes, now);
    if (this.#live === undefined) this.#screen.note(line);
    else this.#live.show([line]);
  }

  /** The last word. */
  end(records: number, bytes?: number): void {
    const line = this.#line(records, bytes, this.#io.clock.now());
    if (this.#live === undefined) this.#screen.note(line);
    else this.#live.show([line]);
  }

  #line(records: number, bytes: number | undefined, now: number): string {
    const ms = now - this.#start;
    const size = bytes === undefined ? "" : `, ${bytesText(bytes)}`;
    const speed = ms < 1 ? "" : `, ${rate((1000 * (records - this.#from)) / ms)}`;
    return `${counted(records, "record")} ${this.#verb}${size}${speed}`;
  }
}
