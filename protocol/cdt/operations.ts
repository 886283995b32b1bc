import { ContextType } from "./context.js";
import { MapReturnType } from "./flags.js";
import { PathSelectFlags } from "./path.js";

// The operations on lists, maps, bits, HyperLogLog sketches and strings: one table for building, reading and running them.
// Codes of a system are unique: those of lists are below 64, those of maps from 64 on; those of bits and sketches that
// read are from 50 on, those of strings below 50.

/** The part of the server that runs an operation; lists and maps share one. */
export type CdtSystem = "cdt" | "bits" | "hll" | "string";

/** `container`: a list or a map, whichever is there. */
export type CdtContainer = "list" | "map" | "container" | "bits" | "hll" | "string";

/**
 * How an operation names elements of a list, or entries of a map:
 * - `index`, `rank`, `key`, `firstValue`: one, by its place, its key, or the first with a value
 * - `value`: all with a value
 * - `keyList`, `valueList`: all with any of several keys or values
 * - `indexRange`, `rankRange`: those from a place on, perhaps a count of them
 * - `keyRange`, `valueRange`: those from a begin, included, to an end, excluded
 * - `relativeIndexRange`, `relativeRankRange`: those from an index counted from a key on, or from a rank counted from a value
 */
export type SelectorKind =
  | "index"
  | "rank"
  | "key"
  | "firstValue"
  | "value"
  | "keyList"
  | "valueList"
  | "indexRange"
  | "rankRange"
  | "keyRange"
  | "valueRange"
  | "relativeIndexRange"
  | "relativeRankRange";

/** Whether a selector names at most one element. */
export function isSingle(kind: SelectorKind): boolean {
  return kind === "index" || kind === "rank" || kind === "key" || kind === "firstValue";
}

/**
 * What an operation of its own returns; a modifying one in an expression returns the changed value instead.
 * `selection`: what its first parameter, the return type, asks for; `element`: a value of any type.
 */
export type CdtResult =
  | "nothing"
  | "bool"
  | "int"
  | "float"
  | "string"
  | "blob"
  | "hll"
  | "list"
  | "element"
  | "selection"
  /** The places of a path, see PathSelectFlags. */
  | "path";

export interface CdtOperation {
  readonly system: CdtSystem;
  readonly on: CdtContainer;
  readonly code: number;
  readonly modifies: boolean;
  readonly returns: CdtResult;
  /** How it selects elements, where it takes a return type. */
  readonly selects?: SelectorKind;
  /** The oldest server that has it; absent for what is older than 6.0. */
  readonly since?: string;
}

type Row = readonly [code: number, returns: CdtResult, selects?: SelectorKind | undefined, since?: string];

function table<Reads extends string, Writes extends string>(
  on: CdtContainer,
  reads: Readonly<Record<Reads, Row>>,
  writes: Readonly<Record<Writes, Row>>,
  tableSince?: string,
): Readonly<Record<Reads | Writes, CdtOperation>> {
  const system = on === "list" || on === "map" || on === "container" ? "cdt" : on;
  const operations: Record<string, CdtOperation> = {};
  const add = (rows: Readonly<Record<string, Row>>, modifies: boolean): void => {
    for (const [name, [code, returns, selects, since = tableSince]] of Object.entries(rows)) {
      // Two hundred of them are made whenever the package is imported: spreading what may be absent takes ten times as long.
      const operation: { -readonly [Name in keyof CdtOperation]: CdtOperation[Name] } = {
        system,
        on,
        code,
        modifies,
        returns,
      };
      if (selects !== undefined) operation.selects = selects;
      if (since !== undefined) operation.since = since;
      operations[name] = operation;
    }
  };
  add(reads, false);
  add(writes, true);
  // Every name of either is in it now.
  return operations as Record<Reads | Writes, CdtOperation>;
}

