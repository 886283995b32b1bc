import { ParticleType } from "../../protocol/value/particle-type.js";
import { coveringOf, geoValueOf, geoWithin, holdsCell, parseGeometry } from "../geo/index.js";
import { integerOf } from "../record/bin-value.js";
import { wyhash64 } from "./wyhash.js";

/**
 * What an index holds of a value: the key that its entries are sorted by. A signed number of 64 bits, but the unsigned id
 * of a cell in an index on GeoJSON.
 */
export type IndexKey = bigint;

/** The values that a query asks an index for. */
export interface IndexRange {
  readonly valueType: number;
  /** Whether more than one value can match, so that a record can be found more than once. */
  readonly isRange: boolean;
  /** The key under which a value matches; undefined when it does not. */
  match(value: Uint8Array): IndexKey | undefined;
}

export function integerRange(begin: bigint, end: bigint): IndexRange {
  return {
    valueType: ParticleType.INTEGER,
    isRange: begin !== end,
    match(value) {
      const integer = integerOf({ type: ParticleType.INTEGER, bytes: value });
      return begin <= integer && integer <= end ? integer : undefined;
    },
  };
}

/** Strings and blobs match as a whole. */
export function bytesEqual(valueType: number, wanted: Uint8Array): IndexRange {
  const key = keyOfBytes(wanted);
  return {
    valueType,
    isRange: false,
    match: (value) =>
      value.length === wanted.length && value.every((byte, i) => byte === wanted[i]) ? key : undefined,
  };
}

/** Cells that cover the area of a query are no smaller, whatever its size: `geo2dsphere-within.max-level`. */
const QUERY_MAX_LEVEL = 20;

/**
 * A point finds the areas that contain it, by the one of their cells that it is in; an area finds the points in it.
 * Undefined for what is no geometry and for an area that too many cells would have to cover.
 */
export function geoRange(json: Uint8Array): IndexRange | undefined {
  const wanted = parseGeometry(json);
  if (wanted === undefined) return undefined;
  if (wanted.kind === "region" && coveringOf(wanted.region, QUERY_MAX_LEVEL) === undefined) return undefined;
  return {
    valueType: ParticleType.GEOJSON,
    isRange: true,
    match(bytes) {
      const value = geoValueOf(bytes);
      if (value === undefined || !geoWithin(wanted, value.geometry)) return undefined;
      return wanted.kind === "point" ? value.cells.find((cell) => holdsCell(cell, wanted.cellId)) : value.cells[0];
    },
  };
}

/** The keys under which an index of this type holds a value. */
export function keysOfValue(value: Uint8Array, valueType: number): readonly IndexKey[] {
  if (valueType === ParticleType.INTEGER) return [integerOf({ type: valueType, bytes: value })];
  if (valueType === ParticleType.GEOJSON) return geoValueOf(value)?.cells ?? [];
  return [keyOfBytes(value)];
}

/** Hash of a string or blob, as a signed number. */
export function keyOfBytes(bytes: Uint8Array): IndexKey {
  return BigInt.asIntN(64, wyhash64(bytes));
}
