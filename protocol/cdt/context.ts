import type { AnyInteger } from "../bytes/utf8.js";
import { Writer } from "../bytes/writer.js";
import type { PackedExpression } from "../exp/packed-expression.js";
import { MAX_NESTING } from "../limits.js";
import { describe, InvalidValue } from "../value/invalid-value.js";
import { checkMapKey, packInteger, packListHeader, packSearchValue, type SearchValue } from "../value/pack.js";
import type { MapKey } from "../value/value.js";
import { checkInteger, checkOneOf } from "./check.js";
import { ListOrderType, MapOrder } from "./flags.js";
import { MAX_PADDED_INDEX } from "./param.js";

// A context on the wire, the way from a bin to a list or map inside of it:
//   array of type, value, type, value, …
//   type    base + list or map + create flag, or + CONTEXT_INVERTED for all others
//   base    to one place: index 0, rank 1, key 2, value 3
//           to several: expression 4; ranges of index 8, rank 9, keys 12, values 13; keys 10, values 11;
//             indexes from a key on 14, ranks from a value on 15

export const ContextType = {
  EXPRESSION: 0x04,
  LIST_INDEX: 0x10,
  LIST_RANK: 0x11,
  LIST_VALUE: 0x13,
  MAP_INDEX: 0x20,
  MAP_RANK: 0x21,
  MAP_KEY: 0x22,
  MAP_VALUE: 0x23,
  LIST_INDEX_RANGE: 0x18,
  LIST_RANK_RANGE: 0x19,
  LIST_VALUES_IN: 0x1b,
  LIST_VALUE_RANGE: 0x1d,
  LIST_VALUE_REL_RANK_RANGE: 0x1f,
  MAP_INDEX_RANGE: 0x28,
  MAP_RANK_RANGE: 0x29,
  MAP_KEYS_IN: 0x2a,
  MAP_VALUES_IN: 0x2b,
  MAP_KEY_RANGE: 0x2c,
  MAP_VALUE_RANGE: 0x2d,
  MAP_KEY_REL_INDEX_RANGE: 0x2e,
  MAP_VALUE_REL_RANK_RANGE: 0x2f,
  AND_EXPRESSION: 0x204,
} as const;

/** Added to the type of a step to several places: all others. Servers before 8.2 overlook it. */
export const CONTEXT_INVERTED = 0x400;

/** In front of the steps to a write: a place that is missing changes nothing, instead of failing. Server 8.2 and newer. */
export const CONTEXT_NO_FAIL = 1;

/** The bits of a step's type that say what it looks into; neither for one that works on whatever is there. */
export const CONTEXT_LIST = 0x10;
export const CONTEXT_MAP = 0x20;
/** The bits of a step's type that say by what it leads there. */
export const CONTEXT_BASE_MASK = 0x0f;

/** Added to the type of a step to one place: what it looks into is created where it is missing. */
export const ContextCreate = {
  MASK: 0xc0,
  LIST_UNORDERED: 0x40,
  /** Filled with nil up to the index. */
  LIST_PADDED: 0x80,
  LIST_ORDERED: 0xc0,
  MAP_UNORDERED: 0x40,
  MAP_KEY_ORDERED: 0x80,
  MAP_KEY_VALUE_ORDERED: 0xc0,
  /** The server keeps an index of what is created in storage: for the outermost alone. */
  PERSIST_INDEX: 0x100,
} as const;

const FIRST_OF_SEVERAL = 8;

/** Whether a step of this type leads to several places by their index, rank, key or value. */
export function leadsToSeveral(type: number): boolean {
  return (type & CONTEXT_BASE_MASK) >= FIRST_OF_SEVERAL;
}

const CREATE_MAP: Readonly<Record<MapOrder, number>> = {
  [MapOrder.UNORDERED]: ContextCreate.MAP_UNORDERED,
  [MapOrder.KEY_ORDERED]: ContextCreate.MAP_KEY_ORDERED,
  [MapOrder.KEY_VALUE_ORDERED]: ContextCreate.MAP_KEY_VALUE_ORDERED,
};

const INT32_MIN = -0x8000_0000;
const INT32_MAX = 0x7fff_ffff;

/**
 * One step into a nested list or map. Steps are immutable and can be used again.
 * @example [CTX.mapKey("orders"), CTX.listIndex(-1)]
 */
