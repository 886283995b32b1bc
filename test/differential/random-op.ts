import { ResultType } from "../../emulator/exp/result-type.js";
import { Reader } from "../../protocol/bytes/reader.js";
import { type Op, OpCode, type PayloadOp } from "../../protocol/message/op.js";
import { double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import { unpackValue } from "../../protocol/value/unpack.js";
import type { Value } from "../../protocol/value/value.js";
import { bool, int, list, op, quote } from "../support/random/packing.js";
import type { Random } from "../support/random/random.js";
import {
  INVERTED,
  inContext,
  listReads,
  listRemovals,
  listWrites,
  mapReads,
  mapRemovals,
  mapWrites,
  type Parameters,
} from "../support/random/random-collection.js";
import { binsByType, type ExpressionType, type RandomExpression } from "../support/random/random-expression.js";
import {
  randomBlob,
  randomDouble,
  randomElement,
  randomGeoJson,
  randomInteger,
  randomIntegerList,
  randomKey,
  randomList,
  randomMap,
  randomString,
} from "../support/random/random-value.js";
import { randomBitOp, randomHllOp } from "./random-blob-op.js";
import { pathOp } from "./random-path-op.js";

// One op of a command, of any kind that servers know, on a bin that is likely to be of its type.

/** Lists and maps that paths change: nothing ordered may ever be inside, or a server can go down. */
export const PATH_BINS = ["y", "z"] as const;
/** An unordered list of integers that expressions change by paths. */
const UNORDERED = "n";
/** A list and a map that keep an index in storage; sorting such a list without its duplicates takes a server down. */
const PERSISTED_LIST = "q";
const PERSISTED_MAP = "r";
const PERSIST = 0x10;

const SCALARS = ["i", "j", "k", "d", "e", "s", "u", "t", "b", "g", "x", "gone", "new"];
const LISTS = ["l", "l", "o", "x", "gone", PERSISTED_LIST];
const MAPS = ["m", "m", "p", "x", "gone", PERSISTED_MAP];

/** Bins that any op may change. */
const FREE = ["i", "j", "k", "d", "e", "s", "u", "t", "l", "o", "m", "p", "b", "g", "h", "x", "new"];

/** @param persists whether lists and maps may keep an index in storage */
export function randomOp(from: RandomExpression, persists: boolean): Op {
  const { random } = from;
  const kind = random.below(30);
  if (kind < 8) return listOp(random, persists);
  if (kind < 16) return mapOp(random, persists);
  if (kind < 19) return randomBitOp(random);
  if (kind < 22) return randomHllOp(from);
  if (kind < 24) return expressionOp(from);
  if (kind < 26) return pathOp(from);
  return scalarOp(from);
}

/** An op that only reads. */
export function randomReadOp(from: RandomExpression): Op {
  for (;;) {
    const made = randomOp(from, false);
    switch (made.code) {
      case OpCode.READ:
      case OpCode.CDT_READ:
      case OpCode.EXP_READ:
      case OpCode.BITS_READ:
      case OpCode.HLL_READ:
        return made;
    }
  }
}

/** @param far whether indexes may be as large as they can be, which makes a write pad the list */
function parametersOf(random: Random, far: boolean): Parameters {
  const extremes = far ? [-(2n ** 31n), 2n ** 31n - 1n, 2n ** 40n, -(2n ** 63n)] : [40n];
  return {
    random,
    index: () => int(random.oneIn(30) ? random.pick(extremes) : random.between(-5, 6)),
    value: () => (random.oneIn(12) ? search(random) : randomElement(random, 1)),
    key: () => (random.oneIn(20) ? randomElement(random, 0) : randomKey(random)),
    list,
    element: () => (random.oneIn(12) ? search(random) : randomElement(random, 0)),
    items: () => (random.oneIn(2) ? randomIntegerList(random) : randomList(random, 1)),
    entries: () => randomMap(random, 1),
    returnType: (on, many) => randomReturnType(random, on, many),
  };
}

/** A value to look for with a wildcard or an infinity in it. */
function search(random: Random): Uint8Array {
  const special = Uint8Array.of(0xd4, 0xff, random.below(2));
  return random.oneIn(4) ? special : list(randomElement(random, 0), special);
}

function randomReturnType(random: Random, on: "list" | "map", many: boolean): number {
  if (random.oneIn(25)) return random.below(20);
  const inverted = random.oneIn(many ? 6 : 40) ? INVERTED : 0;
  const kinds = on === "list" ? [0, 1, 2, 3, 4, 5, 7, 7, 7, 9, 10, 11, 12, 13] : MAP_KINDS;
  return random.pick(kinds) + inverted;
}

const MAP_KINDS = [0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12, 13, 16, 17];

/** The way to a list or map inside of a bin; `creates` lets steps make what is missing. */
function randomSteps(random: Random, creates: boolean): Uint8Array[] {
  const steps: Uint8Array[] = [];
  for (let count = random.oneIn(3) ? 2 : 1; count > 0; count--) {
    const create = creates && random.oneIn(2);
    const index = int(random.between(-3, 4));
    steps.push(
      ...random.pick([
        // Below -1 a server makes a place at the end after all, and aborts over it; padding takes no negative index.
        () =>
          create
            ? random.pick([
                () => [int(0x50), int(random.between(-1, 4))],
                () => [int(0x90), int(random.between(0, 4))],
                () => [int(0xd0), int(random.between(-1, 4))],
              ])()
            : [int(0x10), index],
        () => [int(0x11), index],
        () => [int(0x13), randomElement(random, 1)],
        () => [int(0x20), index],
        () => [int(0x21), index],
        () => [int(0x22 + (create ? random.pick([0x40, 0x80, 0xc0]) : 0)), randomKey(random)],
        () => [int(0x22), randomKey(random)],
        () => [int(0x23), randomElement(random, 1)],
      ])(),
    );
  }
  return steps;
}

function collectionOp(random: Random, bin: string, modifies: boolean, operation: Uint8Array): PayloadOp {
  // A server keeps the flag for an index in storage on what lies in a bin that steps create: nobody can mean that.
  const creates = modifies && bin !== PERSISTED_LIST && bin !== PERSISTED_MAP;
  const payload = random.oneIn(4) ? inContext(randomSteps(random, creates), operation) : operation;
  return { code: modifies ? OpCode.CDT_MODIFY : OpCode.CDT_READ, bin, payload };
}

function listOp(random: Random, persists: boolean): PayloadOp {
  const p = parametersOf(random, true);
  if (random.oneIn(3)) {
    return collectionOp(random, random.pick([...LISTS, UNORDERED, ...PATH_BINS]), false, random.pick(listReads(p))());
  }
  if (random.oneIn(3)) return collectionOp(random, random.pick(LISTS), true, random.pick(listRemovals(p))());
  const bin = random.pick(LISTS);
  const persist = persists && bin === PERSISTED_LIST ? PERSIST : 0;
  const order = () => int((random.oneIn(20) ? random.below(9) : random.below(2)) + (random.oneIn(2) ? persist : 0));
  const writes = listWrites(parametersOf(random, false), order);
  // Sorts without duplicates are for lists that never were persisted.
  return collectionOp(random, bin, true, random.pick(bin === PERSISTED_LIST ? writes.slice(0, -1) : writes)());
}

function mapOp(random: Random, persists: boolean): PayloadOp {
  const p = parametersOf(random, true);
  if (random.oneIn(3)) {
    return collectionOp(random, random.pick([...MAPS, ...PATH_BINS]), false, random.pick(mapReads(p))());
  }
  if (random.oneIn(3)) return collectionOp(random, random.pick(MAPS), true, random.pick(mapRemovals(p))());
  const bin = random.pick(MAPS);
  const persist = persists && bin === PERSISTED_MAP && random.oneIn(2) ? PERSIST : 0;
  // Key-value order and an index in storage don't go together: removing all by rank takes a server down.
  const orders = bin === PERSISTED_MAP ? [0, 1] : [0, 1, 3];
  const order = () => int((random.oneIn(30) ? random.pick([2, 4, 7, 8]) : random.pick(orders)) + persist);
  return collectionOp(random, bin, true, random.pick(mapWrites(p, order))());
}

function expressionOp(from: RandomExpression): PayloadOp {
  const { random } = from;
  const type = from.anyType();
  const expression = from.expression(type, random.between(1, 4));
  if (random.oneIn(2)) {
    const flags = random.oneIn(12) ? random.below(64) : random.pick([0, 0x10]);
    return { code: OpCode.EXP_READ, bin: random.pick(["res", "i", ""]), payload: list(expression, int(flags)) };
  }
  const flags = random.oneIn(12) ? random.below(64) : random.pick([0, 0, 1, 2, 4, 8, 9, 10, 16, 20, 24, 28]);
  return { code: OpCode.EXP_MODIFY, bin: random.pick(FREE), payload: list(expression, int(flags)) };
}

function scalarOp(from: RandomExpression): Op {
  const { random } = from;
  const bin = random.pick(SCALARS);
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      return { code: OpCode.READ, bin: random.pick([...SCALARS, ...LISTS, ...MAPS, ...PATH_BINS, "h"]) };
    case 3:
      return { code: OpCode.READ, bin: "", all: true };
    case 4:
    case 5:
      return { code: OpCode.INCR, bin, value: number(random) };
    case 6:
    case 7: {
      const value = random.oneIn(2) ? randomString(random) : random.pick([randomBlob(random), 1, randomString(random)]);
      return { code: random.oneIn(2) ? OpCode.APPEND : OpCode.PREPEND, bin, value };
    }
    case 8:
      return random.oneIn(3) ? { code: OpCode.DELETE_ALL, bin: "" } : { code: OpCode.TOUCH, bin: "" };
    default:
      return writeOp(from, random.pick(FREE));
  }
}

