import type { Io } from "../io.js";
import { type BarRow, barLines } from "./bar-line.js";
import { LiveText } from "./live-text.js";
import type { Screen } from "./screen.js";

const EVERY_MS = 100;

/** Bars below each other on a terminal, and lines above them that stay. */
export class LiveBars {
  readonly #io: Io;
  readonly #screen: Screen;
  readonly #live: LiveText;
  #rows: readonly BarRow[] = [];
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(io: Io, screen: Screen) {
    this.#io = io;
    this.#screen = screen;
    this.#live = new LiveText(io.stderr);
  }

  show(rows: readonly BarRow[]): void {
    this.#rows = rows;
    const now = this.#io.clock.now();
    if (now - this.#drawnAt < EVERY_MS) return;
    this.#drawnAt = now;
    this.#draw();
  }

  tell(line: string): void {
    this.#live.clear();
    this.#screen.note(line);
    this.#draw();
  }

  /** Leaves what was shown last; the next `show` begins anew below. */
  stop(): void {
    this.#draw();
    this.#live.end();
    this.#rows = [];
    this.#drawnAt = Number.NEGATIVE_INFINITY;
  }

  #draw(): void {
    if (this.#rows.length === 0) return;
    this.#live.show(barLines(this.#rows, this.#screen.noteWidth, this.#screen.noteColors));
  }
}