export class CTX {
  /** The type byte of the step, create flag included. */
  readonly type: number;
  /** What the step selects by: an index, a rank, a key, a value, or the bytes of an expression. */
  readonly value: unknown;
  /** Type and value as they travel. */
  readonly packed: Uint8Array;

  /** @internal Use the factories. */
  constructor(type: number, value: unknown, packed: Uint8Array) {
    this.type = type;
    this.value = value;
    this.packed = packed;
  }

  /** The element at an index; negative ones count from the end. */
  static listIndex(index: AnyInteger): CTX {
    return positionStep(ContextType.LIST_INDEX, "index", index);
  }

  /**
   * The element at an index, in a list that is created when it is missing.
   * @param index at least −1, and at least 0 with `pad`: a server goes down over others
   * @param order of the list in which the index is looked up, if it is created
   * @param pad fills the gap up to the index with nil; without it the index may only be the next one
   */
  static listIndexCreate(index: AnyInteger, order: ListOrderType, pad = false): CTX {
    const ordered = checkOneOf("order", order, ListOrderType) === ListOrderType.ORDERED;
    if (ordered && pad) {
      throw new TypeError("pad is for unordered lists: an ordered one puts a new element at its sorted place");
    }
    const flag = ordered ? ContextCreate.LIST_ORDERED : pad ? ContextCreate.LIST_PADDED : ContextCreate.LIST_UNORDERED;
    return step(ContextType.LIST_INDEX | flag, checkCreatedIndex(index, pad));
  }

  /** The element of a rank in value order; negative ones count from the greatest. */
  static listRank(rank: AnyInteger): CTX {
    return positionStep(ContextType.LIST_RANK, "rank", rank);
  }

  /** The first element with a value. */
  static listValue(value: SearchValue): CTX {
    return step(ContextType.LIST_VALUE, value);
  }

  /** The entry at an index in key order; negative ones count from the end. */
  static mapIndex(index: AnyInteger): CTX {
    return positionStep(ContextType.MAP_INDEX, "index", index);
  }

  /** The entry of a rank in value order; negative ones count from the greatest. */
  static mapRank(rank: AnyInteger): CTX {
    return positionStep(ContextType.MAP_RANK, "rank", rank);
  }

  /** The entry with a key. */
  static mapKey(key: MapKey): CTX {
    return step(ContextType.MAP_KEY, checkMapKey(key));
  }

  /**
   * The entry with a key, in a map that is created when it is missing.
   * @param order of the map in which the key is looked up, if it is created
   */
  static mapKeyCreate(key: MapKey, order: MapOrder): CTX {
    return step(ContextType.MAP_KEY | CREATE_MAP[checkOneOf("order", order, MapOrder)], checkMapKey(key));
  }

  /** The first entry with a value. */
  static mapValue(value: SearchValue): CTX {
    return step(ContextType.MAP_VALUE, value);
  }

  /** Every element or entry; for path operations. Needs server 8.1.1. */
  static allChildren(): CTX {
    return step(ContextType.EXPRESSION, true);
  }

  /** Every element or entry for which an expression over the loop variables is true; for path operations. Needs server 8.1.1. */
  static allChildrenWithFilter(filter: PackedExpression): CTX {
    return expressionStep(ContextType.EXPRESSION, filter);
  }

  /** The entries with any of these keys; for path operations. Needs server 8.1.2. */
  static mapKeysIn(keys: readonly MapKey[]): CTX {
    if (!Array.isArray(keys)) throw new TypeError(`keys is ${describe(keys)}; expected an array of map keys`);
    if (keys.length === 0) throw new RangeError("keys is empty; expected at least one map key");
    return step(ContextType.MAP_KEYS_IN, keys.map(checkMapKey));
  }

  /** The elements from an index on, or `count` of them; for path operations. Needs server 8.2. */
  static listIndexRange(index: AnyInteger, count?: AnyInteger): CTX {
    return several(ContextType.LIST_INDEX_RANGE, counted("index", index, count));
  }

  /** The elements from a rank on, in value order, or `count` of them; for path operations. Needs server 8.2. */
  static listRankRange(rank: AnyInteger, count?: AnyInteger): CTX {
    return several(ContextType.LIST_RANK_RANGE, counted("rank", rank, count));
  }

