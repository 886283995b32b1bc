import { holds } from "./assertion.js";
import type { Program } from "./program.js";

/** Tries given up after: references make the time grow without bound. */
const MAX_STEPS = 5_000_000;

/** Where a try stands, and what its groups and loops had when a second way was left open. */
interface Choice {
  readonly place: number;
  readonly at: number;
  readonly undo: number;
}

/** Tries one way after another; only patterns that refer to groups need it. Gives up as if there were no match. */
export function backtrack(program: Program, text: Uint8Array, lines: boolean): boolean {
  const search = new Search(program, text, lines);
  for (let at = 0; at <= text.length; at++) if (search.from(at)) return true;
  return false;
}

class Search {
  readonly #program: Program;
  readonly #text: Uint8Array;
  readonly #lines: boolean;
  /** Two positions for each group, then one for each loop; -1 where there is none. */
  readonly #slots: Int32Array;
  /** Slots overwritten and what they held. */
  readonly #trail: [slot: number, position: number][] = [];
  #steps = 0;

  constructor(program: Program, text: Uint8Array, lines: boolean) {
    this.#program = program;
    this.#text = text;
    this.#lines = lines;
    this.#slots = new Int32Array(2 * (program.groups + 1) + program.loops).fill(-1);
  }

  from(start: number): boolean {
    this.#slots.fill(-1);
    this.#trail.length = 0;
    const open: Choice[] = [{ place: 0, at: start, undo: 0 }];
    for (let choice = open.pop(); choice !== undefined; choice = open.pop()) {
      this.#undo(choice.undo);
      if (this.#follow(choice.place, choice.at, open)) return true;
    }
    return false;
  }

  #follow(start: number, from: number, open: Choice[]): boolean {
    const { instructions } = this.#program;
    let at = from;
    for (let place = start; ; place++) {
      if (++this.#steps > MAX_STEPS) return false;
      const instruction = instructions[place];
      switch (instruction?.op) {
        case "match":
          return true;
        case "bytes": {
          const byte = this.#text[at++];
          if (byte === undefined || !instruction.set.has(byte)) return false;
          break;
        }
        case "assert":
          if (!holds(instruction.assertion, this.#text, at, this.#lines)) return false;
          break;
        case "split":
          for (const target of instruction.targets) open.push({ place: target, at, undo: this.#trail.length });
          return false;
        case "open":
          this.#set(2 * instruction.group, at);
          break;
        case "close":
          this.#set(2 * instruction.group + 1, at);
          break;
        case "enter":
          this.#set(this.#loopSlot(instruction.loop), at);
          break;
        case "progress":
          if (this.#slots[this.#loopSlot(instruction.loop)] === at) return false;
          break;
        case "reference": {
          const length = this.#repeats(instruction.group, at);
          if (length < 0) return false;
          at += length;
          break;
        }
        default:
          return false;
      }
    }
  }

  /** Length of a group's text if it stands at `at` once more, else -1. */
  #repeats(group: number, at: number): number {
    const start = this.#slots[2 * group] ?? -1;
    const end = this.#slots[2 * group + 1] ?? -1;
    if (start < 0 || end < start || at + end - start > this.#text.length) return -1;
    for (let i = start; i < end; i++) if (this.#text[i] !== this.#text[at + i - start]) return -1;
    return end - start;
  }

  #loopSlot(loop: number): number {
    return 2 * (this.#program.groups + 1) + loop;
  }

  #set(slot: number, position: number): void {
    this.#trail.push([slot, this.#slots[slot] ?? -1]);
    this.#slots[slot] = position;
  }

  #undo(length: number): void {
    while (this.#trail.length > length) {
      const [slot, position] = this.#trail.pop() ?? [0, -1];
      this.#slots[slot] = position;
    }
  }
}
