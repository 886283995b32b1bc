import type { Runtime } from "../../runtime/runtime.js";
import { nextTurn } from "./next-turn.js";

/** A slice: so many rows, or those of so much time, for what a row costs can't be known. */
export const ROWS_A_TURN = 2_000;
const MS_A_TURN = 5;
/** Rows between two looks at the clock, less one: a power of two less one. */
const LOOK_MASK = 15;

/**
 * Work on many rows, in slices between which the rest of the program has its turn. Parts of it that go on side by side
 * share the slices.
 *
 * @example
 * for (const row of rows) {
 *   const turn = turns.take(1);
 *   if (turn !== undefined) await turn;
 *   work(row);
 * }
 */
export class Turns {
  readonly #runtime: Runtime;
  #left = ROWS_A_TURN;
  #until: number;
  #turn: Promise<void> | undefined = undefined;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#until = runtime.now() + MS_A_TURN;
  }

  /** Takes rows out of the slice, to work on them; at once, or when what this returns has resolved. */
  take(rows: number): Promise<void> | undefined {
    if ((this.#left & LOOK_MASK) === 0 && this.#runtime.now() > this.#until) this.#left = 0;
    if (this.#left <= 0) return this.#takeLater(rows);
    this.#left -= rows;
    return undefined;
  }

  async #takeLater(rows: number): Promise<void> {
    while (this.#left <= 0) {
      this.#turn ??= this.#nextSlice();
      await this.#turn;
    }
    this.#left -= rows;
  }

  #nextSlice(): Promise<void> {
    return new Promise((resolve) => {
      nextTurn(this.#runtime, () => {
        this.#turn = undefined;
        this.#left = ROWS_A_TURN;
        this.#until = this.#runtime.now() + MS_A_TURN;
        resolve();
      });
    });
  }
}
