import { type Geometry, geoWithin, parseGeometry } from "../geo/index.js";
import type { BinValue } from "../record/bin-value.js";

/** Geometries of values already seen: a filter meets its own constants once for every record. */
const known = new WeakMap<BinValue, Geometry>();

function geometryOf(value: BinValue): Geometry | undefined {
  const seen = known.get(value);
  if (seen !== undefined) return seen;
  const geometry = parseGeometry(value.bytes);
  if (geometry !== undefined) known.set(value, geometry);
  return geometry;
}

/** Whether one is a point within the other, in either order; undefined when either is no geometry. */
export function geoContains(a: BinValue, b: BinValue): boolean | undefined {
  const left = geometryOf(a);
  const right = geometryOf(b);
  return left === undefined || right === undefined ? undefined : geoWithin(left, right);
}

export function isGeometry(value: BinValue): boolean {
  return geometryOf(value) !== undefined;
}
