import type { CTX } from "../../protocol/cdt/context.js";
import * as by from "../../protocol/cdt/map-selectors.js";
import { type MapSelector, removeBy } from "../../protocol/cdt/selector.js";
import { argument as arg, call, int, key as key_, list } from "./call.js";
import type { Container, In, IntArg, KeyArg, KeyBoundArg, KeyListArg, SearchArg, SearchListArg } from "./call-types.js";
import type { Expression } from "./expression.js";

// Copies of a map without some entries. Where several are selected the first argument is MapReturnType.NONE, or
// MapReturnType.INVERTED to keep those and remove the rest.

/** Without the entry of a key. */
function mapRemoveByKey<C extends Container>(key: KeyArg, bin: Expression<C>, ...context: In<"map", C>): Expression<C> {
  const select = () => by.mapByKey(key_(key));
  return remove("mapRemoveByKey", 0, select, bin, context);
}

/** Without the entries with `begin <= key < end`; null leaves an end open. */
function mapRemoveByKeyRange<C extends Container>(
  returnType: number,
  begin: KeyBoundArg,
  end: KeyBoundArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByKeyRange(key_(begin), key_(end));
  return remove("mapRemoveByKeyRange", returnType, select, bin, context);
}

/** Without the entries with any of the keys. */
function mapRemoveByKeyList<C extends Container>(
  returnType: number,
  keys: KeyListArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByKeyList(list(keys));
  return remove("mapRemoveByKeyList", returnType, select, bin, context);
}

/** Without the entries from an index on that is counted from where the key stands, or would stand. */
function mapRemoveByKeyRelativeIndexRange<C extends Container>(
  returnType: number,
  key: KeyArg,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByKeyRelIndexRange(key_(key), int(index));
  return remove("mapRemoveByKeyRelativeIndexRange", returnType, select, bin, context);
}

/** Without `count` entries from an index on that is counted from where the key stands, or would stand. */
function mapRemoveByKeyRelativeIndexRangeCount<C extends Container>(
  returnType: number,
  key: KeyArg,
  index: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByKeyRelIndexRange(key_(key), int(index), int(count));
  return remove("mapRemoveByKeyRelativeIndexRangeCount", returnType, select, bin, context);
}

/** Without the entries with a value. */
function mapRemoveByValue<C extends Container>(
  returnType: number,
  value: SearchArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByValue(arg(value));
  return remove("mapRemoveByValue", returnType, select, bin, context);
}

/** Without the entries with `begin <= value < end`; null leaves an end open. */
function mapRemoveByValueRange<C extends Container>(
  returnType: number,
  begin: SearchArg,
  end: SearchArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByValueRange(arg(begin), arg(end));
  return remove("mapRemoveByValueRange", returnType, select, bin, context);
}

/** Without the entries with any of the values. */
function mapRemoveByValueList<C extends Container>(
  returnType: number,
  values: SearchListArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByValueList(list(values));
  return remove("mapRemoveByValueList", returnType, select, bin, context);
}

/** Without the entries from a rank on that is counted from where the value stands, or would stand. */
function mapRemoveByValueRelativeRankRange<C extends Container>(
  returnType: number,
  value: SearchArg,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByValueRelRankRange(arg(value), int(rank));
  return remove("mapRemoveByValueRelativeRankRange", returnType, select, bin, context);
}

/** Without `count` entries from a rank on that is counted from where the value stands, or would stand. */
function mapRemoveByValueRelativeRankRangeCount<C extends Container>(
  returnType: number,
  value: SearchArg,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByValueRelRankRange(arg(value), int(rank), int(count));
  return remove("mapRemoveByValueRelativeRankRangeCount", returnType, select, bin, context);
}

/** Without the entry at an index. */
function mapRemoveByIndex<C extends Container>(
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByIndex(int(index));
  return remove("mapRemoveByIndex", 0, select, bin, context);
}

/** Without the entries from an index to the last, in key order. */
function mapRemoveByIndexRange<C extends Container>(
  returnType: number,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByIndexRange(int(index));
  return remove("mapRemoveByIndexRange", returnType, select, bin, context);
}

/** Without `count` entries from an index on, in key order. */
function mapRemoveByIndexRangeCount<C extends Container>(
  returnType: number,
  index: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByIndexRange(int(index), int(count));
  return remove("mapRemoveByIndexRangeCount", returnType, select, bin, context);
}

/** Without the entry of a rank. */
function mapRemoveByRank<C extends Container>(
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByRank(int(rank));
  return remove("mapRemoveByRank", 0, select, bin, context);
}

/** Without the entries from a rank to the greatest. */
function mapRemoveByRankRange<C extends Container>(
  returnType: number,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByRankRange(int(rank));
  return remove("mapRemoveByRankRange", returnType, select, bin, context);
}

/** Without `count` entries from a rank on. */
function mapRemoveByRankRangeCount<C extends Container>(
  returnType: number,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  const select = () => by.mapByRankRange(int(rank), int(count));
  return remove("mapRemoveByRankRangeCount", returnType, select, bin, context);
}

function remove<C extends Container>(
  name: string,
  returnType: number,
  select: () => MapSelector,
  bin: Expression<C>,
  context: readonly CTX[],
): Expression<C> {
  return call(name, () => removeBy(select(), returnType), bin, context);
}

/** Removals from maps, for {@link Exp}. */
export const mapRemovals = {
  mapRemoveByIndex,
  mapRemoveByIndexRange,
  mapRemoveByIndexRangeCount,
  mapRemoveByKey,
  mapRemoveByKeyList,
  mapRemoveByKeyRange,
  mapRemoveByKeyRelativeIndexRange,
  mapRemoveByKeyRelativeIndexRangeCount,
  mapRemoveByRank,
  mapRemoveByRankRange,
  mapRemoveByRankRangeCount,
  mapRemoveByValue,
  mapRemoveByValueList,
  mapRemoveByValueRange,
  mapRemoveByValueRelativeRankRange,
  mapRemoveByValueRelativeRankRangeCount,
};
