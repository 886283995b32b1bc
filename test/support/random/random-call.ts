import { ResultType } from "../../../emulator/exp/result-type.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import { blob, bool, int, list, op, quote, raw, sketch } from "./packing.js";
import type { Random } from "./random.js";
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
} from "./random-collection.js";
import type { ExpressionType, RandomExpression } from "./random-expression.js";
import {
  distinct,
  randomBlob,
  randomElement,
  randomIntegerList,
  randomKey,
  randomList,
  randomMap,
} from "./random-value.js";

// Calls of list, map, bit and HyperLogLog operations, none of which can take a server down.

const CDT = 0;
const BITS = 1;
const HLL = 2;
const MODIFY = 0x40;

const ReturnType = {
  INDEX: 1,
  REVERSE_INDEX: 2,
  RANK: 3,
  REVERSE_RANK: 4,
  COUNT: 5,
  KEY: 6,
  VALUE: 7,
  KEY_VALUE: 8,
  EXISTS: 13,
};
function call(type: number, system: number, operation: Uint8Array, target: Uint8Array): Uint8Array {
  return op(ExpOp.CALL, int(type), int(system), operation, target);
}

/** A call that is declared with a type; whether its result is of that type shows when it runs. */
export function randomCall(from: RandomExpression, type: ExpressionType, depth: number): Uint8Array {
  const { random } = from;
  if (type === ResultType.HLL) return hllModify(from, depth);
  if (type === ResultType.BLOB && random.oneIn(2)) return bitCall(from, type, depth);
  if (type === ResultType.INT && random.oneIn(4))
    return random.oneIn(2) ? bitCall(from, type, depth) : hllRead(from, depth);
  if ((type === ResultType.LIST || type === ResultType.MAP) && depth > 0 && random.oneIn(4))
    return path(from, type, depth - 1);
  if (type === ResultType.LIST && random.oneIn(3)) return collectionModify(from, "list", depth);
  if (type === ResultType.MAP && random.oneIn(2)) return collectionModify(from, "map", depth);
  return collectionRead(from, type, random.oneIn(2) ? "list" : "map", depth);
}

/** A param: most often literal, at times worked out. */
function param(from: RandomExpression, type: ExpressionType, literal: Uint8Array): Uint8Array {
  if (!from.random.oneIn(6)) return literal;
  const worked = from.expression(type, 1);
  return worked;
}

function element(from: RandomExpression): Uint8Array {
  const value = randomElement(from.random, 1);
  // Lists among params are expressions: a literal one is quoted.
  return isList(value) ? quote(value) : value;
}

function isList(value: Uint8Array): boolean {
  const head = value[0] ?? 0;
  return (head >= 0x90 && head < 0xa0) || head === 0xdc || head === 0xdd;
}

function index(from: RandomExpression): Uint8Array {
  return int(from.random.between(-4, 5));
}

function returnType(random: Random, type: ExpressionType, map: boolean): number {
  const inverted = random.oneIn(8) ? INVERTED : 0;
  if (random.oneIn(15)) return random.below(18);
  switch (type) {
    case ResultType.INT:
      return (
        inverted +
        random.pick([ReturnType.COUNT, ReturnType.INDEX, ReturnType.RANK, ReturnType.REVERSE_RANK, ReturnType.VALUE])
      );
    case ResultType.BOOL:
      // EXISTS with INVERTED is a known fault of the server.
      return random.pick([ReturnType.EXISTS, ReturnType.VALUE]);
    case ResultType.LIST:
      return inverted + (map && random.oneIn(2) ? ReturnType.KEY : ReturnType.VALUE);
    case ResultType.MAP:
      return inverted + (map ? random.pick([ReturnType.KEY_VALUE, 16, 17]) : ReturnType.VALUE);
    default:
      return random.oneIn(4) && map ? ReturnType.KEY : ReturnType.VALUE;
  }
}

