import { ResultCode } from "../../protocol/result-code.js";
import { comparePacked } from "../packed/order.js";
import type { MapCollection } from "./collection.js";
import type { Wanted } from "./return-type.js";
import { lowerBound, probe } from "./search.js";
import { selectIndexes } from "./select-run.js";
import { type Sought, scan } from "./select-value.js";
import { emptyRange, NOTHING, others, rangeOf, type Selection } from "./selection.js";
import { around, spanFrom } from "./span.js";

/** A criterion for maps alone. */
export type MapCriterion = (map: MapCollection, wanted: Wanted) => Selection | number;

export function byKey(key: Uint8Array): MapCriterion {
  return (map, wanted) => {
    // An ordered map finds out that the key is missing before it would refuse INVERTED.
    if (wanted.inverted && !map.isOrdered) return ResultCode.OP_NOT_APPLICABLE;
    const position = positionOfKey(map, key);
    if (position === undefined) return { ...NOTHING, indexRange: emptyRange(-1) };
    return selectIndexes(map, wanted, { start: position, count: 1 });
  };
}

/** Keys from a first one on and below an end; without an end, to the greatest. */
export function byKeyInterval(from: Uint8Array, below: Uint8Array | undefined): MapCriterion {
  return (map, wanted) => {
    if (!map.isOrdered) return amongAll(map, wanted, { from, below });
    const start = probe(map.keys, from).at;
    const end = below === undefined ? map.size : probe(map.keys, below).at;
    return selectIndexes(map, wanted, { start, count: Math.max(end - start, 0) });
  };
}

/** Indexes counted from where the key stands or would stand. */
export function byIndexFrom(key: Uint8Array, index: bigint, count: bigint): MapCriterion {
  return (map, wanted) => {
    const origin = map.isOrdered ? probe(map.keys, key).at : lowerBound(map.keys, key);
    return selectIndexes(map, wanted, spanFrom(origin, index, count, map.size));
  };
}

export function positionOfKey(map: MapCollection, key: Uint8Array): number | undefined {
  if (map.isOrdered) {
    const { at, found } = probe(map.keys, key);
    return found ? at : undefined;
  }
  for (let position = 0; position < map.size; position++) {
    if (comparePacked(map.keys.at(position), key) === 0) return position;
  }
  return undefined;
}

function amongAll(map: MapCollection, wanted: Wanted, sought: Sought): Selection {
  const { start, positions } = scan(map.keys, sought);
  const span = { start, count: positions.length };
  if (!wanted.inverted) return { count: span.count, positions, indexRuns: [span], indexRange: rangeOf(span, map.size) };
  const rest = others(positions, map.size);
  // EXISTS asks whether nothing is found, not whether something is left.
  return { count: rest.length, positions: rest, indexRuns: around(span, map.size), exists: span.count === 0 };
}
