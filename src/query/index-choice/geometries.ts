import type { ExpNode } from "../../../protocol/exp/node.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import { GeoJson } from "../../../protocol/value/geojson.js";
import { type Lattice, solve } from "./solve.js";

/** Geometries that a place must lie in or around: each by itself narrows. Undefined for nothing known. */
type Geometries = readonly string[] | "never";

const GEOMETRIES: Lattice<Geometries> = {
  all: [],
  none: "never",
  both: (a, b) => (a === "never" || b === "never" ? "never" : [...a, ...b]),
  // Two areas have no one range around them.
  either: (a, b) => (a === "never" ? b : b === "never" ? a : a.filter((text) => b.includes(text))),
};

/** The geometries that a condition compares a place with. */
export function geometriesOf(condition: ExpNode, isIndexed: (node: ExpNode) => boolean): Geometries {
  return solve(condition, true, GEOMETRIES, (node, want) => {
    if (!want || node.kind !== "op" || node.code !== ExpOp.GEO_COMPARE) return [];
    const [left, right] = node.args;
    if (left === undefined || right === undefined) return [];
    return [...geometry(left, right, isIndexed), ...geometry(right, left, isIndexed)];
  });
}

function geometry(place: ExpNode, other: ExpNode, isIndexed: (node: ExpNode) => boolean): string[] {
  return isIndexed(place) && other.kind === "const" && other.value instanceof GeoJson ? [other.value.text] : [];
}
