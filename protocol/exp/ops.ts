import type { ExpKind } from "./exp-type.js";
import type { ExpNode } from "./node.js";
import { ExpOp } from "./op-code.js";

// The operations whose arguments are expressions and nothing else: [code, argument…].

/**
 * What an operation takes: `same`, two of one type that compares; `bools`, `numbers`, `ints`, as many as you like of
 * one kind; else the types one by one, `number` for int or float, `printable` for what has a text, `any` for anything.
 */
type Arguments = "same" | "bools" | "numbers" | "ints" | readonly (ExpKind | "number" | "printable" | "any")[];

/** Types that the server writes as text. */
const PRINTABLE: readonly (ExpKind | undefined)[] = ["int", "float", "string", "bool", "blob"];

export interface OpInfo {
  /** Its name as a factory of Exp. */
  readonly name: string;
  readonly takes: Arguments;
  /** `first`: the type of its first argument. */
  readonly gives: ExpKind | "first";
}

const NOTHING: readonly ExpKind[] = [];

export const OPS: Readonly<Record<number, OpInfo>> = {
  [ExpOp.UNKNOWN]: { name: "unknown", takes: NOTHING, gives: "bool" },
  [ExpOp.EQ]: { name: "eq", takes: "same", gives: "bool" },
  [ExpOp.NE]: { name: "ne", takes: "same", gives: "bool" },
  [ExpOp.GT]: { name: "gt", takes: "same", gives: "bool" },
  [ExpOp.GE]: { name: "ge", takes: "same", gives: "bool" },
  [ExpOp.LT]: { name: "lt", takes: "same", gives: "bool" },
  [ExpOp.LE]: { name: "le", takes: "same", gives: "bool" },
  [ExpOp.GEO_COMPARE]: { name: "geoCompare", takes: ["geo", "geo"], gives: "bool" },
  [ExpOp.IN_LIST]: { name: "inList", takes: ["any", "list"], gives: "bool" },
  [ExpOp.AND]: { name: "and", takes: "bools", gives: "bool" },
  [ExpOp.OR]: { name: "or", takes: "bools", gives: "bool" },
  [ExpOp.NOT]: { name: "not", takes: ["bool"], gives: "bool" },
  [ExpOp.EXCLUSIVE]: { name: "xor", takes: "bools", gives: "bool" },
  [ExpOp.ADD]: { name: "numAdd", takes: "numbers", gives: "first" },
  [ExpOp.SUB]: { name: "numSub", takes: "numbers", gives: "first" },
  [ExpOp.MUL]: { name: "numMul", takes: "numbers", gives: "first" },
  [ExpOp.DIV]: { name: "numDiv", takes: "numbers", gives: "first" },
  [ExpOp.POW]: { name: "numPow", takes: ["float", "float"], gives: "float" },
  [ExpOp.LOG]: { name: "numLog", takes: ["float", "float"], gives: "float" },
  [ExpOp.MOD]: { name: "numMod", takes: ["int", "int"], gives: "int" },
  [ExpOp.ABS]: { name: "numAbs", takes: ["number"], gives: "first" },
  [ExpOp.FLOOR]: { name: "numFloor", takes: ["float"], gives: "float" },
  [ExpOp.CEIL]: { name: "numCeil", takes: ["float"], gives: "float" },
  [ExpOp.TO_INT]: { name: "toInt", takes: ["float"], gives: "int" },
  [ExpOp.TO_FLOAT]: { name: "toFloat", takes: ["int"], gives: "float" },
  [ExpOp.INT_AND]: { name: "intAnd", takes: "ints", gives: "int" },
  [ExpOp.INT_OR]: { name: "intOr", takes: "ints", gives: "int" },
  [ExpOp.INT_XOR]: { name: "intXor", takes: "ints", gives: "int" },
  [ExpOp.INT_NOT]: { name: "intNot", takes: ["int"], gives: "int" },
  [ExpOp.INT_LSHIFT]: { name: "intLshift", takes: ["int", "int"], gives: "int" },
  [ExpOp.INT_RSHIFT]: { name: "intRshift", takes: ["int", "int"], gives: "int" },
  [ExpOp.INT_ARSHIFT]: { name: "intArshift", takes: ["int", "int"], gives: "int" },
  [ExpOp.INT_COUNT]: { name: "intCount", takes: ["int"], gives: "int" },
  [ExpOp.INT_LSCAN]: { name: "intLscan", takes: ["int", "bool"], gives: "int" },
  [ExpOp.INT_RSCAN]: { name: "intRscan", takes: ["int", "bool"], gives: "int" },
  [ExpOp.MIN]: { name: "min", takes: "numbers", gives: "first" },
  [ExpOp.MAX]: { name: "max", takes: "numbers", gives: "first" },
  [ExpOp.DEVICE_SIZE]: { name: "deviceSize", takes: NOTHING, gives: "int" },
  [ExpOp.LAST_UPDATE]: { name: "lastUpdate", takes: NOTHING, gives: "int" },
  [ExpOp.SINCE_UPDATE]: { name: "sinceUpdate", takes: NOTHING, gives: "int" },
  [ExpOp.VOID_TIME]: { name: "voidTime", takes: NOTHING, gives: "int" },
  [ExpOp.TTL]: { name: "ttl", takes: NOTHING, gives: "int" },
  [ExpOp.SET_NAME]: { name: "setName", takes: NOTHING, gives: "string" },
  [ExpOp.KEY_EXISTS]: { name: "keyExists", takes: NOTHING, gives: "bool" },
  [ExpOp.IS_TOMBSTONE]: { name: "isTombstone", takes: NOTHING, gives: "bool" },
  [ExpOp.MEMORY_SIZE]: { name: "memorySize", takes: NOTHING, gives: "int" },
  [ExpOp.RECORD_SIZE]: { name: "recordSize", takes: NOTHING, gives: "int" },
  [ExpOp.TO_STRING]: { name: "toString", takes: ["printable"], gives: "string" },
  [ExpOp.REMOVE_RESULT]: { name: "removeResult", takes: NOTHING, gives: "remove" },
  [ExpOp.MAP_KEYS]: { name: "mapKeys", takes: ["map"], gives: "list" },
  [ExpOp.MAP_VALUES]: { name: "mapValues", takes: ["map"], gives: "list" },
};

const WORDS: Readonly<Record<string, string>> = {
  number: "int or float",
  printable: "int, float, string, bool or blob",
};

type Type = ExpKind | undefined;

/**
 * Checks the types of an operation's arguments as the server does when it builds the expression, and returns the type
 * of its result. An undefined type passes: it is resolved once the variable behind it is known.
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
    takes.forEach((expected, i) => {
      const type = types[i];
      const fits =
        expected === "any"
          ? type !== "remove"
          : expected === "number"
            ? type === "int" || type === "float"
            : expected === "printable"
              ? PRINTABLE.includes(type)
              : type === expected;
      expect(op.name, i, type, fits, WORDS[expected] ?? expected);
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

function expect(name: string, i: number, type: Type, fits: boolean, expected: string): void {
  if (type !== undefined && !fits)
    throw new TypeError(`Exp.${name}: expected argument ${i + 1} to be ${expected}, got ${type}`);
}

/** The node of an operation, its arguments' types checked. */
export function opNode(code: number, args: readonly ExpNode[]): ExpNode {
  const op = OPS[code]!;
  return {
    kind: "op",
    type: resultType(
      op,
      args.map((arg) => arg.type),
    ),
    code,
    args,
  };
}
