import type { AnyInteger } from "../bytes/utf8.js";
import type { SearchValue } from "../value/pack.js";
import type { SelectorKind } from "./operations.js";
import { type Arg, interval, listOf, optionalCount, type Param, position, searched } from "./param.js";
import { type ListSelector, mayBeEmpty } from "./selector.js";

/** The element at an index. */
export function listByIndex(index: Arg<AnyInteger>): ListSelector {
  return selector("index", [position("index", index)]);
}

/** The first element with a value. */
export function listByFirstValue(value: Arg<SearchValue>): ListSelector {
  return selector("firstValue", [searched("value", value)]);
}

/** The element of a rank in value order. */
export function listByRank(rank: Arg<AnyInteger>): ListSelector {
  return selector("rank", [position("rank", rank)]);
}

/** All elements with a value. */
export function listByValue(value: Arg<SearchValue>): ListSelector {
  return selector("value", [searched("value", value)]);
}

/** All elements with any of the values. */
export function listByValueList(values: Arg<readonly SearchValue[]>): ListSelector {
  const list = listOf("values", values);
  return { ...selector("valueList", [searched("values", list)]), mayBeEmpty: mayBeEmpty(list) };
}

/** The elements from an index on. */
export function listByIndexRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): ListSelector {
  return selector("indexRange", [position("index", index), ...optionalCount(count)]);
}

/** The elements with `begin <= value < end`; nil or nothing leaves an end open. */
export function listByValueRange(begin?: Arg<SearchValue>, end?: Arg<SearchValue>): ListSelector {
  return selector("valueRange", interval(begin, end));
}

/** The elements from a rank on, in value order. */
export function listByRankRange(rank: Arg<AnyInteger>, count?: Arg<AnyInteger>): ListSelector {
  return selector("rankRange", [position("rank", rank), ...optionalCount(count)]);
}

/** The elements from a rank on that is counted from where the value stands, or would stand. */
export function listByValueRelRankRange(
  value: Arg<SearchValue>,
  rank: Arg<AnyInteger>,
  count?: Arg<AnyInteger>,
): ListSelector {
  const params = [searched("value", value), position("rank", rank), ...optionalCount(count)];
  return selector("relativeRankRange", params);
}

function selector(kind: SelectorKind, params: readonly Param[]): ListSelector {
  return { on: "list", kind, params, mayBeEmpty: false };
}
