import type { AnyInteger } from "../bytes/utf8.js";
import { within } from "../value/invalid-value.js";
import { checkMapKey, type SearchValue } from "../value/pack.js";
import { INFINITY } from "../value/special.js";
import type { MapKey } from "../value/value.js";
import {
  type Arg,
  Computed,
  interval,
  listOf,
  mapKey,
  optionalCount,
  type Param,
  position,
  searched,
} from "./param.js";
import { type MapSelector, mayBeEmpty, type SelectedBy } from "./selector.js";

// Op codes, read and removal, with their params after the return type:
//   97 76 key · 98 77 index · 99 78 value, first match · 100 79 rank · 102 82 value · 107 81 list of keys · 108 83 list of values
//   103 84 begin, [end] of keys · 104 85 index, [count] · 105 86 begin, [end] of values · 106 87 rank, [count]
//   109 88 key, index, [count] · 110 89 value, rank, [count]

/** An end of a range of keys: nil or nothing leaves it open. */
export type KeyBound = MapKey | typeof INFINITY | null;

/** The entry with a key. */
export function mapByKey(key: Arg<MapKey>): MapSelector {
  return selector(97, 76, "key", true, [mapKey("key", key)]);
}

/** The entry at an index in key order. */
export function mapByIndex(index: Arg<AnyInteger>): MapSelector {
  return selector(98, 77, "index", true, [position("index", index)]);
}

/** The first entry with a value. */
export function mapByFirstValue(value: Arg<SearchValue>): MapSelector {
  return selector(99, 78, "value", true, [searched("value", value)]);
}

/** The entry of a rank in value order. */
export function mapByRank(rank: Arg<AnyInteger>): MapSelector {
  return selector(100, 79, "rank", true, [position("rank", rank)]);
}

/** All entries with a value. */
export function mapByValue(value: Arg<SearchValue>): MapSelector {
  return selector(102, 82, "value", false, [searched("value", value)]);
}

/** All entries with any of the keys. */
export function mapByKeyList(keys: Arg<readonly MapKey[]>): MapSelector {
  const list = listOf("keys", keys);
  if (!(list instanceof Computed)) {
    for (let i = 0; i < list.length; i++) mapKey(`keys[${i}]`, list[i]!);
  }
  return { ...selector(107, 81, "keyList", false, [searched("keys", list)]), mayBeEmpty: mayBeEmpty(list) };
}

/** All entries with any of the values. */
export function mapByValueList(values: Arg<readonly SearchValue[]>): MapSelector {
  const list = listOf("values", values);
  return { ...selector(108, 83, "valueList", false, [searched("values", list)]), mayBeEmpty: mayBeEmpty(list) };
}

/** The entries with `begin <= key < end`. */
export function mapByKeyRange(begin?: Arg<KeyBound>, end?: Arg<KeyBound>): MapSelector {
  return selector(103, 84, "key", false, interval(keyBound("begin", begin), keyBound("end", end)));
}

/** The entries from an index on, in key order. */
export function mapByIndexRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): MapSelector {
  return selector(104, 85, "index", false, [position("index", index), ...optionalCount(count)]);
}

/** The entries with `begin <= value < end`; nil or nothing leaves an end open. */
export function mapByValueRange(begin?: Arg<SearchValue>, end?: Arg<SearchValue>): MapSelector {
  return selector(105, 86, "value", false, interval(begin, end));
}

/** The entries from a rank on, in value order. */
export function mapByRankRange(rank: Arg<AnyInteger>, count?: Arg<AnyInteger>): MapSelector {
  return selector(106, 87, "rank", false, [position("rank", rank), ...optionalCount(count)]);
}

/** The entries from an index on that is counted from where the key stands, or would stand. */
export function mapByKeyRelIndexRange(key: Arg<MapKey>, index: Arg<AnyInteger>, count?: Arg<AnyInteger>): MapSelector {
  const params = [mapKey("key", key), position("index", index), ...optionalCount(count)];
  return selector(109, 88, "key", false, params);
}

/** The entries from a rank on that is counted from where the value stands, or would stand. */
export function mapByValueRelRankRange(
  value: Arg<SearchValue>,
  rank: Arg<AnyInteger>,
  count?: Arg<AnyInteger>,
): MapSelector {
  const params = [searched("value", value), position("rank", rank), ...optionalCount(count)];
  return selector(110, 89, "value", false, params);
}

function keyBound(name: string, bound: Arg<KeyBound> | undefined): Arg<SearchValue> | undefined {
  if (bound === undefined || bound === null || bound === INFINITY || bound instanceof Computed) return bound;
  try {
    return checkMapKey(bound);
  } catch (error) {
    throw within(name, error);
  }
}

function selector(get: number, remove: number, by: SelectedBy, single: boolean, params: readonly Param[]): MapSelector {
  return { on: "map", get, remove, by, single, params, mayBeEmpty: false };
}
