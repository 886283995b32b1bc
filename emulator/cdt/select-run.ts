import { ResultCode } from "../../protocol/result-code.js";
import { withSubCode } from "../record/op-outcome.js";
import type { Collection } from "./collection.js";
import { isRange, ReturnType, type Wanted } from "./return-type.js";
import { type Criterion, emptyRange, isMap, isSortedList, others, rangeOf, type Selection } from "./selection.js";
import { around, clippedSpan, numbersOf, restOfRun, type Span, spanOfOne } from "./span.js";

const REFUSED = ResultCode.OP_NOT_APPLICABLE;
const NO_SUCH_INDEX = withSubCode(REFUSED, 1);
const NO_SUCH_RANK = withSubCode(REFUSED, 2);

export function byIndex(index: bigint): Criterion {
  return (collection, wanted) => {
    const span = spanOfOne(index, collection.size);
    return span === undefined ? NO_SUCH_INDEX : selectIndexes(collection, wanted, span);
  };
}

export function byIndexRange(index: bigint, count: bigint): Criterion {
  return (collection, wanted) => selectIndexes(collection, wanted, clippedSpan(index, count, collection.size));
}

export function byRank(rank: bigint): Criterion {
  return (collection, wanted) => {
    const span = spanOfOne(rank, collection.size);
    return span === undefined ? NO_SUCH_RANK : selectRanks(collection, wanted, span);
  };
}

export function byRankRange(rank: bigint, count: bigint): Criterion {
  return (collection, wanted) => selectRanks(collection, wanted, clippedSpan(rank, count, collection.size));
}

/** A run of neighbours by index, or with INVERTED all but that run. */
export function selectIndexes(collection: Collection, wanted: Wanted, span: Span): Selection | number {
  if (!wanted.inverted) return indexRun(collection, span);
  if (!wanted.multi || (!isMap(collection) && isRange(wanted.type))) return REFUSED;
  const rest = restOfRun(span, collection.size);
  if (rest !== undefined) return indexRun(collection, rest);
  const runs = around(span, collection.size);
  const positions = numbersOf(runs);
  const left = { count: positions.length, positions, indexRuns: runs };
  if (isSortedList(collection)) return { ...left, rankRuns: runs };
  // EXISTS asks an unordered map whether the run itself is empty.
  return isMap(collection) && !collection.isOrdered ? { ...left, exists: false } : left;
}

/** A run of neighbours by rank, or with INVERTED all but that run. */
export function selectRanks(collection: Collection, wanted: Wanted, span: Span): Selection | number {
  if (isSortedList(collection)) return selectIndexes(collection, wanted, span);
  if (!wanted.inverted) return rankRun(collection, wanted, span);
  if (!wanted.multi) return REFUSED;
  if (!isMap(collection)) {
    return span.count === collection.size ? emptyRun(collection, span.start, "rank") : aroundRanks(collection, span);
  }
  const rest = restOfRun(span, collection.size);
  return rest === undefined ? aroundRanks(collection, span) : rankRun(collection, wanted, rest);
}

function indexRun(collection: Collection, span: Span): Selection {
  if (span.count === 0) return emptyRun(collection, span.start, "index");
  const runs = [span];
  const indexRange = rangeOf(span, collection.size);
  const run = { count: span.count, positions: numbersOf(runs), indexRuns: runs, indexRange };
  if (isSortedList(collection)) return { ...run, rankRuns: runs, rankRange: indexRange };
  return span.count === collection.size ? { ...run, rankRuns: runs } : run;
}

function rankRun(collection: Collection, wanted: Wanted, span: Span): Selection {
  if (span.count === 0) return emptyRun(collection, span.start, "rank");
  const positions = collection.positionsAt(span);
  const run = { count: span.count, positions, rankRuns: [span], rankRange: rangeOf(span, collection.size) };
  if (!isMap(collection)) return { ...run, indexRuns: positions.toSorted(ascending).map(runOfOne) };
  return wanted.type === ReturnType.ORDERED_MAP ? { ...run, positions: positions.toSorted(ascending) } : run;
}

function aroundRanks(collection: Collection, span: Span): Selection {
  const positions = others(collection.positionsAt(span), collection.size);
  // EXISTS asks whether the run itself is empty.
  const exists = span.count === 0;
  return { count: positions.length, positions, rankRuns: around(span, collection.size), exists };
}

/** No elements. A list then takes either kind of range. */
function emptyRun(collection: Collection, start: number, by: "index" | "rank"): Selection {
  const range = emptyRange(start);
  const run: Selection = { count: 0, positions: [] };
  if (!isMap(collection)) return { ...run, indexRange: range, rankRange: range };
  return by === "index" ? { ...run, indexRange: range } : { ...run, rankRange: range };
}

function runOfOne(start: number): Span {
  return { start, count: 1 };
}

function ascending(a: number, b: number): number {
  return a - b;
}