/** Operations on lists. Parameters in brackets may be left out. */
export const ListOp = /* @__PURE__ */ table(
  "list",
  {
    SIZE: [16, "int"],
    /** index */
    GET: [17, "element"],
    /** index, [count] */
    GET_RANGE: [18, "list"],
    /** return type, index */
    GET_BY_INDEX: [19, "selection", "index"],
    /** return type, value */
    GET_BY_VALUE: [20, "selection", "firstValue"],
    /** return type, rank */
    GET_BY_RANK: [21, "selection", "rank"],
    /** return type, value */
    GET_ALL_BY_VALUE: [22, "selection", "value"],
    /** return type, list of values */
    GET_ALL_BY_VALUE_LIST: [23, "selection", "valueList"],
    /** return type, index, [count] */
    GET_BY_INDEX_RANGE: [24, "selection", "indexRange"],
    /** return type, begin, [end] */
    GET_BY_VALUE_INTERVAL: [25, "selection", "valueRange"],
    /** return type, rank, [count] */
    GET_BY_RANK_RANGE: [26, "selection", "rankRange"],
    /** return type, value, rank, [count] */
    GET_BY_VALUE_REL_RANK_RANGE: [27, "selection", "relativeRankRange"],
    /** [separator]; of a list of strings */
    JOIN: [28, "string", undefined, "8.2"],
  },
  {
    /** order */
    SET_TYPE: [0, "nothing"],
    /** value, [order, flags] */
    APPEND: [1, "int"],
    /** list of values, [order, flags] */
    APPEND_ITEMS: [2, "int"],
    /** index, value, [flags] */
    INSERT: [3, "int"],
    /** index, list of values, [flags] */
    INSERT_ITEMS: [4, "int"],
    /** index */
    POP: [5, "element"],
    /** index, [count] */
    POP_RANGE: [6, "list"],
    /** index */
    REMOVE: [7, "int"],
    /** index, [count] */
    REMOVE_RANGE: [8, "int"],
    /** index, value, [flags] */
    SET: [9, "nothing"],
    /** index, count */
    TRIM: [10, "int"],
    CLEAR: [11, "nothing"],
    /** index, [delta, order, flags] */
    INCREMENT: [12, "element"],
    /** [flags] */
    SORT: [13, "nothing"],
    REMOVE_BY_INDEX: [32, "selection", "index"],
    REMOVE_BY_VALUE: [33, "selection", "firstValue"],
    REMOVE_BY_RANK: [34, "selection", "rank"],
    REMOVE_ALL_BY_VALUE: [35, "selection", "value"],
    REMOVE_ALL_BY_VALUE_LIST: [36, "selection", "valueList"],
    REMOVE_BY_INDEX_RANGE: [37, "selection", "indexRange"],
    REMOVE_BY_VALUE_INTERVAL: [38, "selection", "valueRange"],
    REMOVE_BY_RANK_RANGE: [39, "selection", "rankRange"],
    REMOVE_BY_VALUE_REL_RANK_RANGE: [40, "selection", "relativeRankRange"],
  },
);

