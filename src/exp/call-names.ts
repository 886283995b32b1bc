import {
  BitOp,
  type CdtOperation,
  ContainerOp,
  HllOp,
  ListOp,
  MapOp,
  type SelectorKind,
  StringOp,
} from "../../protocol/cdt/operations.js";

// Calls by their operation, with the factory of Exp that makes each and where its arguments come from.

/**
 * `type` the type of the result, `count` a parameter that changes the factory's name, `end` one that may be missing, as
 * null, `zero` and `one` those that are 0 and 1 then, `skip` one that no argument stands for, `pair` a list of two that are
 * two arguments, `rest` all that are left as one argument in front; anything else one parameter.
 */
type Part = "param" | "type" | "count" | "end" | "zero" | "one" | "skip" | "pair" | "rest";

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
const POLICY = ["order", "flags"];

/** Reads and removals of lists and maps: name after Get or Remove, and shape. No factory selects a first value. */
const SELECTORS: Readonly<Record<SelectorKind, readonly [by: string, takes: readonly Part[]] | undefined>> = {
  index: ["ByIndex", ONE],
  rank: ["ByRank", ONE],
  key: ["ByKey", ONE],
  firstValue: undefined,
  value: ["ByValue", SEVERAL],
  keyList: ["ByKeyList", SEVERAL],
  valueList: ["ByValueList", SEVERAL],
  indexRange: ["ByIndexRange", RANGE],
  rankRange: ["ByRankRange", RANGE],
  keyRange: ["ByKeyRange", INTERVAL],
  valueRange: ["ByValueRange", INTERVAL],
  relativeIndexRange: ["ByKeyRelativeIndexRange", RELATIVE],
  relativeRankRange: ["ByValueRelativeRankRange", RELATIVE],
};

