import { clearScreenDown, moveCursor } from "node:readline";
import type { Output } from "../io.js";

/** Lines on a terminal that are written over each other. */
export class LiveText {
  readonly #out: Output;
  #lines = 0;

  constructor(out: Output) {
    this.#out = out;
  }

  /** @param lines none longer than the terminal is wide */
  show(lines: readonly string[]): void {
    this.#back();
    this.#out.write(`${lines.join("\n")}\n`);
    this.#lines = lines.length;
  }

  /** Takes away what was shown last. */
  clear(): void {
    this.#back();
    this.#lines = 0;
  }

  /** What was shown last stays. */
  end(): void {
    this.#lines = 0;
  }

  #back(): void {
    if (this.#lines === 0) return;
    moveCursor(this.#out, -1000, -this.#lines);
    clearScreenDown(this.#out);
  }
}