/** Operations on maps. ADD and REPLACE do nothing that PUT with flags does not. */
export const MapOp = /* @__PURE__ */ table(
  "map",
  {
    SIZE: [96, "int"],
    /** return type, key */
    GET_BY_KEY: [97, "selection", "key"],
    /** return type, index */
    GET_BY_INDEX: [98, "selection", "index"],
    /** return type, value */
    GET_BY_VALUE: [99, "selection", "firstValue"],
    /** return type, rank */
    GET_BY_RANK: [100, "selection", "rank"],
    /** return type, value */
    GET_ALL_BY_VALUE: [102, "selection", "value"],
    /** return type, begin, [end] */
    GET_BY_KEY_INTERVAL: [103, "selection", "keyRange"],
    /** return type, index, [count] */
    GET_BY_INDEX_RANGE: [104, "selection", "indexRange"],
    /** return type, begin, [end] */
    GET_BY_VALUE_INTERVAL: [105, "selection", "valueRange"],
    /** return type, rank, [count] */
    GET_BY_RANK_RANGE: [106, "selection", "rankRange"],
    /** return type, list of keys */
    GET_BY_KEY_LIST: [107, "selection", "keyList"],
    /** return type, list of values */
    GET_BY_VALUE_LIST: [108, "selection", "valueList"],
    /** return type, key, index, [count] */
    GET_BY_KEY_REL_INDEX_RANGE: [109, "selection", "relativeIndexRange"],
    /** return type, value, rank, [count] */
    GET_BY_VALUE_REL_RANK_RANGE: [110, "selection", "relativeRankRange"],
  },
  {
    /** order */
    SET_TYPE: [64, "nothing"],
    /** key, value, [order] */
    ADD: [65, "int"],
    /** map, [order] */
    ADD_ITEMS: [66, "int"],
    /** key, value, [order, flags] */
    PUT: [67, "int"],
    /** map, [order, flags] */
    PUT_ITEMS: [68, "int"],
    /** key, value */
    REPLACE: [69, "int"],
    /** map */
    REPLACE_ITEMS: [70, "int"],
    /** key, [delta, order] */
    INCREMENT: [73, "element"],
    /** key, [delta, order] */
    DECREMENT: [74, "element"],
    CLEAR: [75, "nothing"],
    REMOVE_BY_KEY: [76, "selection", "key"],
    REMOVE_BY_INDEX: [77, "selection", "index"],
    REMOVE_BY_VALUE: [78, "selection", "firstValue"],
    REMOVE_BY_RANK: [79, "selection", "rank"],
    REMOVE_BY_KEY_LIST: [81, "selection", "keyList"],
    REMOVE_ALL_BY_VALUE: [82, "selection", "value"],
    REMOVE_BY_VALUE_LIST: [83, "selection", "valueList"],
    REMOVE_BY_KEY_INTERVAL: [84, "selection", "keyRange"],
    REMOVE_BY_INDEX_RANGE: [85, "selection", "indexRange"],
    REMOVE_BY_VALUE_INTERVAL: [86, "selection", "valueRange"],
    REMOVE_BY_RANK_RANGE: [87, "selection", "rankRange"],
    REMOVE_BY_KEY_REL_INDEX_RANGE: [88, "selection", "relativeIndexRange"],
    REMOVE_BY_VALUE_REL_RANK_RANGE: [89, "selection", "relativeRankRange"],
  },
);

/** Operations on a list or a map, without saying which. */
export const ContainerOp = /* @__PURE__ */ table(
  "container",
  {
    COUNT: [0xfd, "int", undefined, "8.2"],
  },
  {},
);

/** Operations on bits of a blob; bit 0 is the highest of byte 0, negative offsets count from the end. */
export const BitOp = /* @__PURE__ */ table(
  "bits",
  {
    /** offset, size */
    GET: [50, "blob"],
    /** offset, size */
    COUNT: [51, "int"],
    /** offset, size, bool */
    LSCAN: [52, "int"],
    /** offset, size, bool */
    RSCAN: [53, "int"],
    /** offset, size, [signed] */
    GET_INT: [54, "int"],
    /** [byte offset, [byte size, [1: the size is what is left out at the end]]] */
    B64_ENCODE: [55, "string", undefined, "8.2"],
  },
  {
    /** bytes, flags, resize flags */
    RESIZE: [0, "nothing"],
    /** byte offset, blob, flags */
    INSERT: [1, "nothing"],
    /** byte offset, bytes, flags */
    REMOVE: [2, "nothing"],
    /** offset, size, blob, flags */
    SET: [3, "nothing"],
    /** offset, size, blob, flags */
    OR: [4, "nothing"],
    /** offset, size, blob, flags */
    XOR: [5, "nothing"],
    /** offset, size, blob, flags */
    AND: [6, "nothing"],
    /** offset, size, flags */
    NOT: [7, "nothing"],
    /** offset, size, shift, flags */
    LSHIFT: [8, "nothing"],
    /** offset, size, shift, flags */
    RSHIFT: [9, "nothing"],
    /** offset, size, value, flags, sign and overflow */
    ADD: [10, "nothing"],
    /** offset, size, value, flags, sign and overflow */
    SUBTRACT: [11, "nothing"],
    /** offset, size, value, flags */
    SET_INT: [12, "nothing"],
  },
);

