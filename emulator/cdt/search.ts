import { comparePacked } from "../packed/order.js";

export interface Sequence {
  readonly size: number;
  at(position: number): Uint8Array;
}

export function sequenceOf(values: readonly Uint8Array[]): Sequence {
  return { size: values.length, at: (position) => values[position]! };
}

/** How many of the sorted values are less than the one sought. */
export function lowerBound(sorted: Sequence, sought: Uint8Array): number {
  return partition(sorted, (value) => comparePacked(value, sought) < 0);
}

/** How many of the sorted values are less than the one sought or equal to it. */
export function upperBound(sorted: Sequence, sought: Uint8Array): number {
  return partition(sorted, (value) => comparePacked(value, sought) <= 0);
}

function partition(sorted: Sequence, isLeft: (value: Uint8Array) => boolean): number {
  let low = 0;
  let high = sorted.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLeft(sorted.at(middle))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The first equal value that a search from the middle meets, else where the value sought would stand. Where values are equal
 * and yet differ (0.0 and -0.0, single and double precision), the server puts a new one at this very place.
 */
export function probe(sorted: Sequence, sought: Uint8Array): { readonly at: number; readonly found: boolean } {
  let low = 0;
  let high = sorted.size;
  let middle = high >>> 1;
  while (low < high) {
    const order = comparePacked(sought, sorted.at(middle));
    if (order === 0) return { at: middle, found: true };
    if (order < 0) {
      high = middle;
      middle = (middle + low) >>> 1;
    } else {
      low = middle + 1;
      middle = (middle + high) >>> 1;
    }
  }
  return { at: low, found: false };
}
