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
  /** The key by which an index finds a value; undefined when it does not. */
  keyOf(value: Uint8Array): IndexKey | undefined;
  /** Whether a value is what was asked for: of values that an index finds, some areas are only near. */
  holds(value: Uint8Array): boolean;
}

export function integerRange(begin: bigint, end: bigint): IndexRange {
  return {
    valueType: ParticleType.INTEGER,
    isRange: begin !== end,
    keyOf(value) {
      const integer = integerOf({ type: ParticleType.INTEGER, bytes: value });
      return begin <= integer && integer <= end ? integer : undefined;
    },
    holds(value) {
      return this.keyOf(value) !== undefined;
    },
  };
}

/** Strings and blobs match as a whole. */
export function bytesEqual(valueType: number, wanted: Uint8Array): IndexRange {
  const key = keyOfBytes(wanted);
  const holds = (value: Uint8Array) => value.length === wanted.length && value.every((byte, i) => byte === wanted[i]);
  return { valueType, isRange: false, holds, keyOf: (value) => (holds(value) ? key : undefined) };
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
  const covering = wanted.kind === "region" ? coveringOf(wanted.region, QUERY_MAX_LEVEL) : [];
  if (covering === undefined) return undefined;
  return {
    valueType: ParticleType.GEOJSON,
    isRange: true,
    keyOf(bytes) {
      const cells = geoValueOf(bytes)?.cells ?? [];
      if (wanted.kind === "point") return cells.find((cell) => holdsCell(cell, wanted.cellId));
      return cells.find((cell) => covering.some(({ id }) => holdsCell(id, cell)));
    },
    holds(bytes) {
      // Areas that are too large to be indexed count once their record is found by another value.
      const geometry = geoValueOf(bytes)?.geometry ?? parseGeometry(bytes);
      return geometry !== undefined && geoWithin(wanted, geometry);
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
function keyOfBytes(bytes: Uint8Array): IndexKey {
  return BigInt.asIntN(64, wyhash64(bytes));
}