/** Operations on HyperLogLog sketches. Bits that are not given travel as −1. */
export const HllOp = /* @__PURE__ */ table(
  "hll",
  {
    GET_COUNT: [50, "int"],
    /** list of sketches */
    GET_UNION: [51, "hll"],
    /** list of sketches */
    GET_UNION_COUNT: [52, "int"],
    /** list of sketches */
    GET_INTERSECT_COUNT: [53, "int"],
    /** list of sketches */
    GET_SIMILARITY: [54, "float"],
    /** Index bits and minhash bits. */
    DESCRIBE: [55, "list"],
    /** list of values */
    MAY_CONTAIN: [56, "int"],
  },
  {
    /** index bits, minhash bits, flags */
    INIT: [0, "nothing"],
    /** list of values, index bits, minhash bits, flags */
    ADD: [1, "int"],
    /** list of sketches, flags */
    SET_UNION: [2, "nothing"],
    REFRESH_COUNT: [3, "int"],
    /** index bits */
    FOLD: [4, "nothing"],
  },
);

/**
 * Operations on strings. Positions are in code points, negative ones count from the end; those behind the end are the end.
 * Flags may be left out.
 */
export const StringOp = /* @__PURE__ */ table(
  "string",
  {
    LENGTH: [0, "int"],
    /** start, [end] */
    SUBSTRING: [1, "string"],
    /** index */
    CHAR_AT: [2, "string"],
    /** needle, [occurrence] */
    FIND: [3, "int"],
    /** needle */
    CONTAINS: [4, "bool"],
    /** prefix */
    STARTS_WITH: [5, "bool"],
    /** suffix */
    ENDS_WITH: [6, "bool"],
    TO_INTEGER: [7, "int"],
    TO_DOUBLE: [8, "float"],
    BYTE_LENGTH: [9, "int"],
    /** [kind of number] */
    IS_NUMERIC: [10, "bool"],
    IS_UPPER: [11, "bool"],
    IS_LOWER: [12, "bool"],
    TO_BLOB: [13, "blob"],
    /** [separator] */
    SPLIT: [14, "list"],
    B64_DECODE: [15, "blob"],
    /** pattern, [regex flags] */
    REGEX_COMPARE: [16, "bool"],
  },
  {
    /** index, text, [flags] */
    INSERT: [50, "nothing"],
    /** index, text, [flags] */
    OVERWRITE: [51, "nothing"],
    /** list of texts, [flags] */
    CONCAT: [52, "nothing"],
    /** start, [end, [flags]] */
    SNIP: [53, "nothing"],
    /** [needle, replacement], [flags] */
    REPLACE: [54, "nothing"],
    /** [needle, replacement], [flags] */
    REPLACE_ALL: [55, "nothing"],
    UPPER: [56, "nothing"],
    LOWER: [57, "nothing"],
    CASE_FOLD: [58, "nothing"],
    NORMALIZE_NFC: [59, "nothing"],
    TRIM_START: [60, "nothing"],
    TRIM_END: [61, "nothing"],
    TRIM: [62, "nothing"],
    /** length, pad, [flags] */
    PAD_START: [63, "nothing"],
    /** length, pad, [flags] */
    PAD_END: [64, "nothing"],
    /** times, [flags] */
    REPEAT: [65, "nothing"],
    /** [pattern, replacement], [regex flags, [flags]] */
    REGEX_REPLACE: [66, "nothing"],
    /** text, [flags] */
    APPEND: [67, "nothing"],
    /** text, [flags] */
    PREPEND: [68, "nothing"],
  },
  "8.2",
);