function number(random: Random): Value {
  if (random.oneIn(3)) return double(randomDouble(random));
  return random.oneIn(10) ? randomString(random) : randomInteger(random);
}

/** Writes a whole bin, most often of the type that it has. */
export function writeOp(from: RandomExpression, bin: string): Op {
  const { random } = from;
  if (random.oneIn(10)) return { code: OpCode.WRITE, bin, value: null };
  const type = random.oneIn(6) ? from.anyType() : typeOf(bin, from);
  if (random.oneIn(2) && type !== ResultType.HLL && type !== ResultType.NIL) {
    // As an expression a container keeps the order that it is written with.
    return { code: OpCode.EXP_MODIFY, bin, payload: list(from.constant(type), int(0)) };
  }
  return { code: OpCode.WRITE, bin, value: bareValue(from, type) };
}

function typeOf(bin: string, from: RandomExpression): ExpressionType {
  for (const [type, bins] of Object.entries(binsByType)) {
    if (bin !== "x" && bins.includes(bin)) return Number(type) as ExpressionType;
  }
  return from.anyType();
}

function bareValue({ random, sketches }: RandomExpression, type: ExpressionType): Value {
  switch (type) {
    case ResultType.NIL:
      return null;
    case ResultType.BOOL:
      return random.oneIn(2);
    case ResultType.INT:
      return randomInteger(random);
    case ResultType.FLOAT:
      return double(randomDouble(random));
    case ResultType.STRING:
      return randomString(random);
    case ResultType.BLOB:
      return randomBlob(random);
    case ResultType.LIST:
      return unpacked(randomList(random));
    case ResultType.MAP:
      return unpacked(randomMap(random));
    case ResultType.GEOJSON:
      return new GeoJson(randomGeoJson(random));
    case ResultType.HLL:
      return new Hll(random.pick(sketches));
  }
}

