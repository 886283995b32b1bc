import { BitOp, HllOp } from "../protocol/cdt/operations.js";
import { nearest } from "../protocol/check/nearest.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { ANY, BLOB, BOOL, FLOAT, GEO, HLL, INT, LIST, MAP, NUMBER, STRING } from "./type-set.js";

/** A place for an argument. Positional or named, never both. */
export interface Slot {
  readonly name: string;
  readonly types: number;
  readonly positional: boolean;
  readonly optional: boolean;
  /** Must be a literal, whose value shapes the call. */
  readonly literal: boolean;
}

/**
 * What kind of function it is:
 * - `free` stands alone; `op` is an operation of expressions
 * - `read`, `write` work on paths; `cast` turns types into each other
 * - `string`, `bits`, `hll` call operations on such values
 */
export type Family = "free" | "read" | "write" | "cast" | "string" | "bits" | "hll";

export interface FunctionInfo {
  readonly name: string;
  readonly family: Family;
  /** Operation of its system, or of expressions. */
  readonly code: number;
  readonly modify: boolean;
  readonly slots: readonly Slot[];
  /** Types of the result; 0 where arguments or receiver decide. */
  readonly gives: number;
  /** Properties that it takes. */
  readonly properties: readonly string[];
}

const NONE: readonly string[] = [];

/** "s" positional, "s:" named, "s:?" named and optional, "s:!" a literal, "s?" positional and optional. */
function slots(description: string): readonly Slot[] {
  if (description === "") return [];
  return description.split(" ").map((part) => {
    const [, name, flags, type] = /^(\w+)([:?!]*)=(\w+)$/.exec(part)!;
    return {
      name: name!,
      types: SLOT_TYPES[type!]!,
      positional: !flags!.includes(":"),
      optional: flags!.includes("?"),
      literal: flags!.includes("!"),
    };
  });
}

const SLOT_TYPES: Readonly<Record<string, number>> = {
  ANY,
  BLOB,
  BOOL,
  FLOAT,
  GEO,
  HLL,
  INT,
  LIST,
  MAP,
  NUMBER,
  STRING,
  ITEMS: LIST | MAP,
  SKETCH: HLL | LIST,
};

type Row = readonly [description: string, code: number, gives: number, properties?: readonly string[]];

export const FREE = table("free", false, {
  abs: ["x=NUMBER", ExpOp.ABS, 0],
  ceil: ["x=FLOAT", ExpOp.CEIL, FLOAT],
  floor: ["x=FLOAT", ExpOp.FLOOR, FLOAT],
  countOneBits: ["x=INT", ExpOp.INT_COUNT, INT],
  log: ["value:=FLOAT base:=FLOAT", ExpOp.LOG, FLOAT],
  pow: ["base:=FLOAT exponent:=FLOAT", ExpOp.POW, FLOAT],
  findBitLeft: ["x:=INT value:=BOOL", ExpOp.INT_LSCAN, INT],
  findBitRight: ["x:=INT value:=BOOL", ExpOp.INT_RSCAN, INT],
  geoCompare: ["a=GEO b=GEO", ExpOp.GEO_COMPARE, BOOL],
  // Two and more arguments, and one that is no expression: the parser makes nodes of their own.
  min: ["", ExpOp.MIN, 0],
  max: ["", ExpOp.MAX, 0],
  exclusive: ["", ExpOp.EXCLUSIVE, BOOL],
  geoJson: ["", 0, GEO],
});

const CDT_FLAGS = ["NO_FAIL"];
const ITEM_FLAGS = ["NO_FAIL", "PARTIAL"];
const UNIQUE = ["NO_FAIL", "ADD_UNIQUE"];

