import { ListSortFlags, ListWriteFlags } from "../../protocol/cdt/flags.js";
import { ListOp } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import { comparePacked } from "../packed/order.js";
import { addSorted, has, insertItems } from "./list-insert.js";
import { absoluteIndex, type Change, type Modification, type ModifyOp, nothing, REFUSED } from "./modification.js";
import { addDelta } from "./number-sum.js";
import { LIST_FLAGS, OrderFlag, orderFlags } from "./order-marker.js";
import { isOrdered, listOf, type PackedList, readList } from "./packed-list.js";
import type { Params } from "./params.js";
import { rewriteValue } from "./rewrite.js";
import { lowerBound, sequenceOf } from "./search.js";

type ListModification = Modification<PackedList>;
type Outcome = Change<PackedList> | number;

/** The operations that change a list by other means than selecting elements. */
export const LIST_MODIFY_OPS: ReadonlyMap<number, ModifyOp<PackedList>> = new Map<number, ModifyOp<PackedList>>([
  [ListOp.SET_TYPE.code, { required: 1, most: 1, read: readSetType }],
  [ListOp.APPEND.code, { required: 1, most: 3, read: (params) => readAppend(params, oneItem) }],
  [ListOp.APPEND_ITEMS.code, { required: 1, most: 3, read: (params) => readAppend(params, manyItems) }],
  [ListOp.INSERT.code, { required: 2, most: 3, read: (params) => readInsert(params, oneItem) }],
  [ListOp.INSERT_ITEMS.code, { required: 2, most: 3, read: (params) => readInsert(params, manyItems) }],
  [ListOp.SET.code, { required: 2, most: 3, read: readSet }],
  [ListOp.INCREMENT.code, { required: 1, most: 4, read: readIncrement }],
  [ListOp.SORT.code, { required: 0, most: 1, read: readSort, onMissing: sortOfNothing }],
  [ListOp.CLEAR.code, { required: 0, most: Number.POSITIVE_INFINITY, read: () => clear, onMissing: nothing }],
]);

function emptyList(flags = 0n): PackedList {
  return listOf(orderFlags(flags, LIST_FLAGS) ?? 0, []);
}

function readSetType(params: Params): ListModification {
  const flags = orderFlags(params.flags(), LIST_FLAGS);
  return (target) => {
    const list = target.open(emptyList());
    if (flags === undefined) return REFUSED;
    if (flags === list.flags) return { container: list };
    const isSorted = isOrdered(list) || (flags & OrderFlag.ORDERED) === 0;
    return { container: listOf(flags, isSorted ? list.elements : list.elements.toSorted(comparePacked)) };
  };
}

/** The storage form of what is to be put into a list; undefined when it must not be stored. */
type ItemsOf = (packed: Uint8Array) => readonly Uint8Array[] | undefined;

function oneItem(packed: Uint8Array): readonly Uint8Array[] | undefined {
  const item = rewriteValue(packed);
  return item === undefined ? undefined : [item];
}

function manyItems(packed: Uint8Array): readonly Uint8Array[] | undefined {
  const list = rewriteValue(packed);
  return list === undefined ? undefined : readList(list)?.elements;
}

function readAppend(params: Params, itemsOf: ItemsOf): ListModification {
  const packed = params.stored();
  const createFlags = params.flags();
  const flags = Number(params.flags() & 0xffn);
  return (target) => {
    const list = target.open(emptyList(createFlags));
    const items = itemsOf(packed);
    if (items === undefined) return ResultCode.PARAMETER_ERROR;
    if (isOrdered(list)) return addSorted(list, items, flags);
    return insertItems(list, BigInt(list.elements.length), items, flags);
  };
}

function readInsert(params: Params, itemsOf: ItemsOf): ListModification {
  const index = params.integer();
  const packed = params.stored();
  const flags = Number(params.flags() & 0xffn);
  return (target) => {
    const list = target.open(emptyList());
    const items = itemsOf(packed);
    if (items === undefined) return ResultCode.PARAMETER_ERROR;
    return isOrdered(list) ? REFUSED : insertItems(list, index, items, flags);
  };
}

