import { int, list, op } from "./packing.js";
import type { Random } from "./random.js";
import { randomKey } from "./random-value.js";

// Operations on lists and maps in the packed form that they have both as operations of their own and as calls in
// expressions. Left out is what takes a server down: lists with INVERTED that are empty, and indexes so large that padding
// fills the memory.

/** Added to a return type. */
export const INVERTED = 0x1_0000;

/** What parameters look like where the operation stands. */
export interface Parameters {
  readonly random: Random;
  /** An index, a rank or a key's place. */
  index(): Uint8Array;
  /** A value that is stored or compared with. */
  value(): Uint8Array;
  key(): Uint8Array;
  /** A literal list of packed values. */
  list(...values: readonly Uint8Array[]): Uint8Array;
  /** A value that is taken into a list of values. */
  element(): Uint8Array;
  /** A packed list to be added. */
  items(): Uint8Array;
  /** A packed map to be put. */
  entries(): Uint8Array;
  /** What an operation that selects is asked for: most often a return type that goes with it. */
  returnType(on: "list" | "map", many: boolean): number;
}

export type Operation = () => Uint8Array;

function count({ random }: Parameters): Uint8Array[] {
  return random.oneIn(3) ? [] : [int(random.below(4))];
}

function end(p: Parameters, bound: () => Uint8Array): Uint8Array[] {
  return p.random.oneIn(2) ? [bound()] : [];
}

/** A return type and a list, which is empty only where that does no harm. */
function anyOf(p: Parameters, on: "list" | "map", member: () => Uint8Array): Uint8Array[] {
  const type = p.returnType(on, true);
  const least = (type & INVERTED) !== 0 ? 1 : p.random.oneIn(10) ? 0 : 1;
  const size = least === 0 ? 0 : p.random.between(1, 3);
  return [int(type), p.list(...Array.from({ length: size }, member))];
}

/** The operations that select elements of a list; `removes` is added to the code of the one that reads. */
function listSelections(p: Parameters, code: (read: number) => number): Operation[] {
  const one = () => int(p.returnType("list", false));
  const many = () => int(p.returnType("list", true));
  return [
    () => op(code(19), one(), p.index()),
    () => op(code(20), one(), p.value()),
    () => op(code(21), one(), p.index()),
    () => op(code(22), many(), p.value()),
    () => op(code(23), ...anyOf(p, "list", () => p.element())),
    () => op(code(24), many(), p.index(), ...count(p)),
    () => op(code(25), many(), p.value(), ...end(p, () => p.value())),
    () => op(code(26), many(), p.index(), ...count(p)),
    () => op(code(27), many(), p.value(), p.index(), ...count(p)),
  ];
}

export function listReads(p: Parameters): Operation[] {
  return [() => op(16), () => op(17, p.index()), () => op(18, p.index(), ...count(p)), ...listSelections(p, same)];
}

export function listRemovals(p: Parameters): Operation[] {
  return [
    () => op(5, p.index()),
    () => op(6, p.index(), ...count(p)),
    () => op(7, p.index()),
    () => op(8, p.index(), ...count(p)),
    () => op(10, p.index(), int(p.random.below(4))),
    () => op(11),
    ...listSelections(p, (read) => LIST_REMOVALS[read] ?? read),
  ];
}

/** @param order of a list that is created */
export function listWrites(p: Parameters, order: () => Uint8Array): Operation[] {
  const { random } = p;
  const flags = () =>
    int(random.oneIn(20) ? random.below(64) : random.pick([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15]));
  const delta = () => random.pick([() => int(random.between(-3, 3)), () => p.value()])();
  return [
    () => op(0, order()),
    () => op(1, p.value(), ...optional(random, order, flags)),
    () => op(2, p.items(), ...optional(random, order, flags)),
    () => op(3, p.index(), p.value(), ...optional(random, flags)),
    () => op(4, p.index(), p.items(), ...optional(random, flags)),
    () => op(9, p.index(), p.value(), ...optional(random, flags)),
    () => op(12, p.index(), ...optional(random, delta, order, flags)),
    () => op(13, ...optional(random, () => int(random.below(random.oneIn(20) ? 8 : 4)))),
  ];
}

function mapSelections(p: Parameters, code: (read: number) => number): Operation[] {
  const one = () => int(p.returnType("map", false));
  const many = () => int(p.returnType("map", true));
  return [
    () => op(code(97), one(), p.key()),
    () => op(code(98), one(), p.index()),
    () => op(code(99), one(), p.value()),
    () => op(code(100), one(), p.index()),
    () => op(code(102), many(), p.value()),
    () => op(code(103), many(), p.key(), ...end(p, () => p.key())),
    () => op(code(104), many(), p.index(), ...count(p)),
    () => op(code(105), many(), p.value(), ...end(p, () => p.value())),
    () => op(code(106), many(), p.index(), ...count(p)),
    () => op(code(107), ...anyOf(p, "map", () => randomKey(p.random))),
    () => op(code(108), ...anyOf(p, "map", () => p.element())),
    () => op(code(109), many(), p.key(), p.index(), ...count(p)),
    () => op(code(110), many(), p.value(), p.index(), ...count(p)),
  ];
}

export function mapReads(p: Parameters): Operation[] {
  return [() => op(96), ...mapSelections(p, same)];
}

export function mapRemovals(p: Parameters): Operation[] {
  return [() => op(75), ...mapSelections(p, (read) => MAP_REMOVALS[read] ?? read)];
}

/** @param order of a map that is created */
export function mapWrites(p: Parameters, order: () => Uint8Array): Operation[] {
  const { random } = p;
  const flags = () => int(random.oneIn(20) ? random.below(64) : random.pick([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 13, 14]));
  const delta = () => random.pick([() => int(random.between(-3, 3)), () => p.value()])();
  return [
    () => op(64, order()),
    () => op(65, p.key(), p.value(), ...optional(random, order)),
    () => op(66, p.entries(), ...optional(random, order)),
    () => op(67, p.key(), p.value(), ...optional(random, order, flags)),
    () => op(68, p.entries(), ...optional(random, order, flags)),
    () => op(69, p.key(), p.value()),
    () => op(70, p.entries()),
    () => op(73, p.key(), ...optional(random, delta, order)),
    () => op(74, p.key(), ...optional(random, delta, order)),
  ];
}

/** The first few of parameters that may be left out from some place on. */
function optional(random: Random, ...parameters: readonly Operation[]): Uint8Array[] {
  const given = random.oneIn(3) ? random.below(parameters.length + 1) : parameters.length;
  return parameters.slice(0, given).map((make) => make());
}

/** The operation inside of a context. */
export function inContext(steps: readonly Uint8Array[], operation: Uint8Array): Uint8Array {
  return list(int(0xff), list(...steps), operation);
}

const same = (read: number): number => read;

const LIST_REMOVALS: Readonly<Record<number, number>> = {
  19: 32,
  20: 33,
  21: 34,
  22: 35,
  23: 36,
  24: 37,
  25: 38,
  26: 39,
  27: 40,
};

const MAP_REMOVALS: Readonly<Record<number, number>> = {
  97: 76,
  98: 77,
  99: 78,
  100: 79,
  102: 82,
  103: 84,
  104: 85,
  105: 86,
  106: 87,
  107: 81,
  108: 83,
  109: 88,
  110: 89,
};
