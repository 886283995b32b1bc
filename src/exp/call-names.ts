// Calls by what they are on the wire, with the factory of Exp that makes each and where its arguments come from.

/**
 * `type` the type of the result, `count` a parameter that changes the factory's name, `end` one that may be missing,
 * `skip` one that no argument stands for, `rest` all that are left as one argument in front; anything else one
 * parameter.
 */
type Part = "param" | "type" | "count" | "end" | "skip" | "rest";

export interface CallShape {
  readonly name: string;
  readonly takes: readonly Part[];
  /** Names of the parameters of `rest`. */
  readonly options?: readonly string[];
}

const ONE: readonly Part[] = ["param", "type", "param"];
const SEVERAL: readonly Part[] = ["param", "param"];
const RANGE: readonly Part[] = ["param", "param", "count"];
const RELATIVE: readonly Part[] = ["param", "param", "param", "count"];
const INTERVAL: readonly Part[] = ["param", "param", "end"];
const REMOVE_ONE: readonly Part[] = ["skip", "param"];
const FLAGS = ["flags"];
const LIST_POLICY = ["order", "flags"];

/** Reads and removals of lists and maps: name after Get or Remove, code of either, shape. */
const SELECTORS: readonly (readonly [kind: string, by: string, get: number, remove: number, shape: readonly Part[]])[] =
  [
    ["list", "ByIndex", 19, 32, ONE],
    ["list", "ByRank", 21, 34, ONE],
    ["list", "ByValue", 22, 35, SEVERAL],
    ["list", "ByValueList", 23, 36, SEVERAL],
    ["list", "ByIndexRange", 24, 37, RANGE],
    ["list", "ByValueRange", 25, 38, INTERVAL],
    ["list", "ByRankRange", 26, 39, RANGE],
    ["list", "ByValueRelativeRankRange", 27, 40, RELATIVE],
    ["map", "ByKey", 97, 76, ONE],
    ["map", "ByIndex", 98, 77, ONE],
    ["map", "ByRank", 100, 79, ONE],
    ["map", "ByValue", 102, 82, SEVERAL],
    ["map", "ByKeyRange", 103, 84, INTERVAL],
    ["map", "ByIndexRange", 104, 85, RANGE],
    ["map", "ByValueRange", 105, 86, INTERVAL],
    ["map", "ByRankRange", 106, 87, RANGE],
    ["map", "ByKeyList", 107, 81, SEVERAL],
    ["map", "ByValueList", 108, 83, SEVERAL],
    ["map", "ByKeyRelativeIndexRange", 109, 88, RELATIVE],
    ["map", "ByValueRelativeRankRange", 110, 89, RELATIVE],
  ];

const NAMED: readonly (readonly [key: string, name: string, takes: readonly Part[], options?: readonly string[]])[] = [
  ["cdt.read.16", "listSize", []],
  ["cdt.read.96", "mapSize", []],
  ["cdt.modify.1", "listAppend", ["param", "rest"], LIST_POLICY],
  ["cdt.modify.2", "listAppendItems", ["param", "rest"], LIST_POLICY],
  ["cdt.modify.3", "listInsert", ["param", "param", "rest"], FLAGS],
  ["cdt.modify.4", "listInsertItems", ["param", "param", "rest"], FLAGS],
  ["cdt.modify.9", "listSet", ["param", "param", "rest"], FLAGS],
  ["cdt.modify.11", "listClear", []],
  ["cdt.modify.12", "listIncrement", ["param", "param", "rest"], LIST_POLICY],
  ["cdt.modify.13", "listSort", ["param"]],
  ["cdt.modify.67", "mapPut", ["param", "param", "rest"], LIST_POLICY],
  ["cdt.modify.68", "mapPutItems", ["param", "rest"], LIST_POLICY],
  ["cdt.modify.73", "mapIncrement", ["param", "param", "rest"], LIST_POLICY],
  ["cdt.modify.75", "mapClear", []],
  ["hll.modify.3", "hllRefreshCount", []],
  ["hll.modify.4", "hllFold", ["param"]],
  ["hll.modify.2", "hllSetUnion", ["param", "rest"], FLAGS],
  ["hll.read.50", "hllGetCount", []],
  ["hll.read.51", "hllGetUnion", ["param"]],
  ["hll.read.52", "hllGetUnionCount", ["param"]],
  ["hll.read.53", "hllGetIntersectCount", ["param"]],
  ["hll.read.54", "hllGetSimilarity", ["param"]],
  ["hll.read.55", "hllDescribe", []],
  ["hll.read.56", "hllMayContain", ["param"]],
  ["bits.modify.1", "bitInsert", ["param", "param", "rest"], FLAGS],
  ["bits.modify.2", "bitRemove", ["param", "param", "rest"], FLAGS],
  ["bits.modify.3", "bitSet", ["param", "param", "param", "rest"], FLAGS],
  ["bits.modify.4", "bitOr", ["param", "param", "param", "rest"], FLAGS],
  ["bits.modify.5", "bitXor", ["param", "param", "param", "rest"], FLAGS],
  ["bits.modify.6", "bitAnd", ["param", "param", "param", "rest"], FLAGS],
  ["bits.modify.7", "bitNot", ["param", "param", "rest"], FLAGS],
  ["bits.modify.8", "bitLshift", ["param", "param", "param", "rest"], FLAGS],
  ["bits.modify.9", "bitRshift", ["param", "param", "param", "rest"], FLAGS],
  ["bits.modify.12", "bitSetInt", ["param", "param", "param", "rest"], FLAGS],
  ["bits.read.50", "bitGet", ["param", "param"]],
  ["bits.read.51", "bitCount", ["param", "param"]],
  ["bits.read.52", "bitLscan", ["param", "param", "param"]],
  ["bits.read.53", "bitRscan", ["param", "param", "param"]],
];

export const CALLS: ReadonlyMap<string, CallShape> = new Map([
  ...SELECTORS.flatMap(([kind, by, get, remove, takes]): [string, CallShape][] => [
    [`cdt.read.${get}`, { name: `${kind}Get${by}`, takes }],
    [`cdt.modify.${remove}`, { name: `${kind}Remove${by}`, takes: takes === ONE ? REMOVE_ONE : takes }],
  ]),
  ...NAMED.map(([key, name, takes, options]): [string, CallShape] => [
    key,
    options === undefined ? { name, takes } : { name, takes, options },
  ]),
]);
