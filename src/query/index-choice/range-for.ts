import { utf8Length } from "../../../protocol/bytes/utf8.js";
import type { IndexBounds, IndexCollection, IndexFilter, IndexTarget } from "../../../protocol/command/index-range.js";
import type { ExpNode } from "../../../protocol/exp/node.js";
import type { IndexInfo } from "../../../protocol/info/index-info.js";
import { INT64_MIN } from "../../../protocol/limits.js";
import { type Containment, elementsOf } from "./elements.js";
import { type ExactValues, exactValuesOf } from "./exact-values.js";
import { geometriesOf } from "./geometries.js";
import { IndexSource } from "./index-source.js";
import { integersOf } from "./integers.js";
import { hull, type IntervalSet, isAll } from "./interval-set.js";

/** A server takes values shorter than 2048 bytes in a range. */
const MAX_VALUE_BYTES = 2047;
/** What an area is taken for, in values: it narrows, but who knows how much. */
const GEO_WIDTH = 1e6;
const NOTHING = "nothing in the condition narrows it";
const BOTH_ENDS =
  "the values that fit lie at both ends of the 64-bit integers, where arithmetic wraps around, and one range has to hold them all";
const MANY_VALUES = "it would take several ranges: an index of strings or blobs is asked for one value";
const TOO_LONG = `its value is longer than the ${MAX_VALUE_BYTES} bytes that a server looks up`;

export interface FoundRange {
  readonly range: IndexFilter;
  /** How many different values lie in it. */
  readonly width: number;
}

/** The range of an index that holds all records for which a condition is true; or why there is none. */
export function rangeFor(index: IndexInfo, condition: ExpNode): FoundRange | string {
  const source = new IndexSource(index);
  const found = boundsFor(index, condition, source);
  if (typeof found === "string") return found;
  const target = targetOf(index);
  const collection: IndexCollection = index.collection === "set" ? "default" : index.collection;
  const range: IndexFilter = { target, bounds: found.bounds, ...(collection === "default" ? {} : { collection }) };
  return { range, width: found.width };
}

interface FoundBounds {
  readonly bounds: IndexBounds;
  readonly width: number;
}

function boundsFor(index: IndexInfo, condition: ExpNode, source: IndexSource): FoundBounds | string {
  const { type, collection } = index;
  if (collection === "set" || type === undefined) return "its type is not known here";
  const isIndexed = (node: ExpNode): boolean => source.is(node);
  if (collection !== "default") {
    return type === "geo" ? NOTHING : elementBounds(type, elementsOf(condition, source, collection));
  }
  switch (type) {
    case "integer":
      return integerBounds(integersOf(condition, true, isIndexed));
    case "geo": {
      const geometries = geometriesOf(condition, isIndexed);
      const [value] = geometries === "never" ? [] : geometries;
      return value === undefined ? NOTHING : { bounds: { type: "geo", value }, width: GEO_WIDTH };
    }
    default:
      return pointBounds(type, exactValuesOf(condition, true, isIndexed));
  }
}

function integerBounds(set: IntervalSet): FoundBounds | string {
  if (isAll(set)) return NOTHING;
  // A condition that is never true: any range will do, and this one is the emptiest.
  const around = hull(set) ?? { low: INT64_MIN, high: INT64_MIN };
  if (isAll([around])) return BOTH_ENDS;
  return {
    bounds: { type: "integer", begin: around.low, end: around.high },
    width: Number(around.high - around.low + 1n),
  };
}

function pointBounds(type: "string" | "blob", points: ExactValues): FoundBounds | string {
  if (points === undefined) return NOTHING;
  const fitting = points.filter((point) => (typeof point === "string") === (type === "string"));
  if (fitting.length > 1) return MANY_VALUES;
  const value = fitting[0] ?? (type === "string" ? "" : new Uint8Array(0));
  if (typeof value === "string") {
    return utf8Length(value) > MAX_VALUE_BYTES ? TOO_LONG : { bounds: { type: "string", value }, width: 1 };
  }
  return value.length > MAX_VALUE_BYTES ? TOO_LONG : { bounds: { type: "blob", value }, width: 1 };
}

/** Of several conditions on elements the narrowest. */
function elementBounds(type: "integer" | "string" | "blob", containment: Containment): FoundBounds | string {
  if (containment === "never") return type === "integer" ? integerBounds([]) : pointBounds(type, []);
  let best: FoundBounds | undefined;
  let why: string = NOTHING;
  for (const { integers, points } of containment) {
    const isMixed =
      type === "integer"
        ? points.length > 0
        : integers.length > 0 || points.some((point) => (typeof point === "string") !== (type === "string"));
    // Values of other types may be what makes the condition true, and this index has none of them.
    if (isMixed) continue;
    const found = type === "integer" ? integerBounds(integers) : pointBounds(type, points);
    if (typeof found === "string") why = found;
    else if (best === undefined || found.width < best.width) best = found;
  }
  return best ?? why;
}

function targetOf(index: IndexInfo): IndexTarget {
  if (index.expression !== undefined) return { expression: index.expression };
  return index.context === undefined ? { bin: index.bin ?? "" } : { bin: index.bin ?? "", context: index.context };
}
