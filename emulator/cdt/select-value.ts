import { ResultCode } from "../../protocol/result-code.js";
import { comparePacked } from "../packed/order.js";
import type { Collection } from "./collection.js";
import { isIndexRange, type Wanted } from "./return-type.js";
import { lowerBound, type Sequence, upperBound } from "./search.js";
import { selectIndexes, selectRanks } from "./select-run.js";
import {
  type Criterion,
  emptyRange,
  everything,
  isMap,
  isSortedList,
  NOTHING,
  others,
  rangeOf,
  type Selection,
} from "./selection.js";
import { around, type Span, spanFrom } from "./span.js";

/** Values to look for: equal to one, or from a least one on and below an end (without: to the greatest). */
export type Sought =
  | { readonly only: Uint8Array }
  | { readonly from: Uint8Array; readonly below: Uint8Array | undefined };

export function byValue(sought: Sought): Criterion {
  return (collection, wanted) => {
    if (isMap(collection) && isIndexRange(wanted.type)) return ResultCode.OP_NOT_APPLICABLE;
    if (wanted.inverted && !wanted.multi) return ResultCode.OP_NOT_APPLICABLE;
    return isSortedList(collection) ? inSortedList(collection, wanted, sought) : amongAll(collection, wanted, sought);
  };
}

/** Ranks counted from where the value stands or would stand. */
export function byRankFrom(value: Uint8Array, rank: bigint, count: bigint): Criterion {
  return (collection, wanted) => {
    const origin = isSortedList(collection)
      ? lowerBound(collection.values, value)
      : scan(collection.values, { only: value }).start;
    return selectRanks(collection, wanted, spanFrom(origin, rank, count, collection.size));
  };
}

function inSortedList(collection: Collection, wanted: Wanted, sought: Sought): Selection | number {
  const { start, count } = spanOf(collection.values, sought);
  if (wanted.multi) return selectIndexes(collection, wanted, { start, count });
  if (count > 0) return selectIndexes(collection, wanted, { start, count: 1 });
  return { ...NOTHING, indexRange: emptyRange(0), rankRange: emptyRange(0) };
}

function spanOf(values: Sequence, sought: Sought): Span {
  if ("only" in sought) {
    const start = lowerBound(values, sought.only);
    return { start, count: upperBound(values, sought.only) - start };
  }
  const start = lowerBound(values, sought.from);
  if (sought.below === undefined) return { start, count: values.size - start };
  if (comparePacked(sought.from, sought.below) >= 0) return { start, count: 0 };
  return { start, count: lowerBound(values, sought.below) - start };
}

function amongAll(collection: Collection, wanted: Wanted, sought: Sought): Selection {
  const { size } = collection;
  const { start, positions: all } = scan(collection.values, sought);
  const positions = wanted.multi ? all : all.slice(0, 1);
  const span = { start, count: positions.length };
  if (isMap(collection) && span.count === 0) {
    if (size === 0) return { ...NOTHING, rankRange: emptyRange(-1) };
    if (!wanted.inverted) return { ...NOTHING, rankRange: emptyRange(start) };
    return { ...everything(size), rankRange: rangeOf({ start: 0, count: size }, size) };
  }
  if (!wanted.inverted) return { count: span.count, positions, rankRuns: [span], rankRange: rangeOf(span, size) };
  const rest = others(positions, size);
  // EXISTS asks whether nothing is found, not whether something is left.
  return { count: rest.length, positions: rest, rankRuns: around(span, size), exists: span.count === 0 };
}

/** Goes through values in any order: where those sought start by rank, and where they are. */
export function scan(values: Sequence, sought: Sought): { readonly start: number; readonly positions: number[] } {
  const least = "only" in sought ? sought.only : sought.from;
  const positions: number[] = [];
  let start = 0;
  for (let position = 0; position < values.size; position++) {
    const value = values.at(position);
    const order = comparePacked(value, least);
    if (order < 0) start++;
    else if ("only" in sought ? order === 0 : isBelow(value, sought.below)) positions.push(position);
  }
  return { start, positions };
}

function isBelow(value: Uint8Array, end: Uint8Array | undefined): boolean {
  return end === undefined || comparePacked(value, end) < 0;
}