/** Parameters as they stand in a call: literal lists are quoted, and what is compared with may be worked out. */
function parametersOf(from: RandomExpression, type: ExpressionType, modifies: boolean): Parameters {
  const { random } = from;
  const { INT, STRING } = ResultType;
  const worked = (of: ExpressionType, literal: Uint8Array) => (modifies ? literal : param(from, of, literal));
  return {
    random,
    index: () => worked(INT, index(from)),
    value: () => worked(from.anyType(), element(from)),
    key: () => worked(random.pick([INT, STRING]), randomKey(random)),
    list: (...values) => quote(list(...values)),
    element: () => randomElement(random, 0),
    items: () => quote(random.oneIn(2) ? randomIntegerList(random) : randomList(random, 1)),
    entries: () => randomMap(random, 1),
    returnType: (on, many) => {
      if (modifies) return many && random.oneIn(4) ? INVERTED : 0;
      return returnType(random, type, on === "map");
    },
  };
}

/** Wraps an operation into a context now and then. */
function perhapsInContext(from: RandomExpression, operation: Uint8Array): Uint8Array {
  const { random } = from;
  if (!random.oneIn(6)) return operation;
  const context = random.pick([
    () => [int(0x10), index(from)],
    () => [int(0x11), index(from)],
    () => [int(0x13), randomElement(random, 0)],
    () => [int(0x20), index(from)],
    () => [int(0x21), index(from)],
    () => [int(0x22), randomKey(random)],
    () => [int(0x23), randomElement(random, 0)],
    () => [int(0x22), randomKey(random), int(0x10), index(from)],
  ])();
  return inContext(context, operation);
}

function collectionRead(from: RandomExpression, type: ExpressionType, on: "list" | "map", depth: number): Uint8Array {
  const parameters = parametersOf(from, type, false);
  const operation = from.random.pick(on === "list" ? listReads(parameters) : mapReads(parameters))();
  const target = from.expression(on === "list" ? ResultType.LIST : ResultType.MAP, depth);
  return call(type, CDT, perhapsInContext(from, operation), target);
}

function collectionModify(from: RandomExpression, on: "list" | "map", depth: number): Uint8Array {
  const { random } = from;
  const type = on === "list" ? ResultType.LIST : ResultType.MAP;
  const parameters = parametersOf(from, type, true);
  const order = () => int(random.pick(on === "list" ? [0, 1] : [0, 1, 3]));
  const operations =
    on === "list"
      ? [...listWrites(parameters, order), ...listRemovals(parameters)]
      : [...mapWrites(parameters, order), ...mapRemovals(parameters)];
  const operation = random.pick(operations)();
  return call(type, CDT + MODIFY, perhapsInContext(from, operation), from.expression(type, depth));
}

function bitCall(from: RandomExpression, type: ExpressionType, depth: number): Uint8Array {
  const { random } = from;
  const offset = () => int(random.between(-8, 20));
  const size = () => int(random.between(0, 17));
  const bytes = () => blob(randomBlob(random));
  const target = () => from.expression(ResultType.BLOB, depth);
  const flags = () => int(random.pick([0, 0, 4, 8, 12]));
  if (type === ResultType.INT) {
    const operation = random.pick([
      () => op(51, offset(), size()),
      () => op(52, offset(), size(), bool(random.oneIn(2))),
      () => op(53, offset(), size(), bool(random.oneIn(2))),
      () => op(54, offset(), size(), int(random.below(2))),
    ])();
    return call(ResultType.INT, BITS, operation, target());
  }
  if (random.oneIn(4)) return call(ResultType.BLOB, BITS, op(50, offset(), size()), target());
  const operation = random.pick([
    () => op(0, int(random.below(8)), int(random.pick([0, 4])), int(random.below(3))),
    () => op(1, int(random.between(-2, 6)), bytes(), int(random.pick([0, 4]))),
    () => op(2, int(random.between(-2, 6)), int(random.below(4)), flags()),
    () => op(random.pick([3, 4, 5, 6]), offset(), size(), bytes(), flags()),
    () => op(7, offset(), size(), flags()),
    // A partial shift by the whole size or more takes a server down.
    () => op(random.pick([8, 9]), offset(), size(), int(random.below(9)), int(random.pick([0, 4]))),
    () => op(random.pick([10, 11]), offset(), size(), int(random.between(-9, 300)), int(0), int(random.below(6))),
    () => op(12, offset(), size(), int(random.between(-9, 300)), int(0)),
  ])();
  return call(ResultType.BLOB, BITS + MODIFY, operation, target());
}

