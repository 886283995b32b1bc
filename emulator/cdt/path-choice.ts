import { ResultCode } from "../../protocol/result-code.js";
import { comparePacked } from "../packed/order.js";
import { holdsSpecials } from "../packed/size.js";
import type { Collection } from "./collection.js";
import { LevelBase } from "./context-level.js";
import { isOrdered, readList } from "./packed-list.js";
import type { LoopVariables } from "./path-evaluator.js";
import type { PathLevel } from "./path-level.js";
import { severalTest } from "./path-several.js";
import { positionOfRank } from "./quick-select.js";
import { probe, type Sequence, sequenceOf } from "./search.js";
import { isSortedList } from "./selection.js";
import { spanOfOne } from "./span.js";

/** Whether a level picks the child at a position; undefined for unknown. */
export type Test = (position: number) => boolean | undefined;

/** The walk along the bytes of a bin, as far as it shows in what a server does. */
export interface Walk {
  /** What is unknown is not picked instead of being an error. */
  readonly noFail: boolean;
  /**
   * A level by rank, or by the index of a map, leaves a server at the end of the whole bin. At the top that is where it
   * belongs; from one further down, the levels above go on with elements that they can't read any more.
   */
  isAtEnd: boolean;
}

/** Goes through the children that a level picks; a code other than 0, its own or that of a visit, ends it. */
export function visitChosen(
  collection: Collection,
  level: PathLevel,
  walk: Walk,
  visit: (position: number) => number,
): number {
  if (level.base === LevelBase.INDEX || level.base === LevelBase.RANK) return visitOne(collection, level, walk, visit);
  const test = level.isSeveral === true ? severalTest(collection, level) : testOf(collection, level);
  if (test === undefined) return ResultCode.PARAMETER_ERROR;
  for (let position = 0; position < collection.size; position++) {
    if (walk.isAtEnd) return codeAtEnd(collection, level, walk, position);
    let verdict = test(position);
    if (level.isInverted === true && level.isSeveral !== true && verdict !== undefined) verdict = !verdict;
    if (verdict === true && level.and !== undefined) verdict = level.and.matches(loopVariables(collection, position));
    if (verdict === undefined && !walk.noFail) return ResultCode.PARAMETER_ERROR;
    const code = verdict === true ? visit(position) : ResultCode.OK;
    if (code !== ResultCode.OK) return code;
  }
  return ResultCode.OK;
}

function visitOne(collection: Collection, level: PathLevel, walk: Walk, visit: (position: number) => number): number {
  const position = positionOf(collection, level);
  if (position === undefined) return ResultCode.OK;
  // A second filter that is unknown is an error elsewhere; here the child is just not picked.
  const passes = level.and === undefined || level.and.matches(loopVariables(collection, position)) === true;
  const code = passes ? visit(position) : ResultCode.OK;
  if (code !== ResultCode.OK) return code;
  const goesOn = collection.keys === undefined && level.base === LevelBase.INDEX;
  if (!goesOn) walk.isAtEnd = true;
  else if (walk.isAtEnd && position + 1 < collection.size) return ResultCode.SERVER_ERROR;
  return ResultCode.OK;
}

/** A filter over the elements of a list is asked once more, with an element that is unknown; then nothing can be read. */
function codeAtEnd(collection: Collection, level: PathLevel, walk: Walk, index: number): number {
  const filter = collection.keys === undefined && level.base === LevelBase.EXPRESSION ? level.filter : undefined;
  if (filter === undefined || walk.noFail) return ResultCode.SERVER_ERROR;
  return filter.matches({ index }) === undefined ? ResultCode.PARAMETER_ERROR : ResultCode.SERVER_ERROR;
}

export function loopVariables(collection: Collection, position: number): LoopVariables {
  const value = collection.values.at(position);
  return collection.keys === undefined ? { index: position, value } : { key: collection.keys.at(position), value };
}

function positionOf(collection: Collection, level: PathLevel): number | undefined {
  const span = spanOfOne(level.index, collection.size);
  if (span === undefined || level.base === LevelBase.INDEX || isSortedList(collection)) return span?.start;
  return positionOfRank(collection.values, span.start);
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
