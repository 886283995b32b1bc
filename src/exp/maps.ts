import type { CTX } from "../../protocol/cdt/context.js";
import { mapSize as sizeCall } from "../../protocol/cdt/map.js";
import * as by from "../../protocol/cdt/map-selectors.js";
import { getBy, type MapSelector } from "../../protocol/cdt/selector.js";
import { checkType, type ExpType } from "../../protocol/exp/exp-type.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { operation } from "./build.js";
import { argument as arg, call, int, key as key_, list } from "./call.js";
import type {
  Container,
  In,
  IntArg,
  KeyArg,
  KeyBoundArg,
  KeyListArg,
  Many,
  One,
  SearchArg,
  SearchListArg,
} from "./call-types.js";
import type { Expression } from "./expression.js";
import { typeOfReturn } from "./return-type.js";

// Reads take what they return (a MapReturnType, + INVERTED where several are selected), what to select, the map, and
// the context if the map lies inside of it. Arguments are plain values or expressions.

/** How many entries a map has. */
function mapSize<C extends Container>(bin: Expression<C>, ...context: In<"map", C>): Expression<"int"> {
  return call("mapSize", sizeCall, bin, context);
}

/** The keys of a map as a list, in key order. Server 8.1.2 and later. */
function mapKeys(map: Expression<"map">): Expression<"list"> {
  return operation(ExpOp.MAP_KEYS, [map]);
}

/** The values of a map as a list, in key order. Server 8.1.2 and later. */
function mapValues(map: Expression<"map">): Expression<"list"> {
  return operation(ExpOp.MAP_VALUES, [map]);
}

/** The value under a key; unknown when there is none.
 *
 * `valueType` is the type of the value, or with return type KEY of the key.
 * @example Exp.eq(Exp.mapGetByKey(MapReturnType.VALUE, "string", "city", Exp.mapBin("address")), Exp.stringVal("Oslo"))
 */
