import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { packBigint, packBytes, packDouble } from "../../protocol/value/pack.js";
import { PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BinValue } from "../record/bin-value.js";
import { peekKind, takeBytes, takeDouble, takeInteger, takeValue } from "./packed.js";
import { EXTENSION, type ExpValue, isParticle, REMOVE, UNKNOWN } from "./value.js";

/** Packs a value as a parameter of an operation or an element of a list; false for what can't be packed. */
export function packExpValue(w: Writer, value: ExpValue): boolean {
  switch (typeof value) {
    case "symbol":
      return false;
    case "bigint":
      packBigint(w, value);
      return true;
    case "number":
      packDouble(w, value);
      return true;
    case "boolean":
      w.u8(value ? 0xc3 : 0xc2);
      return true;
    default:
      if (value === null) w.u8(0xc0);
      else packParticle(w, value);
      return true;
  }
}

function packParticle(w: Writer, value: BinValue): void {
  switch (value.type) {
    case ParticleType.LIST:
    case ParticleType.MAP:
    case EXTENSION:
      w.bytes(value.bytes);
      break;
    default:
      packBytes(w, value.bytes, value.type);
  }
}

/** The packed form of a value; undefined for what can't be packed. */
export function packedOf(value: ExpValue): Uint8Array | undefined {
  if (isParticle(value) && isPacked(value)) return value.bytes;
  const w = new Writer(16);
  return packExpValue(w, value) ? w.take() : undefined;
}

/** True for values whose storage form is their packed form. */
export function isPacked(value: BinValue): boolean {
  return value.type === ParticleType.LIST || value.type === ParticleType.MAP || value.type === EXTENSION;
}

/** The value of a packed element, as loop variables have it; unknown for what expressions have no type for. */
export function unpackExpValue(packed: Uint8Array): ExpValue {
  const r = new Reader(packed);
  const kind = peekKind(r);
  switch (kind) {
    case PackedType.NIL:
      return null;
    case PackedType.FALSE:
    case PackedType.TRUE:
      return kind === PackedType.TRUE;
    case PackedType.NEGATIVE_INTEGER:
    case PackedType.INTEGER:
      return takeInteger(r) ?? UNKNOWN;
    case PackedType.DOUBLE:
      return takeDouble(r) ?? UNKNOWN;
    case PackedType.LIST:
      return { type: ParticleType.LIST, bytes: takeValue(r) };
    case PackedType.MAP:
      return { type: ParticleType.MAP, bytes: takeValue(r) };
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return prefixed(takeBytes(r));
    default:
      return UNKNOWN;
  }
}

function prefixed(content: Uint8Array | undefined): ExpValue {
  const type = content?.[0];
  switch (type) {
    case ParticleType.STRING:
    case ParticleType.BLOB:
    case ParticleType.HLL:
    case ParticleType.GEOJSON:
      return { type, bytes: content?.subarray(1) ?? new Uint8Array(0) };
    default:
      return UNKNOWN;
  }
}

/** From this length on, prefix and all, a packed string has a longer head. */
const LONG = 32;

/**
 * What an expression leaves in the place of a path's element: its packed value, REMOVE, or undefined when unknown.
 * The server packs what a call yielded as a string, whatever it is. It aborts over a short one of these, and over a long
 * string, blob or HyperLogLog that is from no call: here those are unknown.
 */
export function packedResult(value: ExpValue): Uint8Array | typeof REMOVE | undefined {
  if (value === REMOVE) return REMOVE;
  if (!isParticle(value) || isPacked(value)) return packedOf(value);
  const long = value.bytes.length + 1 >= LONG;
  if (value.fromCall === true) return long ? packedOf({ type: ParticleType.STRING, bytes: value.bytes }) : undefined;
  return long && value.type !== ParticleType.GEOJSON ? undefined : packedOf(value);
}
