import { ResultCode } from "../../protocol/result-code.js";
import { comparePacked } from "../packed/order.js";
import { holdsSpecials } from "../packed/size.js";
import type { Collection } from "./collection.js";
import { LevelBase } from "./context-level.js";
import { isOrdered, readList } from "./packed-list.js";
import type { LoopVariables } from "./path-evaluator.js";
import type { PathLevel } from "./path-level.js";
import { probe, type Sequence, sequenceOf } from "./search.js";
import { isSortedList } from "./selection.js";
import { spanOfOne } from "./span.js";

/** Whether a level picks the child at a position; undefined for unknown. */
type Test = (position: number) => boolean | undefined;

/** Goes through the children that a level picks; a code other than 0, its own or that of a visit, ends it. */
export function visitChosen(
  collection: Collection,
  level: PathLevel,
  noFail: boolean,
  visit: (position: number) => number,
): number {
  if (level.base === LevelBase.INDEX || level.base === LevelBase.RANK) {
    const position = positionOf(collection, level);
    if (position === undefined) return ResultCode.OK;
    // A second filter that is unknown is an error below; here the child is just not picked.
    const passes = level.and === undefined || level.and.matches(loopVariables(collection, position)) === true;
    return passes ? visit(position) : ResultCode.OK;
  }
  const test = testOf(collection, level);
  if (test === undefined) return ResultCode.PARAMETER_ERROR;
  for (let position = 0; position < collection.size; position++) {
    let verdict = test(position);
    if (verdict === true && level.and !== undefined) verdict = level.and.matches(loopVariables(collection, position));
    if (verdict === undefined && !noFail) return ResultCode.PARAMETER_ERROR;
    const code = verdict === true ? visit(position) : ResultCode.OK;
    if (code !== ResultCode.OK) return code;
  }
  return ResultCode.OK;
}

export function loopVariables(collection: Collection, position: number): LoopVariables {
  const value = collection.values.at(position);
  return collection.keys === undefined ? { index: position, value } : { key: collection.keys.at(position), value };
}

function positionOf(collection: Collection, level: PathLevel): number | undefined {
  const span = spanOfOne(level.index, collection.size);
  if (span === undefined || level.base === LevelBase.INDEX || isSortedList(collection)) return span?.start;
  return sortedPositions(collection.values)[span.start];
}

function sortedPositions(values: Sequence): number[] {
  const positions = Array.from({ length: values.size }, (_, position) => position);
  return positions.sort((a, b) => comparePacked(values.at(a), values.at(b)));
}

/** Undefined when the level's own value is not what it should be. */
function testOf(collection: Collection, level: PathLevel): Test | undefined {
  const { keys, values } = collection;
  switch (level.base) {
    case LevelBase.EXPRESSION: {
      const { filter } = level;
      if (filter === undefined) return () => true;
      return (position) => filter.matches(loopVariables(collection, position));
    }
    case LevelBase.VALUE:
      return (position) => comparePacked(values.at(position), level.value) === 0;
    case LevelBase.KEY:
      return keys === undefined ? unknown : firstWithKey(keys, level.value);
    default:
      return keys === undefined ? unknown : amongKeys(keys, level.value);
  }
}

function unknown(): undefined {
  return undefined;
}

function firstWithKey(keys: Sequence, key: Uint8Array): Test {
  let isFound = false;
  return (position) => {
    if (isFound) return false;
    isFound = comparePacked(keys.at(position), key) === 0;
    return isFound;
  };
}

function amongKeys(keys: Sequence, packed: Uint8Array): Test | undefined {
  const list = readList(packed);
  if (list === undefined || (list.elements.length > 1 && holdsSpecials(packed))) return undefined;
  const sorted = list.elements.toSorted(comparePacked);
  if (isOrdered(list) && sorted.some((key, i) => comparePacked(key, list.elements[i]!) !== 0)) return undefined;
  const wanted = sequenceOf(sorted);
  return (position) => probe(wanted, keys.at(position)).found;
}
