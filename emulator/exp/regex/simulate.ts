import { holds } from "./assertion.js";
import type { Program } from "./program.js";

/** Follows all ways through a program at once: time grows with the text times the pattern, whatever the pattern. */
export function simulate(program: Program, text: Uint8Array, lines: boolean): boolean {
  const { instructions } = program;
  const threads = new Threads(program, text, lines);
  let current: number[] = [];
  for (let at = 0; at <= text.length; at++) {
    const byte = text[at];
    // A match may start anywhere.
    if (threads.reach(0, at, current)) return true;
    const next: number[] = [];
    threads.clear();
    for (const place of current) {
      const instruction = instructions[place];
      if (instruction?.op !== "bytes" || byte === undefined || !instruction.set.has(byte)) continue;
      if (threads.reach(place + 1, at + 1, next)) return true;
    }
    current = next;
  }
  return false;
}

/** The places that are reached without taking a byte, each once for every position. */
class Threads {
  readonly #program: Program;
  readonly #text: Uint8Array;
  readonly #lines: boolean;
  readonly #seen: Uint32Array;
  #round = 1;

  constructor(program: Program, text: Uint8Array, lines: boolean) {
    this.#program = program;
    this.#text = text;
    this.#lines = lines;
    this.#seen = new Uint32Array(program.instructions.length);
  }

  clear(): void {
    this.#round++;
  }

  /** Adds to `places` what takes a byte next; true when the end of the pattern is reached. */
  reach(start: number, at: number, places: number[]): boolean {
    const { instructions } = this.#program;
    const pending = [start];
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      const instruction = instructions[place];
      if (instruction === undefined || this.#seen[place] === this.#round) continue;
      this.#seen[place] = this.#round;
      switch (instruction.op) {
        case "match":
          return true;
        case "bytes":
          places.push(place);
          break;
        case "split":
          pending.push(...instruction.targets);
          break;
        case "assert":
          if (holds(instruction.assertion, this.#text, at, this.#lines)) pending.push(place + 1);
          break;
        default:
          pending.push(place + 1);
      }
    }
    return false;
  }
}