function sketches(from: RandomExpression): Uint8Array {
  const { random } = from;
  return quote(list(...Array.from({ length: random.between(1, 2) }, () => sketch(random.pick(from.sketches)))));
}

function hllRead(from: RandomExpression, depth: number): Uint8Array {
  const { random } = from;
  const operation = random.pick([
    () => op(50),
    () => op(52, sketches(from)),
    () => op(53, sketches(from)),
    () => op(56, quote(list(...Array.from({ length: random.between(1, 2) }, () => randomElement(random, 0))))),
  ])();
  return call(ResultType.INT, HLL, operation, from.expression(ResultType.HLL, depth));
}

function hllModify(from: RandomExpression, depth: number): Uint8Array {
  const { random } = from;
  const target = from.expression(ResultType.HLL, depth);
  if (random.oneIn(4)) return call(ResultType.HLL, HLL, op(51, sketches(from)), target);
  const operation = random.pick([
    () => op(1, quote(list(...Array.from({ length: random.between(1, 3) }, () => randomElement(random, 0))))),
    () => op(2, sketches(from), int(random.pick([0, 8]))),
    () => op(3),
    () => op(4, int(random.between(4, 9))),
  ])();
  return call(ResultType.HLL, HLL + MODIFY, operation, target);
}

const PATH_NO_FAIL = 0x10;
const PATH_APPLY = 4;
/** Types whose random constants may take an element's place. */
const REPLACEMENTS = [
  ResultType.NIL,
  ResultType.BOOL,
  ResultType.INT,
  ResultType.FLOAT,
  ResultType.BLOB,
  ResultType.LIST,
  ResultType.MAP,
  ResultType.GEOJSON,
];

/** A path expression: one that selects, or one that changes or removes what it selects. */
function path(from: RandomExpression, type: ExpressionType, depth: number): Uint8Array {
  const { random } = from;
  const levels = () => list(...Array.from({ length: random.between(1, 3) }, () => pathLevel(from)).flat());
  const target = from.expression(random.oneIn(4) ? type : random.pick([ResultType.LIST, ResultType.MAP]), depth);
  const noFail = random.oneIn(4) ? 0 : PATH_NO_FAIL;
  if (random.oneIn(2)) return call(type, CDT, op(0xfe, levels(), int(noFail + random.below(4))), target);
  // What a call yields must not take an element's place: a short string or blob from one takes a server down, and so does
  // a long one that is from no call. So does a change in an ordered list, at times.
  const number = op(ExpOp.ADD, op(ExpOp.LOOP_VAR, int(ResultType.INT), int(1)), int(random.between(1, 9)));
  const apply = random.pick([
    number,
    op(ExpOp.REMOVE_RESULT),
    from.constant(random.pick(REPLACEMENTS)),
    op(ExpOp.UNKNOWN),
  ]);
  const modify = op(0xfe, list(...pathLevel(from)), int(noFail + PATH_APPLY), apply);
  const unordered = random.oneIn(2) ? op(ExpOp.BIN, int(ResultType.LIST), raw("n")) : quote(randomIntegerList(random));
  return call(type, CDT + MODIFY, modify, unordered);
}

function pathLevel(from: RandomExpression): Uint8Array[] {
  const { random } = from;
  const filter = () => from.loopExpression(ResultType.BOOL, 2);
  const level = random.pick([
    () => [int(0x04), bool(true)],
    () => [int(random.pick([0x04, 0x14, 0x24])), filter()],
    () => [int(0x04), filter()],
    () => [int(0x10), index(from)],
    () => [int(0x22), randomKey(random)],
    () => [int(0x2a), list(...distinct(Array.from({ length: random.between(1, 3) }, () => randomKey(random))))],
  ])();
  return random.oneIn(5) ? [...level, int(0x204), filter()] : level;
}
