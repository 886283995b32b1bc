import { Writer } from "../../protocol/bytes/writer.js";
import { ResultCode } from "../../protocol/result-code.js";
import { packInteger } from "../../protocol/value/pack.js";
import { type BinValue, boolValue, integerValue } from "../record/bin-value.js";
import type { Collection } from "./collection.js";
import { containerValue } from "./container.js";
import { elementValue } from "./element-value.js";
import { OrderFlag } from "./order-marker.js";
import { listOf } from "./packed-list.js";
import { mapOf } from "./packed-map.js";
import { ReturnType, type Wanted } from "./return-type.js";
import type { Range, Selection } from "./selection.js";
import type { Span } from "./span.js";

/** Value of a reply row: null for none. A number is the result code for a return type that the selection can't answer. */
export type Answer = BinValue | null | number;

/** What a selection comes to under a return type. */
export function answer(collection: Collection, selection: Selection, wanted: Wanted): Answer {
  const { type } = wanted;
  switch (type) {
    case ReturnType.NONE:
      return null;
    case ReturnType.COUNT:
      return integerValue(selection.count);
    case ReturnType.EXISTS:
      return boolValue(selection.exists ?? selection.count > 0);
    case ReturnType.INDEX:
    case ReturnType.REVERSE_INDEX:
      return numbers(collection, wanted, selection.indexRuns ?? runsOf(selection.positions, (position) => position));
    case ReturnType.RANK:
    case ReturnType.REVERSE_RANK:
      return numbers(
        collection,
        wanted,
        selection.rankRuns ?? runsOf(selection.positions, (p) => collection.rankOf(p)),
      );
    case ReturnType.INDEX_RANGE:
    case ReturnType.REVERSE_INDEX_RANGE:
      return range(selection.indexRange, type === ReturnType.REVERSE_INDEX_RANGE);
    case ReturnType.RANK_RANGE:
    case ReturnType.REVERSE_RANK_RANGE:
      return range(selection.rankRange, type === ReturnType.REVERSE_RANK_RANGE);
    case ReturnType.VALUE:
      return elements((position) => collection.values.at(position), selection, wanted);
    default:
      return entries(collection, selection, wanted);
  }
}

function runsOf(positions: readonly number[], numberOf: (position: number) => number): Span[] {
  return positions.map((position) => ({ start: numberOf(position), count: 1 }));
}

function numbers(collection: Collection, wanted: Wanted, runs: readonly Span[]): BinValue {
  const reverse = wanted.type === ReturnType.REVERSE_INDEX || wanted.type === ReturnType.REVERSE_RANK;
  const found: number[] = [];
  for (const { start, count } of runs) {
    const first = reverse ? collection.size - start - count : start;
    for (let i = 0; i < count; i++) found.push(first + i);
  }
  return wanted.multi ? integerList(found) : integerValue(found[0] ?? -1);
}

function range(of: Range | undefined, reverse: boolean): Answer {
  if (of === undefined) return ResultCode.OP_NOT_APPLICABLE;
  return integerList([reverse ? of.reverseStart : of.start, of.count]);
}

function elements(at: (position: number) => Uint8Array, selection: Selection, wanted: Wanted): Answer {
  if (wanted.multi) return containerValue(listOf(0, selection.positions.map(at)));
  const position = selection.positions[0];
  if (position === undefined) return null;
  const value = elementValue(at(position));
  return value === undefined ? ResultCode.SERVER_ERROR : value;
}

/** The return types that only a map has. */
function entries(collection: Collection, selection: Selection, wanted: Wanted): Answer {
  const { keys, values } = collection;
  if (keys === undefined) return ResultCode.OP_NOT_APPLICABLE;
  if (wanted.type === ReturnType.KEY) return elements((position) => keys.at(position), selection, wanted);
  const flags = mapFlags(wanted.type);
  if (flags === undefined) return selection.takesAnyType ? null : ResultCode.OP_NOT_APPLICABLE;
  const picked = selection.positions.map((position) => ({ key: keys.at(position), value: values.at(position) }));
  return containerValue(mapOf(flags, picked));
}

function mapFlags(type: number): number | undefined {
  switch (type) {
    case ReturnType.KEY_VALUE:
      return OrderFlag.PRESERVE;
    case ReturnType.UNORDERED_MAP:
      return 0;
    case ReturnType.ORDERED_MAP:
      return OrderFlag.ORDERED;
    default:
      return undefined;
  }
}

/** A list of integers as a reply row. */
export function integerList(integers: readonly number[]): BinValue {
  const elements = integers.map((integer) => {
    const w = new Writer(9);
    packInteger(w, integer);
    return w.copy();
  });
  return containerValue(listOf(0, elements));
}
