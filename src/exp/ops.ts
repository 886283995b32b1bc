import type { ExpKind } from "./exp-type.js";

// The operations whose arguments are expressions and nothing else: [code, argument…].

export const Op = {
  UNKNOWN: 0,
  EQ: 1,
  NE: 2,
  GT: 3,
  GE: 4,
  LT: 5,
  LE: 6,
  REGEX: 7,
  GEO_COMPARE: 8,
  IN_LIST: 9,
  AND: 16,
  OR: 17,
  NOT: 18,
  EXCLUSIVE: 19,
  ADD: 20,
  SUB: 21,
  MUL: 22,
  DIV: 23,
  POW: 24,
  LOG: 25,
  MOD: 26,
  ABS: 27,
  FLOOR: 28,
  CEIL: 29,
  TO_INT: 30,
  TO_FLOAT: 31,
  INT_AND: 32,
  INT_OR: 33,
  INT_XOR: 34,
  INT_NOT: 35,
  INT_LSHIFT: 36,
  INT_RSHIFT: 37,
  INT_ARSHIFT: 38,
  INT_COUNT: 39,
  INT_LSCAN: 40,
  INT_RSCAN: 41,
  MIN: 50,
  MAX: 51,
  DIGEST_MODULO: 64,
  DEVICE_SIZE: 65,
  LAST_UPDATE: 66,
  SINCE_UPDATE: 67,
  VOID_TIME: 68,
  TTL: 69,
  SET_NAME: 70,
  KEY_EXISTS: 71,
  IS_TOMBSTONE: 72,
  MEMORY_SIZE: 73,
  RECORD_SIZE: 74,
  KEY: 80,
  BIN: 81,
  BIN_TYPE: 82,
  REMOVE_RESULT: 100,
  MAP_KEYS: 101,
  MAP_VALUES: 102,
  LOOP_VAR: 122,
  COND: 123,
  VAR: 124,
  LET: 125,
  QUOTE: 126,
  CALL: 127,
} as const;

/**
 * What an operation takes: `same`, two of one type that compares; `bools`, `numbers`, `ints`, as many as you like of
 * one kind; else the types one by one, `number` for int or float, `any` for anything.
 */
type Arguments = "same" | "bools" | "numbers" | "ints" | readonly (ExpKind | "number" | "any")[];

export interface OpInfo {
  /** Its name as a factory of Exp. */
  readonly name: string;
  readonly takes: Arguments;
  /** `first`: the type of its first argument. */
  readonly gives: ExpKind | "first";
}

const NOTHING: readonly ExpKind[] = [];

export const OPS: Readonly<Record<number, OpInfo>> = {
  [Op.UNKNOWN]: { name: "unknown", takes: NOTHING, gives: "bool" },
  [Op.EQ]: { name: "eq", takes: "same", gives: "bool" },
  [Op.NE]: { name: "ne", takes: "same", gives: "bool" },
  [Op.GT]: { name: "gt", takes: "same", gives: "bool" },
  [Op.GE]: { name: "ge", takes: "same", gives: "bool" },
  [Op.LT]: { name: "lt", takes: "same", gives: "bool" },
  [Op.LE]: { name: "le", takes: "same", gives: "bool" },
  [Op.GEO_COMPARE]: { name: "geoCompare", takes: ["geo", "geo"], gives: "bool" },
  [Op.IN_LIST]: { name: "inList", takes: ["any", "list"], gives: "bool" },
  [Op.AND]: { name: "and", takes: "bools", gives: "bool" },
  [Op.OR]: { name: "or", takes: "bools", gives: "bool" },
  [Op.NOT]: { name: "not", takes: ["bool"], gives: "bool" },
  [Op.EXCLUSIVE]: { name: "xor", takes: "bools", gives: "bool" },
  [Op.ADD]: { name: "numAdd", takes: "numbers", gives: "first" },
  [Op.SUB]: { name: "numSub", takes: "numbers", gives: "first" },
  [Op.MUL]: { name: "numMul", takes: "numbers", gives: "first" },
  [Op.DIV]: { name: "numDiv", takes: "numbers", gives: "first" },
  [Op.POW]: { name: "numPow", takes: ["float", "float"], gives: "float" },
  [Op.LOG]: { name: "numLog", takes: ["float", "float"], gives: "float" },
  [Op.MOD]: { name: "numMod", takes: ["int", "int"], gives: "int" },
  [Op.ABS]: { name: "numAbs", takes: ["number"], gives: "first" },
  [Op.FLOOR]: { name: "numFloor", takes: ["float"], gives: "float" },
  [Op.CEIL]: { name: "numCeil", takes: ["float"], gives: "float" },
  [Op.TO_INT]: { name: "toInt", takes: ["float"], gives: "int" },
  [Op.TO_FLOAT]: { name: "toFloat", takes: ["int"], gives: "float" },
  [Op.INT_AND]: { name: "intAnd", takes: "ints", gives: "int" },
  [Op.INT_OR]: { name: "intOr", takes: "ints", gives: "int" },
  [Op.INT_XOR]: { name: "intXor", takes: "ints", gives: "int" },
  [Op.INT_NOT]: { name: "intNot", takes: ["int"], gives: "int" },
  [Op.INT_LSHIFT]: { name: "intLshift", takes: ["int", "int"], gives: "int" },
  [Op.INT_RSHIFT]: { name: "intRshift", takes: ["int", "int"], gives: "int" },
  [Op.INT_ARSHIFT]: { name: "intArshift", takes: ["int", "int"], gives: "int" },
  [Op.INT_COUNT]: { name: "intCount", takes: ["int"], gives: "int" },
  [Op.INT_LSCAN]: { name: "intLscan", takes: ["int", "bool"], gives: "int" },
  [Op.INT_RSCAN]: { name: "intRscan", takes: ["int", "bool"], gives: "int" },
  [Op.MIN]: { name: "min", takes: "numbers", gives: "first" },
  [Op.MAX]: { name: "max", takes: "numbers", gives: "first" },
  [Op.DEVICE_SIZE]: { name: "deviceSize", takes: NOTHING, gives: "int" },
  [Op.LAST_UPDATE]: { name: "lastUpdate", takes: NOTHING, gives: "int" },
  [Op.SINCE_UPDATE]: { name: "sinceUpdate", takes: NOTHING, gives: "int" },
  [Op.VOID_TIME]: { name: "voidTime", takes: NOTHING, gives: "int" },
  [Op.TTL]: { name: "ttl", takes: NOTHING, gives: "int" },
  [Op.SET_NAME]: { name: "setName", takes: NOTHING, gives: "string" },
  [Op.KEY_EXISTS]: { name: "keyExists", takes: NOTHING, gives: "bool" },
  [Op.IS_TOMBSTONE]: { name: "isTombstone", takes: NOTHING, gives: "bool" },
  [Op.MEMORY_SIZE]: { name: "memorySize", takes: NOTHING, gives: "int" },
  [Op.RECORD_SIZE]: { name: "recordSize", takes: NOTHING, gives: "int" },
  [Op.REMOVE_RESULT]: { name: "removeResult", takes: NOTHING, gives: "remove" },
  [Op.MAP_KEYS]: { name: "mapKeys", takes: ["map"], gives: "list" },
  [Op.MAP_VALUES]: { name: "mapValues", takes: ["map"], gives: "list" },
};