function unpacked(packed: Uint8Array): Value {
  // What the random values are made of can all be written.
  return unpackValue(new Reader(packed), { int64: "bigint", maps: "map" }) as Value;
}

/** What a new record begins with: every bin that the ops have in mind; perhaps with some that keep an index in storage. */
export function firstOps(from: RandomExpression, persists: boolean): Op[] {
  const { random } = from;
  const literal = (bin: string, packed: Uint8Array): Op => {
    return { code: OpCode.EXP_MODIFY, bin, payload: list(packed, int(0)) };
  };
  const typed = FREE.filter((bin) => bin !== "new" && !random.oneIn(6)).map((bin): Op => {
    const type = typeOf(bin, from);
    return type === ResultType.HLL || random.oneIn(3)
      ? { code: OpCode.WRITE, bin, value: bareValue(from, type) }
      : literal(bin, from.constant(type));
  });
  return [
    ...typed,
    literal(UNORDERED, quote(randomIntegerList(random))),
    literal(PATH_BINS[0], quote(unorderedList(random, 2))),
    literal(PATH_BINS[1], unorderedMap(random, 2)),
    { code: OpCode.CDT_MODIFY, bin: PERSISTED_LIST, payload: op(0, int(random.below(2) + (persists ? PERSIST : 0))) },
    { code: OpCode.CDT_MODIFY, bin: PERSISTED_LIST, payload: op(2, randomIntegerList(random)) },
    { code: OpCode.CDT_MODIFY, bin: PERSISTED_MAP, payload: op(64, int(1 + (persists ? PERSIST : 0))) },
    { code: OpCode.CDT_MODIFY, bin: PERSISTED_MAP, payload: op(68, randomMap(random, 1)) },
  ];
}

function unorderedList(random: Random, depth: number): Uint8Array {
  return list(...Array.from({ length: random.below(5) }, () => unorderedElement(random, depth)));
}

function unorderedMap(random: Random, depth: number): Uint8Array {
  const keys = ["a", "b", "c", "d"].filter(() => random.oneIn(2));
  const entries = keys.flatMap((key) => [text(key), unorderedElement(random, depth)]);
  return Uint8Array.of(0x80 + keys.length, ...entries.flatMap((each) => [...each]));
}

function unorderedElement(random: Random, depth: number): Uint8Array {
  if (depth > 0 && random.oneIn(2)) {
    return random.oneIn(2) ? unorderedList(random, depth - 1) : unorderedMap(random, depth - 1);
  }
  return random.pick([() => int(random.between(-3, 9)), () => text(random.pick(["a", "b"])), () => bool(true)])();
}

function text(value: string): Uint8Array {
  return Uint8Array.of(0xa1 + value.length, 3, ...new TextEncoder().encode(value));
}
