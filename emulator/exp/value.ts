import { ParticleType } from "../../protocol/value/particle-type.js";
import { REMOVE } from "../cdt/path-evaluator.js";
import { type BinValue, boolValue, doubleOf, doubleValue, integerOf, integerValue } from "../record/bin-value.js";

export { REMOVE };

/** Neither true nor false: a bin that is missing or of another type, a failed operation, a division by zero. */
export const UNKNOWN: unique symbol = Symbol("unknown");
/** Particle type of a packed value that no bin can hold: wildcard, infinity, other extensions. */
export const EXTENSION = 255;

/**
 * A value while an expression runs. Integers are bigint, doubles are number; strings, blobs, sketches, GeoJSON, lists and
 * maps stay in storage form.
 */
export type ExpValue = typeof UNKNOWN | typeof REMOVE | null | boolean | bigint | number | Particle;

export interface Particle extends BinValue {
  /** A call yielded it: path expressions treat such values in a way of their own. */
  readonly fromCall?: boolean;
}

/** The value of a bin; its type has been checked. */
export function fromBin(bin: BinValue): ExpValue {
  switch (bin.type) {
    case ParticleType.NULL:
      return null;
    case ParticleType.INTEGER:
      return integerOf(bin);
    case ParticleType.DOUBLE:
      return doubleOf(bin);
    case ParticleType.BOOL:
      return bin.bytes[0] !== 0;
    default:
      return bin;
  }
}

/** A value as a bin can hold it; null for nil, undefined for what no bin can hold. */
export function toBin(value: ExpValue): BinValue | null | undefined {
  switch (typeof value) {
    case "bigint":
      return integerValue(value);
    case "number":
      return doubleValue(value);
    case "boolean":
      return boolValue(value);
    case "symbol":
      return undefined;
    default:
      if (value === null) return null;
      return value.type === EXTENSION ? undefined : { type: value.type, bytes: value.bytes };
  }
}

/** True for values that keep their storage form while an expression runs. */
export function isParticle(value: ExpValue): value is Particle {
  return typeof value === "object" && value !== null;
}
