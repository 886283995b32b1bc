import { ParticleType } from "../../protocol/value/particle-type.js";
import { type Geometry, geoWithin, parseGeometry } from "../geo/index.js";
import { integerOf } from "../record/bin-value.js";
import { wyhash64 } from "./wyhash.js";

/** What an index holds of a value: the key that its entries are sorted by. */
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

/** A point finds the areas that contain it, an area the points in it. Undefined for what is no geometry. */
export function geoRange(json: Uint8Array): IndexRange | undefined {
  const wanted = parseGeometry(json);
  if (wanted === undefined) return undefined;
  return {
    valueType: ParticleType.GEOJSON,
    isRange: true,
    match(value) {
      const geometry = parseGeometry(value);
      return geometry !== undefined && geoWithin(wanted, geometry) ? keyOfGeometry(geometry) : undefined;
    },
  };
}

/** The key of any value that an index of this type holds. */
export function keyOfValue(value: Uint8Array, valueType: number): IndexKey {
  if (valueType === ParticleType.INTEGER) return integerOf({ type: valueType, bytes: value });
  if (valueType !== ParticleType.GEOJSON) return keyOfBytes(value);
  const geometry = parseGeometry(value);
  return geometry === undefined ? 0n : keyOfGeometry(geometry);
}

/** Hash of a string or blob, as a signed number. */
export function keyOfBytes(bytes: Uint8Array): IndexKey {
  return BigInt.asIntN(64, wyhash64(bytes));
}

export function keyOfGeometry(geometry: Geometry): IndexKey {
  return geometry.kind === "point" ? BigInt.asIntN(64, geometry.cellId) : 0n;
}
