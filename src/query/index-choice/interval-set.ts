import { INT64_MAX, INT64_MIN } from "../../../protocol/limits.js";

/** Integers from `low` to `high`, both included. */
export interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

/** Sets of 64-bit integers as ascending intervals that do not touch. */
export type IntervalSet = readonly Interval[];

export const ALL: IntervalSet = [{ low: INT64_MIN, high: INT64_MAX }];
export const NONE: IntervalSet = [];

/** Sets of more pieces are given up for the range around them: always a superset. */
const MAX_PIECES = 256;

/** An interval cut to 64 bits; empty when nothing is left. */
export function interval(low: bigint, high: bigint): IntervalSet {
  const from = low < INT64_MIN ? INT64_MIN : low;
  const to = high > INT64_MAX ? INT64_MAX : high;
  return from > to ? NONE : [{ low: from, high: to }];
}

export function union(...sets: readonly IntervalSet[]): IntervalSet {
  const pieces = sets.flat().sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const merged: { low: bigint; high: bigint }[] = [];
  for (const { low, high } of pieces) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last.high + 1n) {
      if (high > last.high) last.high = high;
    } else merged.push({ low, high });
  }
  if (merged.length <= MAX_PIECES) return merged;
  return interval(merged[0]!.low, merged.at(-1)!.high);
}

export function intersection(a: IntervalSet, b: IntervalSet): IntervalSet {
  const common: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i]!;
    const right = b[j]!;
    const low = left.low > right.low ? left.low : right.low;
    const high = left.high < right.high ? left.high : right.high;
    if (low <= high) common.push({ low, high });
    if (left.high < right.high) i++;
    else j++;
  }
  return common;
}

export function complement(set: IntervalSet): IntervalSet {
  const rest: Interval[] = [];
  let from = INT64_MIN;
  for (const { low, high } of set) {
    if (low > from) rest.push({ low: from, high: low - 1n });
    from = high + 1n;
  }
  if (from <= INT64_MAX) rest.push({ low: from, high: INT64_MAX });
  return rest;
}

/** The set as another function sees it, piece by piece. */
export function mapPieces(set: IntervalSet, map: (low: bigint, high: bigint) => IntervalSet): IntervalSet {
  return union(...set.map(({ low, high }) => map(low, high)));
}

/** The smallest range around a set; undefined for the empty one. */
export function hull(set: IntervalSet): Interval | undefined {
  const first = set[0];
  const last = set.at(-1);
  return first === undefined || last === undefined ? undefined : { low: first.low, high: last.high };
}

export function isAll(set: IntervalSet): boolean {
  return set.length === 1 && set[0]!.low === INT64_MIN && set[0]!.high === INT64_MAX;
}

export function has(set: IntervalSet, value: bigint): boolean {
  return set.some(({ low, high }) => low <= value && value <= high);
}
