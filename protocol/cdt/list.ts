import type { AnyInteger } from "../bytes/utf8.js";
import { checkOptions } from "../check/check-options.js";
import type { Double } from "../value/double.js";
import { describe } from "../value/invalid-value.js";
import type { Value } from "../value/value.js";
import { type CdtCall, cdtCall } from "./call.js";
import { checkFlags, checkOneOf } from "./check.js";
import { ListOrderType, ListSortFlags, ListWriteFlags } from "./flags.js";
import { ContainerOp, ListOp } from "./operations.js";
import {
  type Arg,
  Computed,
  count,
  delta,
  listOf,
  optionalCount,
  type Param,
  paddedIndex,
  position,
  stored,
} from "./param.js";

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
  return cdtCall(ListOp.SET_TYPE, [stored("order", flags)]);
}

/** Adds a value at the end, or at its sorted place in an ordered list. */
export function listAppend(value: Arg<Value>, policy?: ListPolicy): CdtCall {
  return cdtCall(ListOp.APPEND, [stored("value", value), ...policyParams(policy)]);
}

export function listAppendItems(values: Arg<readonly Value[]>, policy?: ListPolicy): CdtCall {
  return cdtCall(ListOp.APPEND_ITEMS, [stored("values", listOf("values", values)), ...policyParams(policy)]);
}

/** Puts a value in front of the one at an index. Unordered lists only. */
export function listInsert(index: Arg<AnyInteger>, value: Arg<Value>, flags?: number): CdtCall {
  return cdtCall(ListOp.INSERT, [paddedIndex(index), stored("value", value), ...flagParams(flags)]);
}

export function listInsertItems(index: Arg<AnyInteger>, values: Arg<readonly Value[]>, flags?: number): CdtCall {
  return cdtCall(ListOp.INSERT_ITEMS, [
    paddedIndex(index),
    stored("values", listOf("values", values)),
    ...flagParams(flags),
  ]);
}

/** Removes the element at an index and returns it. */
export function listPop(index: Arg<AnyInteger>): CdtCall {
  return cdtCall(ListOp.POP, [position("index", index)]);
}

export function listPopRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): CdtCall {
  return cdtCall(ListOp.POP_RANGE, [position("index", index), ...optionalCount(count)]);
}

/** Removes the element at an index and returns how many that were. */
export function listRemove(index: Arg<AnyInteger>): CdtCall {
  return cdtCall(ListOp.REMOVE, [position("index", index)]);
}

export function listRemoveRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): CdtCall {
  return cdtCall(ListOp.REMOVE_RANGE, [position("index", index), ...optionalCount(count)]);
}

/** Replaces the element at an index, or appends one. Unordered lists only. */
export function listSet(index: Arg<AnyInteger>, value: Arg<Value>, flags?: number): CdtCall {
  return cdtCall(ListOp.SET, [paddedIndex(index), stored("value", value), ...flagParams(flags)]);
}

/** Keeps `keep` elements from an index on and removes the rest. */
export function listTrim(index: Arg<AnyInteger>, keep: Arg<AnyInteger>): CdtCall {
  return cdtCall(ListOp.TRIM, [position("index", index), count(keep)]);
}

export function listClear(): CdtCall {
  return cdtCall(ListOp.CLEAR, []);
}

/** Adds to the number at an index. */
export function listIncrement(index: Arg<AnyInteger>, by: Arg<AnyInteger | Double> = 1, policy?: ListPolicy): CdtCall {
  return cdtCall(ListOp.INCREMENT, [paddedIndex(index), delta(by), ...policyParams(policy)]);
}

/** Sorts by value. */
export function listSort(flags: ListSortFlags = ListSortFlags.DEFAULT): CdtCall {
  return cdtCall(ListOp.SORT, [stored("flags", checkOneOf("flags", flags, ListSortFlags))]);
}

export function listSize(): CdtCall {
  return cdtCall(ListOp.SIZE, []);
}

export function listGet(index: Arg<AnyInteger>): CdtCall {
  return cdtCall(ListOp.GET, [position("index", index)]);
}

export function listGetRange(index: Arg<AnyInteger>, count?: Arg<AnyInteger>): CdtCall {
  return cdtCall(ListOp.GET_RANGE, [position("index", index), ...optionalCount(count)]);
}

/** The strings of the list as one, with a separator between them if given. Server 8.2 and newer. */
export function listJoin(separator?: Arg<string>): CdtCall {
  if (separator === undefined) return cdtCall(ListOp.JOIN, []);
  if (!(separator instanceof Computed) && typeof separator !== "string")
    throw new TypeError(`separator is ${describe(separator)}; expected a string`);
  return cdtCall(ListOp.JOIN, [stored("separator", separator)]);
}

/** How many elements or entries a list or map has, whichever is there. Server 8.2 and newer. */
export function containerCount(): CdtCall {
  return cdtCall(ContainerOp.COUNT, []);
}

function policyParams(policy: ListPolicy | undefined): readonly Param[] {
  if (policy === undefined) return [];
  checkOptions("policy", policy, { order: true, flags: true });
  const order = checkOneOf("order", policy.order ?? ListOrderType.UNORDERED, ListOrderType);
  return [stored("order", order), ...flagParams(policy.flags ?? ListWriteFlags.DEFAULT)];
}

function flagParams(flags: number | undefined): readonly Param[] {
  return flags === undefined ? [] : [stored("flags", checkFlags("flags", flags, ListWriteFlags))];
}
