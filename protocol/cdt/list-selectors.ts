import type { AnyInteger } from "../bytes/utf8.js";
import type { SearchValue } from "../value/pack.js";
import { type Arg, interval, listOf, optionalCount, type Param, position, searched } from "./param.js";
import { type ListSelector, mayBeEmpty, type SelectedBy } from "./selector.js";

// Op codes, read and removal, with their params after the return type:
//   19 32 index · 20 33 value, first match · 21 34 rank · 22 35 value · 23 36 list of values
//   24 37 index, [count] · 25 38 begin, [end] · 26 39 rank, [count] · 27 40 value, rank, [count]

/** The element at an index. */
export function listByIndex(index: Arg<AnyInteger>): ListSelector {
  return selector(19, 32, "index", true, [position("index", index)]);
}

/** The first element with a value. */
export function listByFirstValue(value: Arg<SearchValue>): ListSelector {
  return selector(20, 33, "value", true, [searched("value", value)]);
}

/** The element of a rank in value order. */
export function listByRank(rank: Arg<AnyInteger>): ListSelector {
  return selector(21, 34, "rank", true, [position("rank", rank)]);
}

/** All elements with a value. */
export function listByValue(value: Arg<SearchValue>): ListSelector {
  return selector(22, 35, "value", false, [searched("value", value)]);
}

/** All elements with any of the values. */
export function listByValueList(values: Arg<readonly SearchValue[]>): ListSelector {
  const list = listOf("values", values);
  return { ...selector(23, 36, "valueList", false, [searched("values", list)]), mayBeEmpty: mayBeEmpty(list) };
}

/** The elements from an index on. */
export function listByIndexRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): ListSelector {
  return selector(24, 37, "index", false, [position("index", index), ...optionalCount(count)]);
}

/** The elements with `begin <= value < end`; nil or nothing leaves an end open. */
export function listByValueRange(begin?: Arg<SearchValue>, end?: Arg<SearchValue>): ListSelector {
  return selector(25, 38, "value", false, interval(begin, end));
}

/** The elements from a rank on, in value order. */
export function listByRankRange(rank: Arg<AnyInteger>, count?: Arg<AnyInteger>): ListSelector {
  return selector(26, 39, "rank", false, [position("rank", rank), ...optionalCount(count)]);
}

/** The elements from a rank on that is counted from where the value stands, or would stand. */
export function listByValueRelRankRange(
  value: Arg<SearchValue>,
  rank: Arg<AnyInteger>,
  count?: Arg<AnyInteger>,
): ListSelector {
  const params = [searched("value", value), position("rank", rank), ...optionalCount(count)];
  return selector(27, 40, "value", false, params);
}

function selector(
  get: number,
  remove: number,
  by: SelectedBy,
  single: boolean,
  params: readonly Param[],
): ListSelector {
  return { on: "list", get, remove, by, single, params, mayBeEmpty: false };
}