function mapGetByKey<R extends number, V extends ExpType, C extends Container>(
  returnType: R,
  valueType: V,
  key: KeyArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<One<R, V>> {
  return one("mapGetByKey", returnType, valueType, () => by.mapByKey(key_(key)), bin, context);
}

/** Entries with `begin <= key < end`; null leaves an end open. */
function mapGetByKeyRange<R extends number, C extends Container>(
  returnType: R,
  begin: KeyBoundArg,
  end: KeyBoundArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByKeyRange(key_(begin), key_(end));
  return many("mapGetByKeyRange", returnType, select, bin, context);
}

/** Entries with any of the keys. */
function mapGetByKeyList<R extends number, C extends Container>(
  returnType: R,
  keys: KeyListArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByKeyList(list(keys));
  return many("mapGetByKeyList", returnType, select, bin, context);
}

/** Entries from an index on that is counted from where the key stands, or would stand. */
function mapGetByKeyRelativeIndexRange<R extends number, C extends Container>(
  returnType: R,
  key: KeyArg,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByKeyRelIndexRange(key_(key), int(index));
  return many("mapGetByKeyRelativeIndexRange", returnType, select, bin, context);
}

/** `count` entries from an index on that is counted from where the key stands, or would stand. */
function mapGetByKeyRelativeIndexRangeCount<R extends number, C extends Container>(
  returnType: R,
  key: KeyArg,
  index: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByKeyRelIndexRange(key_(key), int(index), int(count));
  return many("mapGetByKeyRelativeIndexRangeCount", returnType, select, bin, context);
}

/** All entries with a value. */
function mapGetByValue<R extends number, C extends Container>(
  returnType: R,
  value: SearchArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByValue(arg(value));
  return many("mapGetByValue", returnType, select, bin, context);
}

/** Entries with `begin <= value < end`; null leaves an end open. */
function mapGetByValueRange<R extends number, C extends Container>(
  returnType: R,
  begin: SearchArg,
  end: SearchArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByValueRange(arg(begin), arg(end));
  return many("mapGetByValueRange", returnType, select, bin, context);
}

/** Entries with any of the values. */
function mapGetByValueList<R extends number, C extends Container>(
  returnType: R,
  values: SearchListArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByValueList(list(values));
  return many("mapGetByValueList", returnType, select, bin, context);
}

/** Entries from a rank on that is counted from where the value stands, or would stand. */
function mapGetByValueRelativeRankRange<R extends number, C extends Container>(
  returnType: R,
  value: SearchArg,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByValueRelRankRange(arg(value), int(rank));
  return many("mapGetByValueRelativeRankRange", returnType, select, bin, context);
}

/** `count` entries from a rank on that is counted from where the value stands, or would stand. */
function mapGetByValueRelativeRankRangeCount<R extends number, C extends Container>(
  returnType: R,
  value: SearchArg,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByValueRelRankRange(arg(value), int(rank), int(count));
  return many("mapGetByValueRelativeRankRangeCount", returnType, select, bin, context);
}

/** The entry at an index in key order. */
function mapGetByIndex<R extends number, V extends ExpType, C extends Container>(
  returnType: R,
  valueType: V,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<One<R, V>> {
  return one("mapGetByIndex", returnType, valueType, () => by.mapByIndex(int(index)), bin, context);
}

/** Entries from an index to the last, in key order. */
function mapGetByIndexRange<R extends number, C extends Container>(
  returnType: R,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByIndexRange(int(index));
  return many("mapGetByIndexRange", returnType, select, bin, context);
}

/** `count` entries from an index on, in key order. */
function mapGetByIndexRangeCount<R extends number, C extends Container>(
  returnType: R,
  index: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByIndexRange(int(index), int(count));
  return many("mapGetByIndexRangeCount", returnType, select, bin, context);
}

/** The entry of a rank in value order: 0 the least, −1 the greatest. */
function mapGetByRank<R extends number, V extends ExpType, C extends Container>(
  returnType: R,
  valueType: V,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<One<R, V>> {
  return one("mapGetByRank", returnType, valueType, () => by.mapByRank(int(rank)), bin, context);
}

/** Entries from a rank to the greatest. */
function mapGetByRankRange<R extends number, C extends Container>(
  returnType: R,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByRankRange(int(rank));
  return many("mapGetByRankRange", returnType, select, bin, context);
}

/** `count` entries from a rank on. */
function mapGetByRankRangeCount<R extends number, C extends Container>(
  returnType: R,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<Many<R>> {
  const select = () => by.mapByRankRange(int(rank), int(count));
  return many("mapGetByRankRangeCount", returnType, select, bin, context);
}

function one<T extends One<number, ExpType> | ExpType>(
  name: string,
  returnType: number,
  valueType: ExpType,
  select: () => MapSelector,
  bin: unknown,
  context: readonly CTX[],
): Expression<T> {
  const type = typeOfReturn(returnType, checkType(valueType, `Exp.${name}`));
  return call(name, () => getBy(select(), returnType), bin, context, type);
}

function many<T extends ExpType>(
  name: string,
  returnType: number,
  select: () => MapSelector,
  bin: unknown,
  context: readonly CTX[],
): Expression<T> {
  return call(name, () => getBy(select(), returnType), bin, context, typeOfReturn(returnType, undefined));
}

/** Reads of maps, for {@link Exp}. */
export const maps = {
  mapGetByIndex,
  mapGetByIndexRange,
  mapGetByIndexRangeCount,
  mapGetByKey,
  mapGetByKeyList,
  mapGetByKeyRange,
  mapGetByKeyRelativeIndexRange,
  mapGetByKeyRelativeIndexRangeCount,
  mapGetByRank,
  mapGetByRankRange,
  mapGetByRankRangeCount,
  mapGetByValue,
  mapGetByValueList,
  mapGetByValueRange,
  mapGetByValueRelativeRankRange,
  mapGetByValueRelativeRankRangeCount,
  mapKeys,
  mapSize,
  mapValues,
};
