import type { Reader } from "../../protocol/bytes/reader.js";
import { PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import {
  listCount,
  mapCount,
  peekKind,
  skipValue,
  skipValues,
  takeBytes,
  takeDouble,
  takeInteger,
} from "../exp/packed.js";

// Packed values as a server shows them: numbers are spelled out, of what is larger only the size is told.

/** Takes a value of a context's step. */
export function displayStepValue(r: Reader): string {
  const kind = peekKind(r);
  switch (kind) {
    case PackedType.LIST: {
      const count = listCount(r) ?? 0;
      skipValues(r, count);
      return `<list#${count}>`;
    }
    case PackedType.MAP: {
      const count = mapCount(r) ?? 0;
      skipValues(r, 2 * count);
      return `<map#${count}>`;
    }
    case PackedType.BYTES: {
      const content = takeBytes(r);
      const type = content?.[0];
      if (content === undefined || type === undefined) return "<blob#_>";
      return `<blob${type === ParticleType.BLOB ? "" : type}#${content.length - 1}>`;
    }
    case PackedType.WILDCARD:
      skipValue(r);
      return "*";
    case PackedType.INFINITY:
      skipValue(r);
      return "inf";
    default:
      return displayScalar(r, kind);
  }
}

/** Takes a parameter of an operation on lists, maps, bits or sketches. */
export function displayParameter(r: Reader): string {
  const kind = peekKind(r);
  switch (kind) {
    case PackedType.BYTES: {
      const content = takeBytes(r);
      if (content === undefined || content.length === 0) return "<blob#_>";
      return `<${content[0] === ParticleType.HLL ? "hll" : "blob"}#${content.length - 1}>`;
    }
    case PackedType.LIST:
    case PackedType.MAP:
    case PackedType.WILDCARD:
    case PackedType.INFINITY:
      skipValue(r);
      return `<msgpack/${kind}>`;
    default:
      return displayScalar(r, kind);
  }
}

function displayScalar(r: Reader, kind: PackedType): string {
  switch (kind) {
    case PackedType.INTEGER:
    case PackedType.NEGATIVE_INTEGER:
      return String(takeInteger(r));
    case PackedType.DOUBLE:
      return displayDouble(takeDouble(r) ?? 0);
    case PackedType.STRING:
      return `<string#${contentSize(r)}>`;
    case PackedType.GEOJSON:
      return `<geojson#${contentSize(r)}>`;
    default:
      skipValue(r);
      return WORDS.get(kind) ?? `<msgpack/${kind}>`;
  }
}

const WORDS: ReadonlyMap<PackedType, string> = new Map([
  [PackedType.NIL, "nil"],
  [PackedType.FALSE, "false"],
  [PackedType.TRUE, "true"],
]);

/** Without the byte of the type. */
function contentSize(r: Reader): number {
  return (takeBytes(r)?.length ?? 1) - 1;
}

/** As `%f` of C writes it. */
function displayDouble(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`;
}
