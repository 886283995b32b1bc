import type { CTX } from "../../protocol/cdt/context.js";
import * as by from "../../protocol/cdt/list-selectors.js";
import { type ListSelector, removeBy } from "../../protocol/cdt/selector.js";
import { argument as arg, call, int, list } from "./call.js";
import type { Container, In, IntArg, SearchArg, SearchListArg } from "./call-types.js";
import type { Expression } from "./expression.js";

// Copies of a list without some elements. Where several are selected the first argument is ListReturnType.NONE, or
// ListReturnType.INVERTED to keep those and remove the rest.

/** Without the element at an index. */
function listRemoveByIndex<C extends Container>(
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return remove("listRemoveByIndex", 0, () => by.listByIndex(int(index)), bin, context);
}

/** Without the element of a rank. */
function listRemoveByRank<C extends Container>(
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return remove("listRemoveByRank", 0, () => by.listByRank(int(rank)), bin, context);
}

/** Without the elements of a value. */
function listRemoveByValue<C extends Container>(
  returnType: number,
  value: SearchArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return remove("listRemoveByValue", returnType, () => by.listByValue(arg(value)), bin, context);
}

/** Without the elements of any of the values. */
function listRemoveByValueList<C extends Container>(
  returnType: number,
  values: SearchListArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return remove("listRemoveByValueList", returnType, () => by.listByValueList(list(values)), bin, context);
}

/** Without the elements with `begin <= value < end`; null leaves an end open. */
function listRemoveByValueRange<C extends Container>(
  returnType: number,
  begin: SearchArg,
  end: SearchArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return remove("listRemoveByValueRange", returnType, () => by.listByValueRange(arg(begin), arg(end)), bin, context);
}

/** Without the elements from a rank on that is counted from where the value stands, or would stand. */
function listRemoveByValueRelativeRankRange<C extends Container>(
  returnType: number,
  value: SearchArg,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  const select = () => by.listByValueRelRankRange(arg(value), int(rank));
  return remove("listRemoveByValueRelativeRankRange", returnType, select, bin, context);
}

/** The same for `count` elements. */
function listRemoveByValueRelativeRankRangeCount<C extends Container>(
  returnType: number,
  value: SearchArg,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  const select = () => by.listByValueRelRankRange(arg(value), int(rank), int(count));
  return remove("listRemoveByValueRelativeRankRangeCount", returnType, select, bin, context);
}

/** Without the elements from an index on. */
function listRemoveByIndexRange<C extends Container>(
  returnType: number,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return remove("listRemoveByIndexRange", returnType, () => by.listByIndexRange(int(index)), bin, context);
}

/** Without `count` elements from an index on. */
function listRemoveByIndexRangeCount<C extends Container>(
  returnType: number,
  index: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  const select = () => by.listByIndexRange(int(index), int(count));
  return remove("listRemoveByIndexRangeCount", returnType, select, bin, context);
}

/** Without the elements from a rank to the greatest. */
function listRemoveByRankRange<C extends Container>(
  returnType: number,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return remove("listRemoveByRankRange", returnType, () => by.listByRankRange(int(rank)), bin, context);
}

/** Without `count` elements from a rank on. */
function listRemoveByRankRangeCount<C extends Container>(
  returnType: number,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  const select = () => by.listByRankRange(int(rank), int(count));
  return remove("listRemoveByRankRangeCount", returnType, select, bin, context);
}

function remove<C extends Container>(
  name: string,
  returnType: number,
  select: () => ListSelector,
  bin: Expression<C>,
  context: readonly CTX[],
): Expression<C> {
  return call(name, () => removeBy(select(), returnType), bin, context);
}

/** Removals from lists, for {@link Exp}. */
export const listRemovals = {
  listRemoveByIndex,
  listRemoveByIndexRange,
  listRemoveByIndexRangeCount,
  listRemoveByRank,
  listRemoveByRankRange,
  listRemoveByRankRangeCount,
  listRemoveByValue,
  listRemoveByValueList,
  listRemoveByValueRange,
  listRemoveByValueRelativeRankRange,
  listRemoveByValueRelativeRankRangeCount,
};
