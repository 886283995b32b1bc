import { ResultCode } from "../../protocol/result-code.js";
import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { comparePacked } from "../packed/order.js";
import type { Collection } from "./collection.js";
import { readValues } from "./packed-list.js";
import { isElements, isIndex, isRange, isRank, type Wanted } from "./return-type.js";
import { lowerBound, probe, type Sequence, upperBound } from "./search.js";
import type { MapCriterion } from "./select-key.js";
import { selectIndexes } from "./select-run.js";
import { type Criterion, everything, isMap, isSortedList, NOTHING, others, type Selection } from "./selection.js";
import { gaps, numbersOf, type Span } from "./span.js";

const MAX_ITEMS = 0x10_0000;
/** No record has more elements, so only items that are repeated find more: a real node would run out of memory over them. */
const MAX_FINDS = 8 * 1024 * 1024;

/** Elements whose values a packed list names. */
export function byValues(list: Uint8Array): Criterion {
  return (collection, wanted) => {
    if (!isMap(collection) && isRange(wanted.type)) return ResultCode.OP_NOT_APPLICABLE;
    const items = readItems(list);
    if (items === undefined) return ResultCode.PARAMETER_ERROR;
    if (items.length === 0) return selectByNoItems(collection, wanted);
    if (isSortedList(collection)) return inSortedList(collection, wanted, items);
    // The values of one entry are in order, and a map then looks for every item by itself, repeating those asked for twice.
    const alone = isMap(collection) && collection.size <= 1;
    const found = alone ? findEach(collection.values, items) : findAll(collection.values, items, isRank(wanted.type));
    if (found === undefined) return ResultCode.PARAMETER_ERROR;
    const selection = selectionOf(found, collection.size, wanted);
    if (!alone) return { ...selection, rankRuns: runsOf(found, collection.size, wanted) };
    return wanted.inverted ? selection : { ...selection, indexRuns: found.spans, rankRuns: found.spans };
  };
}

/** Entries whose keys a packed list names. */
export function byKeys(list: Uint8Array): MapCriterion {
  return (map, wanted) => {
    const items = readItems(list);
    if (items === undefined) return ResultCode.PARAMETER_ERROR;
    if (isRank(wanted.type)) return ResultCode.OP_NOT_APPLICABLE;
    if (items.length === 0) return selectByNoItems(map, wanted);
    if (!map.isOrdered) {
      const found = findAll(map.keys, items, isIndex(wanted.type));
      return { ...selectionOf(found, map.size, wanted), indexRuns: runsOf(found, map.size, wanted) };
    }
    const found = findEach(map.keys, items);
    if (found === undefined) return ResultCode.PARAMETER_ERROR;
    const selection = selectionOf(found, map.size, wanted);
    return wanted.inverted ? selection : { ...selection, indexRuns: found.spans };
  };
}

/** A sorted list is looked through item by item, in the order of the items, and repeats elements that are asked for twice. */
function inSortedList(list: Collection, wanted: Wanted, items: readonly Uint8Array[]): Selection | number {
  const found = findEach(list.values, items);
  if (found === undefined) return ResultCode.PARAMETER_ERROR;
  const selection = selectionOf(found, list.size, wanted);
  if (wanted.inverted) return selection;
  const { spans } = found;
  return { ...selection, positions: numbersOf(spans), indexRuns: spans, rankRuns: spans };
}

function selectByNoItems(collection: Collection, wanted: Wanted): Selection | number {
  if (!wanted.inverted) return isMap(collection) ? { ...NOTHING, takesAnyType: true } : NOTHING;
  if (!isMap(collection)) {
    return selectIndexes(collection, { ...wanted, inverted: false }, { start: 0, count: collection.size });
  }
  // Asked for the elements of a map, a real node ends here with a segmentation fault.
  return isElements(wanted.type) ? ResultCode.PARAMETER_ERROR : everything(collection.size);
}

function selectionOf(found: Found, size: number, wanted: Wanted): Selection {
  const positions = wanted.inverted ? others(found.positions, size) : found.positions;
  return { count: positions.length, positions };
}

/** The numbers of what is found one by one, of what is left as runs. */
function runsOf(found: Found, size: number, wanted: Wanted): readonly Span[] {
  if (wanted.inverted) return gaps(found.spans, size);
  return numbersOf(found.spans).map((start) => ({ start, count: 1 }));
}

/** Where items were found in the order of the sequence: one span for each item, in the order of the items. */
interface Found {
  readonly spans: readonly Span[];
  /** All places, ascending and each once. */
  readonly positions: readonly number[];
}

/** Looks every item up in a sorted sequence; undefined when repeated items find more than can be handed out. */
function findEach(sorted: Sequence, items: readonly Uint8Array[]): Found | undefined {
  const isFound = new Uint8Array(sorted.size);
  const spans: Span[] = [];
  let finds = 0;
  for (const item of items) {
    const start = lowerBound(sorted, item);
    const end = upperBound(sorted, item);
    finds += end - start;
    if (finds > MAX_FINDS) return undefined;
    isFound.fill(1, start, end);
    spans.push({ start, count: end - start });
  }
  const positions = Array.from(isFound.keys()).filter((position) => isFound[position] === 1);
  return { spans, positions };
}

/**
 * Looks every value of a sequence up among the items; of equal items the last gets all the finds.
 * @param counts whether the spans are asked for
 */
function findAll(sequence: Sequence, items: readonly Uint8Array[], counts: boolean): Found {
  const order = Array.from(items.keys()).sort((a, b) => comparePacked(items[a]!, items[b]!));
  const sorted: Sequence = { size: order.length, at: (rank) => items[order[rank]!]! };
  const finds: number[] = new Array(items.length).fill(0);
  // How many values are less than the item at a rank but not less than the one before it.
  const between: number[] = new Array(items.length + 1).fill(0);
  const positions: number[] = [];
  for (let position = 0; position < sequence.size; position++) {
    const value = sequence.at(position);
    const { rank, found } = counts ? lastAmong(sorted, value) : { rank: 0, found: probe(sorted, value).found };
    between[rank]!++;
    if (!found) continue;
    if (counts) finds[order[rank - 1]!]!++;
    positions.push(position);
  }
  const spans: Span[] = new Array(items.length);
  let start = 0;
  for (const [rank, item] of order.entries()) {
    start += between[rank]!;
    spans[item] = { start, count: finds[item]! };
  }
  return { spans, positions };
}

/**
 * How many sorted items are not greater than a value, and whether one on the way there is equal to it. With wildcards among
 * them the items are in no order, so the way is the server's.
 */
function lastAmong(sorted: Sequence, value: Uint8Array): { readonly rank: number; readonly found: boolean } {
  let low = 0;
  let high = sorted.size;
  let rank = high >>> 1;
  let found = false;
  for (;;) {
    const order = comparePacked(value, sorted.at(rank));
    if (order === 0) found = true;
    if (order >= 0) {
      if (rank >= high - 1) return { rank: rank + 1, found };
      low = found ? rank : rank + 1;
      rank = (rank + high) >>> 1;
    } else {
      if (rank === low) return { rank, found };
      high = rank;
      rank = (rank + low) >>> 1;
    }
  }
}

/** The elements of a list that is a parameter; an order marker counts as one, which equals nothing. */
function readItems(list: Uint8Array): Uint8Array[] | undefined {
  const head = new PackedHead();
  if (!head.read(list, 0, list.length) || head.type !== PackedType.LIST || head.count > MAX_ITEMS) return undefined;
  return readValues(list, head.next, head.count);
}
