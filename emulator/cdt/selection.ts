import type { Collection } from "./collection.js";
import type { Wanted } from "./return-type.js";
import { numbersOf, type Span } from "./span.js";

/** What an operation selects by; a result code where the server refuses the combination. */
export type Criterion = (collection: Collection, wanted: Wanted) => Selection | number;

/** What a criterion picks of a list or map, told so that every return type can be answered from it. */
export interface Selection {
  readonly count: number;
  /** The places of the elements, in the order in which they are handed back. */
  readonly positions: readonly number[];
  /** Servers then don't look whether they know the return type. */
  readonly takesAnyType?: true;
  /** Where EXISTS does not answer whether anything is selected. */
  readonly exists?: boolean;
  /** The indexes (ranks) as runs, which go upwards from whichever end they are seen. Without: position by position. */
  readonly indexRuns?: readonly Span[];
  readonly rankRuns?: readonly Span[];
  /** What INDEX_RANGE (RANK_RANGE) returns; without, these are refused. */
  readonly indexRange?: Range;
  readonly rankRange?: Range;
}

/** Start and count of one run, seen from both ends. */
export interface Range {
  readonly start: number;
  readonly reverseStart: number;
  readonly count: number;
}

export function rangeOf(span: Span, size: number): Range {
  return { ...span, reverseStart: size - span.start - span.count };
}

/** Where nothing is found, the start is the same from either end. */
export function emptyRange(start: number): Range {
  return { start, reverseStart: start, count: 0 };
}

export const NOTHING: Selection = { count: 0, positions: [] };

/** All elements; by whichever order, they are one run. */
export function everything(size: number): Selection {
  const runs = [{ start: 0, count: size }];
  return { count: size, positions: numbersOf(runs), indexRuns: runs, rankRuns: runs };
}

export function isMap(collection: Collection): boolean {
  return collection.keys !== undefined;
}

/** In a list that is kept by value, index and rank are one. */
export function isSortedList(collection: Collection): boolean {
  return collection.keys === undefined && collection.isOrdered;
}

/** The positions that are not among those given, ascending. */
export function others(positions: readonly number[], size: number): number[] {
  const chosen = new Set(positions);
  const left: number[] = [];
  for (let position = 0; position < size; position++) if (!chosen.has(position)) left.push(position);
  return left;
}
