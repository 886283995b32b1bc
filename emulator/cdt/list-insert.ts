import { ListWriteFlags } from "../../protocol/cdt/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { comparePacked } from "../packed/order.js";
import { integerValue } from "../record/bin-value.js";
import { withSubCode } from "../record/op-outcome.js";
import { absoluteIndex, type Change, REFUSED, refusal } from "./modification.js";
import { listOf, type PackedList } from "./packed-list.js";
import { lowerBound, probe, sequenceOf } from "./search.js";

const BEYOND_BOUND = withSubCode(REFUSED, 3);

export const NIL: Uint8Array = Uint8Array.of(0xc0);

/** More padding than this makes a record too big whatever else it holds. */
export const MAX_PADDING = 8 * 1024 * 1024;

export function has(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

/** Puts items at an index of an unordered list, with nils before them when that lies beyond the end. */
export function insertItems(
  list: PackedList,
  index: bigint,
  items: readonly Uint8Array[],
  flags: number,
): Change<PackedList> | number {
  const { elements } = list;
  const size = elements.length;
  const noFail = has(flags, ListWriteFlags.NO_FAIL);
  if (items.length === 0) return { container: list, value: integerValue(size) };
  const at = absoluteIndex(index, size);
  if (at < 0) return REFUSED;
  if (at > size && has(flags, ListWriteFlags.INSERT_BOUNDED)) return refusal(BEYOND_BOUND, noFail, size);
  const added = has(flags, ListWriteFlags.ADD_UNIQUE) ? uniqueItems(elements, items, flags) : items;
  if (typeof added === "number") return refusal(added, noFail, size);
  if (at - size > MAX_PADDING) return ResultCode.RECORD_TOO_BIG;
  const padding: Uint8Array[] = at > size ? new Array(at - size).fill(NIL) : [];
  const grown = [...elements.slice(0, at), ...padding, ...added, ...elements.slice(at)];
  return { container: listOf(list.flags, grown), value: integerValue(grown.length) };
}

/** The items that the list does not hold and that are no repeats; a code when the flags do not let the others be left out. */
function uniqueItems(
  elements: readonly Uint8Array[],
  items: readonly Uint8Array[],
  flags: number,
): readonly Uint8Array[] | number {
  const partial = has(flags, ListWriteFlags.NO_FAIL) && has(flags, ListWriteFlags.PARTIAL);
  const firstEqual = lookupFirst(items);
  const held = new Set(elements.map(firstEqual));
  const added: Uint8Array[] = [];
  for (const [i, item] of items.entries()) {
    const first = firstEqual(item);
    if (held.has(first)) {
      if (!partial) return ResultCode.ELEMENT_EXISTS;
    } else if (first !== i) {
      if (!partial) return REFUSED;
    } else added.push(item);
  }
  return added.length > 0 ? added : ResultCode.ELEMENT_EXISTS;
}

/** Finds the position of the first item that equals a value; undefined for none. */
function lookupFirst(items: readonly Uint8Array[]): (value: Uint8Array) => number | undefined {
  const order = Array.from(items.keys()).sort((a, b) => comparePacked(items[a]!, items[b]!));
  const sorted = { size: order.length, at: (rank: number) => items[order[rank]!]! };
  return (value) => {
    const rank = lowerBound(sorted, value);
    return rank < sorted.size && comparePacked(sorted.at(rank), value) === 0 ? order[rank] : undefined;
  };
}

/** Puts items where they belong in a list that is kept by value. */
export function addSorted(list: PackedList, items: readonly Uint8Array[], flags: number): Change<PackedList> | number {
  const { elements } = list;
  const size = elements.length;
  const noFail = has(flags, ListWriteFlags.NO_FAIL);
  if (items.length === 0) return { container: list, value: integerValue(size) };
  const sorted = items.toSorted(comparePacked);
  const added = has(flags, ListWriteFlags.ADD_UNIQUE) ? uniqueSorted(elements, sorted, flags) : sorted;
  if (typeof added === "number") return refusal(added, noFail, size);
  const grown = mergeSorted(elements, added);
  return { container: listOf(list.flags, grown), value: integerValue(grown.length) };
}

function uniqueSorted(
  elements: readonly Uint8Array[],
  sorted: readonly Uint8Array[],
  flags: number,
): readonly Uint8Array[] | number {
  const partial = has(flags, ListWriteFlags.NO_FAIL) && has(flags, ListWriteFlags.PARTIAL);
  const distinct = sorted.filter((item, i) => i === 0 || comparePacked(sorted[i - 1]!, item) !== 0);
  if (distinct.length < sorted.length && !partial) return REFUSED;
  const added = distinct.filter((item) => !probe(sequenceOf(elements), item).found);
  return added.length < distinct.length && !partial ? ResultCode.ELEMENT_EXISTS : added;
}

function mergeSorted(elements: readonly Uint8Array[], items: readonly Uint8Array[]): Uint8Array[] {
  const merged: Uint8Array[] = [];
  let next = 0;
  for (const item of items) {
    const { at } = probe(sequenceOf(elements), item);
    while (next < at) merged.push(elements[next++]!);
    merged.push(item);
  }
  while (next < elements.length) merged.push(elements[next++]!);
  return merged;
}
