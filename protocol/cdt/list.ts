import type { AnyInteger } from "../bytes/utf8.js";
import type { Double } from "../value/double.js";
import type { Value } from "../value/value.js";
import { CallSystem, type CdtCall } from "./call.js";
import { checkFlags, checkOneOf } from "./check.js";
import { ListOrderType, ListSortFlags, ListWriteFlags } from "./flags.js";
import { type Arg, count, delta, listOf, optionalCount, type Param, paddedIndex, position, stored } from "./param.js";

// Op codes and params:
//   0 SET_TYPE order · 1 APPEND value, [order, flags] · 2 APPEND_ITEMS list, [order, flags] · 3 INSERT index, value, [flags]
//   4 INSERT_ITEMS index, list, [flags] · 5 POP index · 6 POP_RANGE index, [count] · 7 REMOVE index · 8 REMOVE_RANGE index, [count]
//   9 SET index, value, [flags] · 10 TRIM index, count · 11 CLEAR · 12 INCREMENT index, [delta, order, flags] · 13 SORT flags
//   16 SIZE · 17 GET index · 18 GET_RANGE index, [count]

/** Added to an order: the server keeps an index of the list in storage. */
export const PERSIST_INDEX = 0x10;

export interface ListPolicy {
  /** Order of the list if the operation creates it. Default: unordered. */
  readonly order?: ListOrderType;
  /** A sum of {@link ListWriteFlags}. Default: 0. */
  readonly flags?: number;
}

/** Creates a list, or changes the order of one; turning it ordered sorts it. */
export function listSetOrder(order: ListOrderType, persistIndex = false): CdtCall {
  const flags = checkOneOf("order", order, ListOrderType) | (persistIndex ? PERSIST_INDEX : 0);
  return modify(0, [stored("order", flags)]);
}

/** Adds a value at the end, or at its sorted place in an ordered list. */
export function listAppend(value: Arg<Value>, policy?: ListPolicy): CdtCall {
  return modify(1, [stored("value", value), ...policyParams(policy)]);
}

export function listAppendItems(values: Arg<readonly Value[]>, policy?: ListPolicy): CdtCall {
  return modify(2, [stored("values", listOf("values", values)), ...policyParams(policy)]);
}

/** Puts a value in front of the one at an index. Unordered lists only. */
export function listInsert(index: Arg<AnyInteger>, value: Arg<Value>, flags?: number): CdtCall {
  return modify(3, [paddedIndex(index), stored("value", value), ...flagParams(flags)]);
}

export function listInsertItems(index: Arg<AnyInteger>, values: Arg<readonly Value[]>, flags?: number): CdtCall {
  return modify(4, [paddedIndex(index), stored("values", listOf("values", values)), ...flagParams(flags)]);
}

/** Removes the element at an index and answers it. */
export function listPop(index: Arg<AnyInteger>): CdtCall {
  return modify(5, [position("index", index)]);
}

export function listPopRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): CdtCall {
  return modify(6, [position("index", index), ...optionalCount(count)]);
}

/** Removes the element at an index and answers how many that were. */
export function listRemove(index: Arg<AnyInteger>): CdtCall {
  return modify(7, [position("index", index)]);
}

export function listRemoveRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): CdtCall {
  return modify(8, [position("index", index), ...optionalCount(count)]);
}

/** Replaces the element at an index, or appends one. Unordered lists only. */
export function listSet(index: Arg<AnyInteger>, value: Arg<Value>, flags?: number): CdtCall {
  return modify(9, [paddedIndex(index), stored("value", value), ...flagParams(flags)]);
}

/** Keeps `keep` elements from an index on and removes the rest. */
export function listTrim(index: Arg<AnyInteger>, keep: Arg<AnyInteger>): CdtCall {
  return modify(10, [position("index", index), count(keep)]);
}

export function listClear(): CdtCall {
  return modify(11, []);
}

/** Adds to the number at an index. */
export function listIncrement(index: Arg<AnyInteger>, by: Arg<AnyInteger | Double> = 1, policy?: ListPolicy): CdtCall {
  return modify(12, [paddedIndex(index), delta(by), ...policyParams(policy)]);
}

/** Sorts by value. */
export function listSort(flags: ListSortFlags = ListSortFlags.DEFAULT): CdtCall {
  return modify(13, [stored("flags", checkOneOf("flags", flags, ListSortFlags))]);
}

export function listSize(): CdtCall {
  return read(16, []);
}

export function listGet(index: Arg<AnyInteger>): CdtCall {
  return read(17, [position("index", index)]);
}

export function listGetRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): CdtCall {
  return read(18, [position("index", index), ...optionalCount(count)]);
}

function policyParams(policy: ListPolicy | undefined): readonly Param[] {
  if (policy === undefined) return [];
  const order = checkOneOf("order", policy.order ?? ListOrderType.UNORDERED, ListOrderType);
  return [stored("order", order), ...flagParams(policy.flags ?? ListWriteFlags.DEFAULT)];
}

function flagParams(flags: number | undefined): readonly Param[] {
  return flags === undefined ? [] : [stored("flags", checkFlags("flags", flags, ListWriteFlags))];
}

function modify(code: number, params: readonly Param[]): CdtCall {
  return { system: CallSystem.CDT, code, modify: true, params };
}

function read(code: number, params: readonly Param[]): CdtCall {
  return { system: CallSystem.CDT, code, modify: false, params };
}