const NAMED: ReadonlyMap<CdtOperation, readonly [name: string, takes: readonly Part[], options?: readonly string[]]> =
  new Map([
    [ListOp.SIZE, ["listSize", []]],
    [ListOp.APPEND, ["listAppend", ["param", "rest"], POLICY]],
    [ListOp.APPEND_ITEMS, ["listAppendItems", ["param", "rest"], POLICY]],
    [ListOp.INSERT, ["listInsert", ["param", "param", "rest"], FLAGS]],
    [ListOp.INSERT_ITEMS, ["listInsertItems", ["param", "param", "rest"], FLAGS]],
    [ListOp.SET, ["listSet", ["param", "param", "rest"], FLAGS]],
    [ListOp.CLEAR, ["listClear", []]],
    [ListOp.INCREMENT, ["listIncrement", ["param", "param", "rest"], POLICY]],
    [ListOp.SORT, ["listSort", ["param"]]],
    [MapOp.SIZE, ["mapSize", []]],
    [MapOp.PUT, ["mapPut", ["param", "param", "rest"], POLICY]],
    [MapOp.PUT_ITEMS, ["mapPutItems", ["param", "rest"], POLICY]],
    [MapOp.INCREMENT, ["mapIncrement", ["param", "param", "rest"], POLICY]],
    [MapOp.CLEAR, ["mapClear", []]],
    [HllOp.REFRESH_COUNT, ["hllRefreshCount", []]],
    [HllOp.FOLD, ["hllFold", ["param"]]],
    [HllOp.SET_UNION, ["hllSetUnion", ["param", "rest"], FLAGS]],
    [HllOp.GET_COUNT, ["hllGetCount", []]],
    [HllOp.GET_UNION, ["hllGetUnion", ["param"]]],
    [HllOp.GET_UNION_COUNT, ["hllGetUnionCount", ["param"]]],
    [HllOp.GET_INTERSECT_COUNT, ["hllGetIntersectCount", ["param"]]],
    [HllOp.GET_SIMILARITY, ["hllGetSimilarity", ["param"]]],
    [HllOp.DESCRIBE, ["hllDescribe", []]],
    [HllOp.MAY_CONTAIN, ["hllMayContain", ["param"]]],
    [BitOp.INSERT, ["bitInsert", ["param", "param", "rest"], FLAGS]],
    [BitOp.REMOVE, ["bitRemove", ["param", "param", "rest"], FLAGS]],
    [BitOp.SET, ["bitSet", ["param", "param", "param", "rest"], FLAGS]],
    [BitOp.OR, ["bitOr", ["param", "param", "param", "rest"], FLAGS]],
    [BitOp.XOR, ["bitXor", ["param", "param", "param", "rest"], FLAGS]],
    [BitOp.AND, ["bitAnd", ["param", "param", "param", "rest"], FLAGS]],
    [BitOp.NOT, ["bitNot", ["param", "param", "rest"], FLAGS]],
    [BitOp.LSHIFT, ["bitLshift", ["param", "param", "param", "rest"], FLAGS]],
    [BitOp.RSHIFT, ["bitRshift", ["param", "param", "param", "rest"], FLAGS]],
    [BitOp.SET_INT, ["bitSetInt", ["param", "param", "param", "rest"], FLAGS]],
    [BitOp.GET, ["bitGet", ["param", "param"]]],
    [BitOp.COUNT, ["bitCount", ["param", "param"]]],
    [BitOp.LSCAN, ["bitLscan", ["param", "param", "param"]]],
    [BitOp.RSCAN, ["bitRscan", ["param", "param", "param"]]],
    [ListOp.JOIN, ["listJoin", ["end"]]],
    [ContainerOp.COUNT, ["count", []]],
    [StringOp.LENGTH, ["strLength", []]],
    [StringOp.SUBSTRING, ["strSubstring", ["param", "end"]]],
    [StringOp.CHAR_AT, ["strCharAt", ["param"]]],
    [StringOp.FIND, ["strFind", ["param", "one"]]],
    [StringOp.CONTAINS, ["strContains", ["param"]]],
    [StringOp.STARTS_WITH, ["strStartsWith", ["param"]]],
    [StringOp.ENDS_WITH, ["strEndsWith", ["param"]]],
    [StringOp.TO_INTEGER, ["strToInteger", []]],
    [StringOp.TO_DOUBLE, ["strToDouble", []]],
    [StringOp.BYTE_LENGTH, ["strByteLength", []]],
    [StringOp.IS_NUMERIC, ["strIsNumeric", ["zero"]]],
    [StringOp.IS_UPPER, ["strIsUpper", []]],
    [StringOp.IS_LOWER, ["strIsLower", []]],
    [StringOp.TO_BLOB, ["strToBlob", []]],
    [StringOp.SPLIT, ["strSplit", ["end"]]],
    [StringOp.B64_DECODE, ["strB64Decode", []]],
    [StringOp.REGEX_COMPARE, ["strMatches", ["param", "zero"]]],
    [StringOp.INSERT, ["strInsert", ["param", "param", "rest"], FLAGS]],
    [StringOp.OVERWRITE, ["strOverwrite", ["param", "param", "rest"], FLAGS]],
    [StringOp.CONCAT, ["strConcat", ["param", "rest"], FLAGS]],
    [StringOp.SNIP, ["strSnip", ["param", "end", "rest"], FLAGS]],
    [StringOp.REPLACE, ["strReplace", ["pair", "rest"], FLAGS]],
    [StringOp.REPLACE_ALL, ["strReplaceAll", ["pair", "rest"], FLAGS]],
    [StringOp.UPPER, ["strUpper", ["rest"], FLAGS]],
    [StringOp.LOWER, ["strLower", ["rest"], FLAGS]],
    [StringOp.CASE_FOLD, ["strCaseFold", ["rest"], FLAGS]],
    [StringOp.NORMALIZE_NFC, ["strNormalizeNfc", ["rest"], FLAGS]],
    [StringOp.TRIM_START, ["strTrimStart", ["rest"], FLAGS]],
    [StringOp.TRIM_END, ["strTrimEnd", ["rest"], FLAGS]],
    [StringOp.TRIM, ["strTrim", ["rest"], FLAGS]],
    [StringOp.PAD_START, ["strPadStart", ["param", "param", "rest"], FLAGS]],
    [StringOp.PAD_END, ["strPadEnd", ["param", "param", "rest"], FLAGS]],
    [StringOp.REPEAT, ["strRepeat", ["param", "rest"], FLAGS]],
    [StringOp.REGEX_REPLACE, ["strRegexReplace", ["pair", "zero", "rest"], FLAGS]],
    [StringOp.APPEND, ["strAppend", ["param", "rest"], FLAGS]],
    [StringOp.PREPEND, ["strPrepend", ["param", "rest"], FLAGS]],
  ]);

/** How code writes a call of an operation; undefined where its parameters stand in another order, or no factory makes it. */
export function callShape(operation: CdtOperation): CallShape | undefined {
  const { on, modifies, selects } = operation;
  if (selects !== undefined) {
    const [by, takes] = SELECTORS[selects] ?? [];
    if (by === undefined || takes === undefined) return undefined;
    return modifies
      ? { name: `${on}Remove${by}`, takes: takes === ONE ? REMOVE_ONE : takes }
      : { name: `${on}Get${by}`, takes };
  }
  const [name, takes, options] = NAMED.get(operation) ?? [];
  if (name === undefined || takes === undefined) return undefined;
  return options === undefined ? { name, takes } : { name, takes, options };
}