const PATH = {
  ...table("read", false, {
    exists: ["", 0, BOOL],
    count: ["", 0, INT],
    type: ["", 0, INT],
    getKeys: ["", 0, LIST],
    getKeyValues: ["", 0, LIST],
    getTree: ["", 0, 0],
    getIndexes: ["", 0, INT | LIST, ["REVERSE"]],
    getRanks: ["", 0, INT | LIST, ["REVERSE"]],
    getMaps: ["", 0, MAP, ["UNORDERED"]],
    join: ["separator=STRING", 28, STRING],
  }),
  ...table("cast", false, {
    toInt: ["", ExpOp.TO_INT, INT],
    toFloat: ["", ExpOp.TO_FLOAT, FLOAT],
    toString: ["", 99, STRING],
  }),
  ...table("write", true, {
    setTo: ["value=ANY", 0, 0, UNIQUE],
    insert: ["value=ANY", 0, 0, UNIQUE],
    update: ["value=ANY", 0, 0, CDT_FLAGS],
    add: ["value=NUMBER", 0, 0, UNIQUE],
    append: ["value=ANY", 0, 0, UNIQUE],
    appendItems: ["values=LIST", 0, 0, ["NO_FAIL", "ADD_UNIQUE", "PARTIAL"]],
    insertItems: ["values=ITEMS", 0, 0, ["NO_FAIL", "ADD_UNIQUE", "PARTIAL"]],
    putItems: ["values=MAP", 0, 0, ITEM_FLAGS],
    updateItems: ["values=MAP", 0, 0, ITEM_FLAGS],
    clear: ["", 0, 0],
    sort: ["", 0, 0, ["DROP_DUPS"]],
    remove: ["", 0, 0, CDT_FLAGS],
    modify: ["change=ANY", 0, 0, CDT_FLAGS],
  }),
};

const STRINGS = {
  ...table("string", false, {
    strlen: ["", 0, INT],
    substr: ["from:=INT to:?=INT", 1, STRING],
    charAt: ["index:=INT", 2, STRING],
    find: ["needle:=STRING occurrence:?=INT", 3, INT],
    contains: ["needle:=STRING", 4, BOOL],
    startsWith: ["prefix=STRING", 5, BOOL],
    endsWith: ["suffix=STRING", 6, BOOL],
    bytesLength: ["", 9, INT],
    isNumeric: ["", 10, BOOL],
    isUpper: ["", 11, BOOL],
    isLower: ["", 12, BOOL],
    toBlob: ["", 13, BLOB],
    split: ["separator=STRING", 14, LIST],
    b64Decode: ["", 15, BLOB],
  }),
  ...table("string", true, {
    splice: ["offset:=INT value:=STRING", 50, STRING, CDT_FLAGS],
    overwrite: ["offset:=INT value:=STRING", 51, STRING, CDT_FLAGS],
    snip: ["from:=INT to:?=INT", 53, STRING, CDT_FLAGS],
    replace: ["find:=STRING replace:=STRING", 54, STRING, CDT_FLAGS],
    replaceAll: ["find:=STRING replace:=STRING", 55, STRING, CDT_FLAGS],
    upper: ["", 56, STRING, CDT_FLAGS],
    lower: ["", 57, STRING, CDT_FLAGS],
    caseFold: ["", 58, STRING, CDT_FLAGS],
    normalizeNFC: ["", 59, STRING, CDT_FLAGS],
    trimStart: ["", 60, STRING, CDT_FLAGS],
    trimEnd: ["", 61, STRING, CDT_FLAGS],
    trim: ["", 62, STRING, CDT_FLAGS],
    padStart: ["length:=INT pad:=STRING", 63, STRING, CDT_FLAGS],
    padEnd: ["length:=INT pad:=STRING", 64, STRING, CDT_FLAGS],
    repeat: ["times=INT", 65, STRING, CDT_FLAGS],
    regexReplace: ["pattern:=STRING replace:=STRING", 66, STRING, CDT_FLAGS],
  }),
};