type Type = ExpKind | undefined;

/**
 * Checks the types of an operation's arguments as the server does when it builds the expression, and answers the type
 * of its result. An undefined type passes: it is settled once the variable behind it is known.
 */
export function resultType(op: OpInfo, types: readonly Type[]): Type {
  const { takes } = op;
  if (takes === "same") {
    checkComparison(op.name, types[0], types[1]);
  } else if (takes === "bools") {
    atLeast(op.name, types, 2);
    for (const [i, type] of types.entries()) expect(op.name, i, type, type === "bool", "bool");
  } else if (takes === "ints") {
    atLeast(op.name, types, 1);
    for (const [i, type] of types.entries()) expect(op.name, i, type, type === "int", "int");
  } else if (takes === "numbers") {
    return checkNumbers(op.name, types);
  } else {
    takes.forEach((due, i) => {
      const type = types[i];
      const fits =
        due === "any" ? type !== "remove" : due === "number" ? type === "int" || type === "float" : type === due;
      expect(op.name, i, type, fits, due === "number" ? "int or float" : due);
    });
  }
  return op.gives === "first" ? types[0] : op.gives;
}

function checkComparison(name: string, left: Type, right: Type): void {
  for (const type of [left, right]) {
    if (type === "geo" || type === "hll" || type === "remove" || type === "special") {
      throw new TypeError(`Exp.${name}: ${type} values can't be compared${type === "geo" ? "; use geoCompare" : ""}`);
    }
  }
  if (left !== undefined && right !== undefined && left !== right) {
    const numbers = (left === "int" && right === "float") || (left === "float" && right === "int");
    throw new TypeError(
      `Exp.${name}: cannot compare ${left} to ${right}${numbers ? "; convert with toFloat or toInt, or use floatVal" : ""}`,
    );
  }
}

function checkNumbers(name: string, types: readonly Type[]): Type {
  atLeast(name, types, 1);
  let found: Type;
  types.forEach((type, i) => {
    expect(name, i, type, type === "int" || type === "float", "int or float");
    if (found !== undefined && type !== undefined && type !== found) {
      throw new TypeError(
        `Exp.${name}: argument ${i + 1} is ${type} where the others are ${found}; convert with toFloat or toInt`,
      );
    }
    found ??= type;
  });
  return found;
}

function atLeast(name: string, types: readonly Type[], least: number): void {
  if (types.length < least) throw new TypeError(`Exp.${name}: needs at least ${least} arguments, has ${types.length}`);
}

function expect(name: string, i: number, type: Type, fits: boolean, due: string): void {
  if (type !== undefined && !fits) throw new TypeError(`Exp.${name}: argument ${i + 1} is ${type}; allowed is ${due}`);
}