  /** The elements with any of these values; for path operations. Needs server 8.2. */
  static listValuesIn(values: readonly SearchValue[]): CTX {
    return several(ContextType.LIST_VALUES_IN, filled("values", values));
  }

  /** The elements from `begin`, included, to `end`, excluded; null leaves one open; for path operations. Needs server 8.2. */
  static listValueRange(begin: SearchValue | null, end: SearchValue | null): CTX {
    return several(ContextType.LIST_VALUE_RANGE, bounds(begin, end));
  }

  /** The elements from a rank on that is counted from a value; for path operations. Needs server 8.2. */
  static listValueRelativeRankRange(value: SearchValue, rank: AnyInteger, count?: AnyInteger): CTX {
    return several(ContextType.LIST_VALUE_REL_RANK_RANGE, [value, ...counted("rank", rank, count)]);
  }

  /** The entries from an index on, in key order, or `count` of them; for path operations. Needs server 8.2. */
  static mapIndexRange(index: AnyInteger, count?: AnyInteger): CTX {
    return several(ContextType.MAP_INDEX_RANGE, counted("index", index, count));
  }

  /** The entries from a rank on, in value order, or `count` of them; for path operations. Needs server 8.2. */
  static mapRankRange(rank: AnyInteger, count?: AnyInteger): CTX {
    return several(ContextType.MAP_RANK_RANGE, counted("rank", rank, count));
  }

  /** The entries with any of these values; for path operations. Needs server 8.2. */
  static mapValuesIn(values: readonly SearchValue[]): CTX {
    return several(ContextType.MAP_VALUES_IN, filled("values", values));
  }

  /** The entries with keys from `begin`, included, to `end`, excluded; null leaves one open; for path operations. Needs server 8.2. */
  static mapKeyRange(begin: MapKey | null, end: MapKey | null): CTX {
    return several(ContextType.MAP_KEY_RANGE, bounds(begin && checkMapKey(begin), end && checkMapKey(end)));
  }

  /** The entries with values from `begin`, included, to `end`, excluded; null leaves one open; for path operations. Needs server 8.2. */
  static mapValueRange(begin: SearchValue | null, end: SearchValue | null): CTX {
    return several(ContextType.MAP_VALUE_RANGE, bounds(begin, end));
  }

  /** The entries from an index on that is counted from a key; for path operations. Needs server 8.2. */
  static mapKeyRelativeIndexRange(key: MapKey, index: AnyInteger, count?: AnyInteger): CTX {
    return several(ContextType.MAP_KEY_REL_INDEX_RANGE, [checkMapKey(key), ...counted("index", index, count)]);
  }

  /** The entries from a rank on that is counted from a value; for path operations. Needs server 8.2. */
  static mapValueRelativeRankRange(value: SearchValue, rank: AnyInteger, count?: AnyInteger): CTX {
    return several(ContextType.MAP_VALUE_REL_RANK_RANGE, [value, ...counted("rank", rank, count)]);
  }

  /** All places but those of a step to several; for path operations. Needs server 8.2. */
  allOthers(): CTX {
    if (!leadsToSeveral(this.type))
      throw new TypeError("Only a step to several places, by a range or a list, has others");
    return several(this.type ^ CONTEXT_INVERTED, this.value as readonly SearchValue[]);
  }

  /** A further filter on what the step before selects; for path operations. Needs server 8.1.2. */
  static andFilter(filter: PackedExpression): CTX {
    return expressionStep(ContextType.AND_EXPRESSION, filter);
  }

  /**
   * The same step in an unordered list or map that is created when it is missing; itself when it creates one already.
   * Only an index of a list or a key of a map can be created.
   */
  creating(pad = false): CTX {
    if (this.creates) {
      if (pad && this.type !== (ContextType.LIST_INDEX | ContextCreate.LIST_PADDED)) {
        throw new TypeError("pad does not go with a step that creates its list or map in another way");
      }
      return this;
    }
    switch (this.type) {
      case ContextType.LIST_INDEX:
        checkCreatedIndex(this.value, pad);
        return this.#retyped(ContextType.LIST_INDEX | (pad ? ContextCreate.LIST_PADDED : ContextCreate.LIST_UNORDERED));
      case ContextType.MAP_KEY:
        return this.#retyped(ContextType.MAP_KEY | CREATE_MAP[MapOrder.UNORDERED]);
      default:
        throw new TypeError("Only the place at an index of a list or under a key of a map can be created");
    }
  }