function readSet(params: Params): ListModification {
  const index = params.integer();
  const packed = params.stored();
  const flags = Number(params.flags() & 0xffn);
  return (target) => {
    const list = target.open(emptyList());
    const value = rewriteValue(packed);
    if (value === undefined) return ResultCode.PARAMETER_ERROR;
    return isOrdered(list) ? REFUSED : setElement(list, index, value, flags);
  };
}

function setElement(list: PackedList, index: bigint, value: Uint8Array, flags: number): Outcome {
  const { elements } = list;
  if (index >= BigInt(elements.length)) {
    const change = insertItems(list, index, [value], flags);
    return typeof change === "number" ? change : withoutValue(change);
  }
  const at = absoluteIndex(index, elements.length);
  if (at < 0) return REFUSED;
  if (has(flags, ListWriteFlags.ADD_UNIQUE) && elements.some((e, i) => i !== at && comparePacked(e, value) === 0)) {
    return has(flags, ListWriteFlags.NO_FAIL) ? {} : ResultCode.ELEMENT_EXISTS;
  }
  return { container: listOf(list.flags, elements.with(at, value)) };
}

function withoutValue(change: Change<PackedList>): Change<PackedList> {
  return change.container === undefined ? {} : { container: change.container };
}

function readIncrement(params: Params): ListModification {
  const index = params.integer();
  const delta = params.optionalValue();
  const createFlags = params.flags();
  const flags = Number(params.flags() & 0xffn);
  return (target) => {
    const list = target.open(emptyList(createFlags));
    const at = absoluteIndex(index, list.elements.length);
    if (at < 0) return REFUSED;
    const sum = addDelta(list.elements[at], delta, false);
    if (sum === undefined) return ResultCode.PARAMETER_ERROR;
    const change = isOrdered(list)
      ? replaceSorted(list, at, sum.packed, flags)
      : setElement(list, BigInt(at), sum.packed, flags);
    // Refused under NO_FAIL, it still returns the sum.
    return typeof change === "number" ? change : { ...change, value: sum.value };
  };
}

function replaceSorted(list: PackedList, at: number, value: Uint8Array, flags: number): Outcome {
  const { elements } = list;
  if (at > elements.length) return REFUSED;
  const rank = lowerBound(sequenceOf(elements), value);
  const exists = rank < elements.length && comparePacked(elements[rank]!, value) === 0;
  if (exists && has(flags, ListWriteFlags.ADD_UNIQUE)) {
    return rank === at || has(flags, ListWriteFlags.NO_FAIL) ? {} : ResultCode.ELEMENT_EXISTS;
  }
  const others = elements.toSpliced(at, 1);
  return { container: listOf(list.flags, others.toSpliced(rank > at ? rank - 1 : rank, 0, value)) };
}

function readSort(params: Params): ListModification {
  const flags = Number(params.flags() & 0xffn);
  return (target) => (target.existing === undefined ? {} : sort(target.existing, flags));
}

/** A missing bin can't be sorted; a place in a bin where a list is yet to be made can. */
function sortOfNothing(target: { readonly binExists: boolean }): number | undefined {
  return target.binExists ? undefined : ResultCode.BIN_TYPE_ERROR;
}

function sort(list: PackedList, flags: number): Outcome {
  const descending = has(flags, ListSortFlags.DESCENDING);
  let elements = list.elements;
  if (elements.length <= 1) return {};
  if (!isOrdered(list))
    elements = elements.toSorted((a, b) => (descending ? comparePacked(b, a) : comparePacked(a, b)));
  if (!has(flags, ListSortFlags.DROP_DUPLICATES)) return { container: listOf(list.flags, elements) };
  const steps = elements.map((element, i) => (i === 0 ? -1 : comparePacked(elements[i - 1]!, element)));
  // Duplicates are looked for upwards only.
  if (steps.some((step) => step > 0)) return ResultCode.PARAMETER_ERROR;
  return {
    container: listOf(
      list.flags,
      elements.filter((_, i) => steps[i]! < 0),
    ),
  };
}

function clear(target: { readonly existing: PackedList | undefined }): Outcome {
  const { existing } = target;
  return existing === undefined ? {} : { container: listOf(existing.flags & LIST_FLAGS, []) };
}
