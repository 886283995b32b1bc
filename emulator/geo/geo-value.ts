import { coveringOf } from "./covering.js";
import { type Geometry, parseGeometry } from "./geometry.js";

/** A GeoJSON value with the cells of the S2 grid that replies and indexes have of it. */
export interface GeoValue {
  readonly geometry: Geometry;
  /** Of a point the cell that holds it, of a region those that cover it, in order. */
  readonly cells: readonly bigint[];
}

/** Values already seen, by their bytes: cells are asked for on every read and for every query. */
const known = new WeakMap<Uint8Array, GeoValue | undefined>();

/** Undefined for what no bin can hold: text that is no geometry, and regions that too many cells would have to cover. */
export function geoValueOf(json: Uint8Array): GeoValue | undefined {
  if (known.has(json)) return known.get(json);
  const geometry = parseGeometry(json);
  const cells = geometry && cellsOf(geometry);
  const value = geometry && cells && { geometry, cells };
  known.set(json, value);
  return value;
}

function cellsOf(geometry: Geometry): readonly bigint[] | undefined {
  if (geometry.kind === "point") return [geometry.cellId];
  return coveringOf(geometry.region)?.map((cell) => cell.id);
}