const BIT_FLAGS = ["NO_FAIL", "UPDATE_ONLY"];
const BIT_PARTIAL = ["NO_FAIL", "UPDATE_ONLY", "PARTIAL"];
const BIT_SIZE = ["NO_FAIL", "UPDATE_ONLY", "CREATE_ONLY"];
const BIT_BLOB = "offset:=INT size:=INT value:=BLOB";

const BITS = {
  ...table("bits", false, {
    bitGet: ["offset:=INT size:=INT", BitOp.GET.code, BLOB],
    bitCount: ["offset:=INT size:=INT", BitOp.COUNT.code, INT],
    bitLscan: ["offset:=INT size:=INT value:=BOOL", BitOp.LSCAN.code, INT],
    bitRscan: ["offset:=INT size:=INT value:=BOOL", BitOp.RSCAN.code, INT],
    bitGetInt: ["offset:=INT size:=INT signed:?!=BOOL", BitOp.GET_INT.code, INT],
    b64Encode: ["", 55, STRING],
  }),
  ...table("bits", true, {
    bitSet: [BIT_BLOB, BitOp.SET.code, BLOB, BIT_PARTIAL],
    bitOr: [BIT_BLOB, BitOp.OR.code, BLOB, BIT_PARTIAL],
    bitXor: [BIT_BLOB, BitOp.XOR.code, BLOB, BIT_PARTIAL],
    bitAnd: [BIT_BLOB, BitOp.AND.code, BLOB, BIT_PARTIAL],
    bitNot: ["offset:=INT size:=INT", BitOp.NOT.code, BLOB, BIT_PARTIAL],
    bitLshift: ["offset:=INT size:=INT shift:=INT", BitOp.LSHIFT.code, BLOB, BIT_PARTIAL],
    bitRshift: ["offset:=INT size:=INT shift:=INT", BitOp.RSHIFT.code, BLOB, BIT_PARTIAL],
    bitAdd: ["offset:=INT size:=INT value:=INT signed:?!=BOOL", BitOp.ADD.code, BLOB, BIT_FLAGS],
    bitSubtract: ["offset:=INT size:=INT value:=INT signed:?!=BOOL", BitOp.SUBTRACT.code, BLOB, BIT_FLAGS],
    bitSetInt: ["offset:=INT size:=INT value:=INT", BitOp.SET_INT.code, BLOB, BIT_FLAGS],
    bitResize: ["byteSize:=INT", BitOp.RESIZE.code, BLOB, BIT_SIZE],
    bitInsert: ["byteOffset:=INT value:=BLOB", BitOp.INSERT.code, BLOB, BIT_SIZE],
    bitRemove: ["byteOffset:=INT byteSize:=INT", BitOp.REMOVE.code, BLOB, BIT_PARTIAL],
  }),
};

const SKETCHES = {
  ...table("hll", false, {
    hllCount: ["", HllOp.GET_COUNT.code, INT],
    hllDescribe: ["", HllOp.DESCRIBE.code, LIST],
    hllMayContain: ["values=LIST", HllOp.MAY_CONTAIN.code, INT],
    hllUnion: ["other=SKETCH", HllOp.GET_UNION.code, HLL],
    hllUnionCount: ["other=SKETCH", HllOp.GET_UNION_COUNT.code, INT],
    hllIntersectCount: ["other=SKETCH", HllOp.GET_INTERSECT_COUNT.code, INT],
    hllSimilarity: ["other=SKETCH", HllOp.GET_SIMILARITY.code, FLOAT],
  }),
  ...table("hll", true, {
    hllInit: ["indexBits:=INT minHashBits:?=INT", HllOp.INIT.code, HLL, ["NO_FAIL", "CREATE_ONLY", "UPDATE_ONLY"]],
    hllAdd: ["values=LIST indexBits:?=INT minHashBits:?=INT", HllOp.ADD.code, HLL, ["NO_FAIL", "CREATE_ONLY"]],
  }),
};

