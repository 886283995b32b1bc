import { comparePacked } from "../packed/order.js";
import type { Sequence } from "./search.js";

/**
 * The position of the value that has a rank. Which of several equal values that is depends on how they are gone through, so
 * the steps are the server's: the middle of what is left parts it into the lesser and the greater ones, until one is left.
 */
export function positionOfRank(values: Sequence, rank: number): number {
  const positions = Array.from({ length: values.size }, (_, position) => position);
  const order = (a: number, b: number): number => comparePacked(values.at(a), values.at(b));
  let first = 0;
  let last = positions.length - 1;
  while (first < last) {
    const place = part(positions, first, last, order);
    if (place === rank) return positions[place]!;
    if (place < rank) first = place + 1;
    else last = place - 1;
  }
  return positions[first]!;
}

/** Puts what is less than the one in the middle before it and what is greater behind it; returns the place that it has then. */
function part(positions: number[], first: number, last: number, order: (a: number, b: number) => number): number {
  swap(positions, first, first + ((last - first) >> 1));
  const middle = positions[first]!;
  let low = first + 1;
  let high = last;
  for (;;) {
    while (low < high && order(positions[low]!, middle) < 0) low++;
    while (low <= high && high !== first && order(middle, positions[high]!) < 0) high--;
    if (low >= high) break;
    swap(positions, low++, high--);
  }
  swap(positions, first, high);
  return high;
}

function swap(positions: number[], a: number, b: number): void {
  const kept = positions[a]!;
  positions[a] = positions[b]!;
  positions[b] = kept;
}