  #retyped(type: number): CTX {
    const w = new Writer(this.packed.length + 1);
    packInteger(w, type);
    // A type without create flag takes one byte.
    w.bytes(this.packed.subarray(1));
    return new CTX(type, this.value, w.copy());
  }

  /** Whether the step creates the container it looks into. */
  get creates(): boolean {
    return (this.type & ContextCreate.MASK) !== 0;
  }

  /** Whether the step may select several places, as only path operations can use it. */
  get isForPaths(): boolean {
    switch (this.type) {
      case ContextType.EXPRESSION:
      case ContextType.AND_EXPRESSION:
        return true;
      default:
        return leadsToSeveral(this.type);
    }
  }
}

/**
 * The index of an element that is created if need be. With a lower one the server makes a place at the end after all
 * and aborts over it; with `pad` it takes any negative index for an enormous gap and writes beyond its memory.
 */
export function checkCreatedIndex(index: unknown, pad: boolean): AnyInteger {
  return pad
    ? checkInteger("index of a padded list", index, 0, MAX_PADDED_INDEX)
    : checkInteger("index of a list to create", index, -1, INT32_MAX);
}

function several(type: number, values: readonly SearchValue[]): CTX {
  return step(type, values);
}

function counted(name: string, start: AnyInteger, count: AnyInteger | undefined): readonly AnyInteger[] {
  const from = checkInteger(name, start, INT32_MIN, INT32_MAX);
  return count === undefined ? [from] : [from, checkInteger("count", count, 0, INT32_MAX)];
}

/** Nil is the least value; an upper end that is open is not sent. */
function bounds(begin: SearchValue | null, end: SearchValue | null): readonly SearchValue[] {
  return end === null || end === undefined ? [begin ?? null] : [begin ?? null, end];
}

function filled(name: string, values: readonly SearchValue[]): readonly SearchValue[] {
  if (!Array.isArray(values)) throw new TypeError(`${name} is ${describe(values)}; expected an array`);
  if (values.length === 0) throw new RangeError(`${name} is empty; expected at least one value`);
  return values;
}

function positionStep(type: number, name: string, position: AnyInteger): CTX {
  return step(type, checkInteger(name, position, INT32_MIN, INT32_MAX));
}

function step(type: number, value: SearchValue): CTX {
  const w = new Writer(32);
  packInteger(w, type);
  packSearchValue(w, value);
  return new CTX(type, value, w.copy());
}

function expressionStep(type: number, filter: PackedExpression): CTX {
  const w = new Writer(32);
  packInteger(w, type);
  w.bytes(filter.packed);
  return new CTX(type, filter.packed, w.copy());
}

/** Writes the array of steps; there must be at least one. */
export function packContext(w: Writer, context: readonly CTX[]): void {
  packListHeader(w, context.length * 2);
  for (const each of context) w.bytes(each.packed);
}

/** Steps to one place, as every operation but the path ones takes them. */
export function checkContext(context: readonly CTX[]): void {
  checkSteps(context);
  for (const each of context) {
    if (each.isForPaths) throw new TypeError("A context that selects several places is only for path operations");
  }
}

/** Steps of a path operation: any number of places, nothing created. */
export function checkPath(path: readonly CTX[]): void {
  checkSteps(path);
  if (path.length === 0) throw new RangeError("path is empty; expected at least one step");
  for (let i = 0; i < path.length; i++) {
    const each = path[i]!;
    if (each.creates) throw new TypeError("A path operation creates nothing: use CTX.listIndex or CTX.mapKey");
    if (each.type === ContextType.AND_EXPRESSION) {
      const before = path[i - 1]?.type;
      if (before === undefined || before === ContextType.EXPRESSION || before === ContextType.AND_EXPRESSION) {
        throw new TypeError(
          "CTX.andFilter narrows the step before it, which must be neither missing nor a filter itself",
        );
      }
    }
  }
}

function checkSteps(context: readonly CTX[]): void {
  if (context.length > MAX_NESTING) {
    throw new RangeError(`The context has ${context.length} steps; at most ${MAX_NESTING} are allowed`);
  }
  for (const each of context) {
    if (!(each instanceof CTX)) throw new InvalidValue(`expected a CTX step, got ${describe(each)}`);
  }
}