export const METHODS = { ...PATH, ...STRINGS, ...BITS, ...SKETCHES };

/** The function that calls an operation of its system; undefined for those that the language has no function for. */
export function functionOf(system: "string" | "bits" | "hll", code: number): FunctionInfo | undefined {
  const table = system === "string" ? STRINGS : system === "bits" ? BITS : SKETCHES;
  return Object.values<FunctionInfo>(table).find((fn) => fn.code === code);
}

/** `get(return: …)`, `orElse(…)`, `is(type: …)`: spellings of the language before 8.2 that have none of their own now. */
export const OLD = table("read", false, {
  get: ["", 0, 0],
  orElse: ["value=ANY", 0, 0],
  mapValues: ["", 0, LIST],
  mapKeys: ["", 0, LIST],
});

function table<N extends string>(
  family: Family,
  modify: boolean,
  rows: Readonly<Record<N, Row>>,
): Readonly<Record<N, FunctionInfo>> {
  const found: Record<string, FunctionInfo> = {};
  for (const [name, row] of Object.entries<Row>(rows)) {
    const [description, code, gives, properties = NONE] = row;
    let read: readonly Slot[] | undefined;
    found[name] = {
      name,
      family,
      code,
      modify,
      // Few programs use more than some of the functions.
      get slots() {
        read ??= slots(description);
        return read;
      },
      gives,
      properties,
    };
  }
  return found as Record<N, FunctionInfo>;
}

/** What stands before its arguments. */
export function freeFunction(name: string): FunctionInfo | undefined {
  return Object.hasOwn(FREE, name) ? FREE[name as keyof typeof FREE] : undefined;
}

/** What stands behind a dot. */
export function method(name: string): FunctionInfo | undefined {
  return Object.hasOwn(METHODS, name) ? METHODS[name as keyof typeof METHODS] : undefined;
}

/** Metadata of the record: `$.name()`, its operation, and what it gives. */
export const METADATA: ReadonlyMap<string, readonly [code: number, gives: number]> = new Map([
  ["ttl", [ExpOp.TTL, INT]],
  ["voidTime", [ExpOp.VOID_TIME, INT]],
  ["lastUpdateTime", [ExpOp.LAST_UPDATE, INT]],
  ["timeSinceLastUpdate", [ExpOp.SINCE_UPDATE, INT]],
  ["recordSize", [ExpOp.RECORD_SIZE, INT]],
  ["deviceSize", [ExpOp.DEVICE_SIZE, INT]],
  ["memorySize", [ExpOp.MEMORY_SIZE, INT]],
  ["keyExists", [ExpOp.KEY_EXISTS, BOOL]],
  ["isTombstone", [ExpOp.IS_TOMBSTONE, BOOL]],
  ["setName", [ExpOp.SET_NAME, STRING]],
  ["key", [ExpOp.KEY, 0]],
  ["digestModulo", [ExpOp.DIGEST_MODULO, INT]],
]);

/** Names of the language before 8.2, and today's. */
export const RENAMED: ReadonlyMap<string, string> = new Map([
  ["lastUpdate", "lastUpdateTime"],
  ["sinceUpdate", "timeSinceLastUpdate"],
]);