/** Those that create a string where the bin is missing; the others leave such a record as it is. */
export const CREATING_STRING_OPS: ReadonlySet<CdtOperation> = /* @__PURE__ */ new Set([
  StringOp.INSERT,
  StringOp.OVERWRITE,
  StringOp.CONCAT,
  StringOp.PAD_START,
  StringOp.PAD_END,
  StringOp.REPEAT,
  StringOp.APPEND,
  StringOp.PREPEND,
]);

/** What stands in the place of a code where lists and maps are reached through steps. */
export const CdtForm = {
  /** `[254, steps, flags (, expression)]`: every place that a path leads to. Server 8.1.1 and newer. */
  SELECT: 0xfe,
  /** `[255, steps, [code, parameter…]]`: an operation on what lies inside of the bin. */
  IN_CONTEXT: 0xff,
} as const;

const BY_CODE: Readonly<Record<CdtSystem, readonly (CdtOperation | undefined)[]>> = /* @__PURE__ */ byCode();

function byCode(): Record<CdtSystem, (CdtOperation | undefined)[]> {
  const found: Record<CdtSystem, (CdtOperation | undefined)[]> = { cdt: [], bits: [], hll: [], string: [] };
  for (const operations of [ListOp, MapOp, ContainerOp, BitOp, HllOp, StringOp]) {
    for (const operation of Object.values(operations)) found[operation.system][operation.code] = operation;
  }
  return found;
}

/** The operation of a code; undefined when there is none. */
export function operationOf(system: CdtSystem, code: number): CdtOperation | undefined {
  return BY_CODE[system][code];
}

/** The two operations of a kind of selector: reading what it names, and removing it. */
export interface SelectorOperations {
  readonly read: CdtOperation;
  readonly remove: CdtOperation;
}

type Selectors = ReadonlyMap<SelectorKind, SelectorOperations>;

const LIST_SELECTORS: Selectors = /* @__PURE__ */ selectors(ListOp);
const MAP_SELECTORS: Selectors = /* @__PURE__ */ selectors(MapOp);

function selectors(operations: Readonly<Record<string, CdtOperation>>): Selectors {
  const found = new Map<SelectorKind, SelectorOperations>();
  const all = Object.values(operations);
  for (const read of all) {
    if (read.modifies || read.selects === undefined) continue;
    const remove = all.find((each) => each.modifies && each.selects === read.selects);
    if (remove !== undefined) found.set(read.selects, { read, remove });
  }
  return found;
}

export function selectorOperations(on: "list" | "map", kind: SelectorKind): SelectorOperations {
  const operations = (on === "list" ? LIST_SELECTORS : MAP_SELECTORS).get(kind);
  if (operations === undefined) throw new TypeError(`a ${on} has no selector of the kind ${kind}`);
  return operations;
}

/** The oldest server that knows a part of an operation; of whole operations the table says it. */
export const CDT_SINCE = {
  SELECT: "8.1.1",
  /** By return type, without INVERTED. */
  returnTypes: {
    [MapReturnType.EXISTS]: "6.1",
    [MapReturnType.UNORDERED_MAP]: "6.3",
    [MapReturnType.ORDERED_MAP]: "6.3",
  },
  /** By type of a context's step. */
  steps: {
    [ContextType.MAP_KEYS_IN]: "8.1.2",
    [ContextType.AND_EXPRESSION]: "8.1.2",
  },
  /** Every other step that leads to several places. */
  severalPlaces: "8.2",
  /** Steps that lead to all others; servers of 8.1.2 take them for the steps that they invert. */
  inverted: "8.2",
  /** By what a path gives. */
  pathResults: {
    [PathSelectFlags.COUNT]: "8.2",
    [PathSelectFlags.EXISTS]: "8.2",
  },
  /** Missing places on the way to a write are no errors. */
  noFailContext: "8.2",
} as const;
