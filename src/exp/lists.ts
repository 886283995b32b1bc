import type { CTX } from "../../protocol/cdt/context.js";
import type { ListSortFlags } from "../../protocol/cdt/flags.js";
import type { ListPolicy } from "../../protocol/cdt/list.js";
import * as list from "../../protocol/cdt/list.js";
import * as by from "../../protocol/cdt/list-selectors.js";
import { getBy, type ListSelector } from "../../protocol/cdt/selector.js";
import { checkType, type ExpType } from "../../protocol/exp/exp-type.js";
import { argument as arg, call, int, list as listArg, number, text } from "./call.js";
import type {
  Container,
  In,
  IntArg,
  Many,
  One,
  SearchArg,
  SearchListArg,
  StringArg,
  ValueArg,
  ValueListArg,
} from "./call-types.js";
import type { Expression } from "./expression.js";
import { typeOfReturn } from "./return-type.js";

// Reads take what they return (a ListReturnType, + INVERTED where several are selected), what to select, the list, and
// the context if the list lies inside of it. Arguments are plain values or expressions.

/** How many elements a list has. */
function listSize<C extends Container>(bin: Expression<C>, ...context: In<"list", C>): Expression<"int"> {
  return call("listSize", list.listSize, bin, context);
}

/**
 * The strings of a list as one; unknown when it holds anything else. Server 8.2 and newer.
 * @param separator what stands between them, `null` for nothing
 */