/** What other languages call it. */
const FOREIGN_METHODS: ReadonlyMap<string, string> = new Map([
  ["length", "strlen() counts characters of a string, count() elements of a list or map"],
  ["size", "count() counts elements of a list or map, strlen() characters of a string"],
  ["len", "strlen() counts characters of a string, count() elements of a list or map"],
  ["includes", "contains(needle: 'x') looks into a string; 'x' in $.list into a list"],
  ["indexOf", "find(needle: 'x') gives the place in a string"],
  ["toUpperCase", "upper() makes capitals"],
  ["toLowerCase", "lower() makes small letters"],
  ["substring", "substr(from: 0, to: 2) cuts a string"],
  ["slice", "substr(from: 0, to: 2) cuts a string, .[0:2] a list"],
  ["push", "append(value) adds to a list"],
  ["keys", "getKeys() gives keys of a map: $.m.{0:}.getKeys()"],
  ["values", "$.m.{0:} gives the values of a map"],
  ["has", "$.m.name.exists() tells whether a map has a key"],
  ["matches", "write $.s =~ /pattern/"],
  ["match", "write $.s =~ /pattern/"],
  ["test", "write $.s =~ /pattern/"],
  ["like", "write $.s =~ /pattern/, or contains(needle: 'x')"],
  ["isNull", "not($.a.exists())"],
  ["isNotNull", "$.a.exists()"],
  ["increment", "add(value)"],
  ["sum", "nothing adds up a list: keep the sum in a bin of its own"],
  ["avg", "nothing adds up a list: keep the sum in a bin of its own"],
  ["set", "setTo(value)"],
]);

const FOREIGN_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ["now", "There is no clock: give the time as a parameter (?0), or use $.timeSinceLastUpdate()"],
  ["exists", "Write $.a.exists()"],
  ["count", "Write $.list:LIST.count()"],
  ["len", "Write $.s.strlen() or $.list:LIST.count()"],
  ["has", "Write $.a.exists()"],
  ["isnull", "Write not($.a.exists())"],
  ["sum", "Nothing adds up a list: keep the sum in a bin of its own"],
  ["avg", "Nothing adds up a list: keep the sum in a bin of its own"],
  ["substring", "Write $.s.substr(from: 0, to: 2)"],
  ["uuid", "There is no chance: give the value as a parameter (?0)"],
  ["random", "There is no chance: give the value as a parameter (?0)"],
  ["length", "Write $.s.strlen() or $.list:LIST.count()"],
  ["size", "Write $.list:LIST.count()"],
  ["lower", "Write $.s.lower()"],
  ["upper", "Write $.s.upper()"],
  ["concat", "Strings are joined with +"],
  ["coalesce", "Write when ($.a.exists() => $.a:INT, default => 0)"],
  ["ifnull", "Write when ($.a.exists() => $.a:INT, default => 0)"],
  ["if", "Write when (condition => value, default => other)"],
  ["ttl", "Write $.ttl()"],
  ["int", "Write $.a.toInt()"],
  ["float", "Write $.a.toFloat()"],
  ["contains", "Write $.s.contains(needle: 'x'), or 'x' in $.list"],
  ["like", "Write $.s =~ /pattern/"],
  ["round", "floor(x + 0.5) rounds"],
  ["sqrt", "Write x ** 0.5"],
]);

export function suggestMethod(name: string): string | undefined {
  const meant = FOREIGN_METHODS.get(name);
  if (meant !== undefined) return meant;
  if (METADATA.has(name)) return `Did you mean $.${name}()? It asks for the record, not for a bin`;
  const near = nearest(name, [...Object.keys(METHODS), ...FOREIGN_METHODS.keys()]);
  if (near === undefined) return undefined;
  return FOREIGN_METHODS.get(near) ?? `Did you mean ${near}()?`;
}

export function suggestFunction(name: string): string | undefined {
  const meant = FOREIGN_FUNCTIONS.get(name.toLowerCase());
  if (meant !== undefined) return meant;
  if (METADATA.has(name)) return `Did you mean $.${name}()?`;
  if (method(name) !== undefined) return `${name}() stands behind what it works on: $.a.${name}()`;
  const near = nearest(name, Object.keys(FREE));
  return near === undefined ? undefined : `Did you mean ${near}()?`;
}

/** `offset: INT, size: INT`, as a function wants its arguments. */
export function signature(fn: FunctionInfo): string {
  return fn.slots
    .map(
      ({ name, positional, optional }) =>
        `${optional ? "[" : ""}${name}${positional ? "" : ": …"}${optional ? "]" : ""}`,
    )
    .join(", ");
}
