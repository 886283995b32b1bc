import type { AnyInteger } from "../bytes/utf8.js";
import { within } from "../value/invalid-value.js";
import { checkMapKey, type SearchValue } from "../value/pack.js";
import { INFINITY } from "../value/special.js";
import type { MapKey } from "../value/value.js";
import type { SelectorKind } from "./operations.js";
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
import { type MapSelector, mayBeEmpty } from "./selector.js";

/** An end of a range of keys: nil or nothing leaves it open. */
export type KeyBound = MapKey | typeof INFINITY | null;

/** The entry with a key. */
export function mapByKey(key: Arg<MapKey>): MapSelector {
  return selector("key", [mapKey("key", key)]);
}

/** The entry at an index in key order. */
export function mapByIndex(index: Arg<AnyInteger>): MapSelector {
  return selector("index", [position("index", index)]);
}

/** The first entry with a value. */
export function mapByFirstValue(value: Arg<SearchValue>): MapSelector {
  return selector("firstValue", [searched("value", value)]);
}

/** The entry of a rank in value order. */
export function mapByRank(rank: Arg<AnyInteger>): MapSelector {
  return selector("rank", [position("rank", rank)]);
}

/** All entries with a value. */
export function mapByValue(value: Arg<SearchValue>): MapSelector {
  return selector("value", [searched("value", value)]);
}

/** All entries with any of the keys. */
export function mapByKeyList(keys: Arg<readonly MapKey[]>): MapSelector {
  const list = listOf("keys", keys);
  if (!(list instanceof Computed)) {
    for (let i = 0; i < list.length; i++) mapKey(`keys[${i}]`, list[i]!);
  }
  return { ...selector("keyList", [searched("keys", list)]), mayBeEmpty: mayBeEmpty(list) };
}

/** All entries with any of the values. */
export function mapByValueList(values: Arg<readonly SearchValue[]>): MapSelector {
  const list = listOf("values", values);
  return { ...selector("valueList", [searched("values", list)]), mayBeEmpty: mayBeEmpty(list) };
}

/** The entries with `begin <= key < end`. */
export function mapByKeyRange(begin?: Arg<KeyBound>, end?: Arg<KeyBound>): MapSelector {
  return selector("keyRange", interval(keyBound("begin", begin), keyBound("end", end)));
}

/** The entries from an index on, in key order. */
export function mapByIndexRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): MapSelector {
  return selector("indexRange", [position("index", index), ...optionalCount(count)]);
}

/** The entries with `begin <= value < end`; nil or nothing leaves an end open. */
export function mapByValueRange(begin?: Arg<SearchValue>, end?: Arg<SearchValue>): MapSelector {
  return selector("valueRange", interval(begin, end));
}

/** The entries from a rank on, in value order. */
export function mapByRankRange(rank: Arg<AnyInteger>, count?: Arg<AnyInteger>): MapSelector {
  return selector("rankRange", [position("rank", rank), ...optionalCount(count)]);
}

/** The entries from an index on that is counted from where the key stands, or would stand. */
export function mapByKeyRelIndexRange(key: Arg<MapKey>, index: Arg<AnyInteger>, count?: Arg<AnyInteger>): MapSelector {
  const params = [mapKey("key", key), position("index", index), ...optionalCount(count)];
  return selector("relativeIndexRange", params);
}

/** The entries from a rank on that is counted from where the value stands, or would stand. */
export function mapByValueRelRankRange(
  value: Arg<SearchValue>,
  rank: Arg<AnyInteger>,
  count?: Arg<AnyInteger>,
): MapSelector {
  const params = [searched("value", value), position("rank", rank), ...optionalCount(count)];
  return selector("relativeRankRange", params);
}

function keyBound(name: string, bound: Arg<KeyBound> | undefined): Arg<SearchValue> | undefined {
  if (bound === undefined || bound === null || bound === INFINITY || bound instanceof Computed) return bound;
  try {
    return checkMapKey(bound);
  } catch (error) {
    throw within(name, error);
  }
}

function selector(kind: SelectorKind, params: readonly Param[]): MapSelector {
  return { on: "map", kind, params, mayBeEmpty: false };
}