function listJoin<C extends Container>(
  separator: StringArg | null,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<"string"> {
  return call("listJoin", () => list.listJoin(separator === null ? undefined : text(separator)), bin, context);
}

/** How many elements or entries there are, whether it is a list or a map. Server 8.2 and newer. */
function count(bin: Expression<Container>, ...context: readonly CTX[]): Expression<"int"> {
  return call("count", list.containerCount, bin, context);
}

/**
 * The element at an index; unknown when there is none.
 * @param valueType the type of the element, used when the return type is VALUE
 * @example Exp.eq(Exp.listGetByIndex(ListReturnType.VALUE, "int", 0, Exp.listBin("scores")), Exp.intVal(5))
 */
function listGetByIndex<R extends number, V extends ExpType, C extends Container>(
  returnType: R,
  valueType: V,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<One<R, V>> {
  return one("listGetByIndex", returnType, valueType, () => by.listByIndex(int(index)), bin, context);
}

/** The element of a rank in value order: 0 the least, −1 the greatest. */
function listGetByRank<R extends number, V extends ExpType, C extends Container>(
  returnType: R,
  valueType: V,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<One<R, V>> {
  return one("listGetByRank", returnType, valueType, () => by.listByRank(int(rank)), bin, context);
}

/** All elements with a value. */
function listGetByValue<R extends number, C extends Container>(
  returnType: R,
  value: SearchArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  return many("listGetByValue", returnType, () => by.listByValue(arg(value)), bin, context);
}

/** Elements with `begin <= value < end`; null leaves an end open. */
function listGetByValueRange<R extends number, C extends Container>(
  returnType: R,
  begin: SearchArg,
  end: SearchArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  return many("listGetByValueRange", returnType, () => by.listByValueRange(arg(begin), arg(end)), bin, context);
}

/** Elements with any of the values. */
function listGetByValueList<R extends number, C extends Container>(
  returnType: R,
  values: SearchListArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  return many("listGetByValueList", returnType, () => by.listByValueList(listArg(values)), bin, context);
}

/** Elements from a rank on that is counted from where the value stands, or would stand. */
function listGetByValueRelativeRankRange<R extends number, C extends Container>(
  returnType: R,
  value: SearchArg,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  const select = () => by.listByValueRelRankRange(arg(value), int(rank));
  return many("listGetByValueRelativeRankRange", returnType, select, bin, context);
}

/** `count` elements from a rank on that is counted from where the value stands, or would stand. */
function listGetByValueRelativeRankRangeCount<R extends number, C extends Container>(
  returnType: R,
  value: SearchArg,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  const select = () => by.listByValueRelRankRange(arg(value), int(rank), int(count));
  return many("listGetByValueRelativeRankRangeCount", returnType, select, bin, context);
}

/** Elements from an index to the end. */
function listGetByIndexRange<R extends number, C extends Container>(
  returnType: R,
  index: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  return many("listGetByIndexRange", returnType, () => by.listByIndexRange(int(index)), bin, context);
}

/** `count` elements from an index on. */
function listGetByIndexRangeCount<R extends number, C extends Container>(
  returnType: R,
  index: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  const select = () => by.listByIndexRange(int(index), int(count));
  return many("listGetByIndexRangeCount", returnType, select, bin, context);
}

/** Elements from a rank to the greatest. */
function listGetByRankRange<R extends number, C extends Container>(
  returnType: R,
  rank: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  return many("listGetByRankRange", returnType, () => by.listByRankRange(int(rank)), bin, context);
}

/** `count` elements from a rank on. */
function listGetByRankRangeCount<R extends number, C extends Container>(
  returnType: R,
  rank: IntArg,
  count: IntArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<Many<R>> {
  const select = () => by.listByRankRange(int(rank), int(count));
  return many("listGetByRankRangeCount", returnType, select, bin, context);
}

// Writes give a changed copy of the whole bin; the record stays as it is.

/** The list with a value added at the end, or at its sorted place in an ordered one. */
function listAppend<C extends Container>(
  policy: ListPolicy | undefined,
  value: ValueArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return call("listAppend", () => list.listAppend(arg(value), policy), bin, context);
}

/** The list with several values added. */
function listAppendItems<C extends Container>(
  policy: ListPolicy | undefined,
  values: ValueListArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return call("listAppendItems", () => list.listAppendItems(listArg(values), policy), bin, context);
}

/** The list with a value put in front of the one at an index. */
function listInsert<C extends Container>(
  flags: number | undefined,
  index: IntArg,
  value: ValueArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return call("listInsert", () => list.listInsert(int(index), arg(value), flags), bin, context);
}

/** The list with several values put in front of the one at an index. */
function listInsertItems<C extends Container>(
  flags: number | undefined,
  index: IntArg,
  values: ValueListArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return call("listInsertItems", () => list.listInsertItems(int(index), listArg(values), flags), bin, context);
}

/** The list with a number added to the one at an index. */
function listIncrement<C extends Container>(
  policy: ListPolicy | undefined,
  index: IntArg,
  by: IntArg | Expression<"float">,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return call("listIncrement", () => list.listIncrement(int(index), number(by), policy), bin, context);
}

/** The list with another value at an index. */
function listSet<C extends Container>(
  flags: number | undefined,
  index: IntArg,
  value: ValueArg,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return call("listSet", () => list.listSet(int(index), arg(value), flags), bin, context);
}

/** The list without elements. */
function listClear<C extends Container>(bin: Expression<C>, ...context: In<"list", C>): Expression<C> {
  return call("listClear", list.listClear, bin, context);
}

/** The list sorted. @param flags one of ListSortFlags */
function listSort<C extends Container>(
  flags: ListSortFlags,
  bin: Expression<C>,
  ...context: In<"list", C>
): Expression<C> {
  return call("listSort", () => list.listSort(flags), bin, context);
}

function one<T extends One<number, ExpType> | ExpType>(
  name: string,
  returnType: number,
  valueType: ExpType,
  select: () => ListSelector,
  bin: unknown,
  context: readonly CTX[],
): Expression<T> {
  const type = typeOfReturn(returnType, checkType(valueType, `Exp.${name}`));
  return call(name, () => getBy(select(), returnType), bin, context, type);
}

function many<T extends ExpType>(
  name: string,
  returnType: number,
  select: () => ListSelector,
  bin: unknown,
  context: readonly CTX[],
): Expression<T> {
  return call(name, () => getBy(select(), returnType), bin, context, typeOfReturn(returnType, undefined));
}

/** Reads and writes of lists, for {@link Exp}. */
export const lists = {
  count,
  listAppend,
  listAppendItems,
  listClear,
  listGetByIndex,
  listGetByIndexRange,
  listGetByIndexRangeCount,
  listGetByRank,
  listGetByRankRange,
  listGetByRankRangeCount,
  listGetByValue,
  listGetByValueList,
  listGetByValueRange,
  listGetByValueRelativeRankRange,
  listGetByValueRelativeRankRangeCount,
  listIncrement,
  listInsert,
  listInsertItems,
  listJoin,
  listSet,
  listSize,
  listSort,
};
