import { Reader } from "../bytes/reader.js";
import { encodeUtf8 } from "../bytes/utf8.js";
import { ProtocolError } from "../protocol-error.js";
import { GeoJson } from "./geojson.js";
import { readParticle } from "./particle.js";
import { ParticleType } from "./particle-type.js";
import type { DecodeOptions } from "./value.js";

/** A value that nobody has looked into yet: its type and the bytes of it. Of GeoJSON the text alone. */
export interface RawValue {
  /** Its particle type. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Bytes that a value of a type has, where that is fixed. */
const SIZES: ReadonlyMap<number, number> = new Map<number, number>([
  [ParticleType.INTEGER, 8],
  [ParticleType.DOUBLE, 8],
  [ParticleType.BOOL, 1],
]);

/** Takes the value of an op, a copy. Throws ProtocolError for one of another size than its type has. */
export function takeRawValue(r: Reader, type: number, size: number): RawValue {
  if (type === ParticleType.GEOJSON) {
    const value = readParticle(r, type, size);
    return { type, bytes: value instanceof GeoJson ? encodeUtf8(value.text) : new Uint8Array(0) };
  }
  const expected = SIZES.get(type);
  if (expected !== undefined && size !== expected) {
    throw new ProtocolError(`a value of type ${type} has ${size} bytes, expected ${expected}`);
  }
  return { type, bytes: r.copy(size) };
}

/** The value as JavaScript has it. */
export function decodeRawValue({ type, bytes }: RawValue, options?: DecodeOptions): unknown {
  const reader = new Reader(bytes);
  if (type === ParticleType.GEOJSON) return new GeoJson(reader.utf8(bytes.length));
  return readParticle(reader, type, bytes.length, options);
}
