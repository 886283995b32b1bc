import { ParticleType } from "../../protocol/value/particle-type.js";

/**
 * What a bin holds: its particle type and the value in storage form, which is the form of a reply. GEOJSON keeps its JSON
 * text alone; LIST and MAP are canonical MessagePack (compact, order marker `c7 00 flags` kept). The bytes are never changed
 * in place.
 */
export interface BinValue {
  /** Its particle type. */
  readonly type: number;
  /** The value in storage form. */
  readonly bytes: Uint8Array;
}

export function integerValue(value: bigint | number): BinValue {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return { type: ParticleType.INTEGER, bytes };
}

export function doubleValue(value: number): BinValue {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return { type: ParticleType.DOUBLE, bytes };
}

export function boolValue(value: boolean): BinValue {
  return { type: ParticleType.BOOL, bytes: Uint8Array.of(value ? 1 : 0) };
}

/** The integer of an INTEGER value. */
export function integerOf(value: BinValue): bigint {
  const { bytes } = value;
  const high = (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
  const low = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0;
  // Most are small, and a view costs more than all that is done with them.
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
}

/** The number of a DOUBLE value. */
export function doubleOf(value: BinValue): number {
  return new DataView(value.bytes.buffer, value.bytes.byteOffset, 8).getFloat64(0);
}

export function isBlobType(type: number): boolean {
  return (
    type === ParticleType.BLOB ||
    (type >= ParticleType.JAVA_BLOB && type <= ParticleType.ERLANG_BLOB) ||
    type === ParticleType.VECTOR
  );
}
