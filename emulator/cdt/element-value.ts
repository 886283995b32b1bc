import { doubleOf, integerOf, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { type BinValue, boolValue, doubleValue, integerValue, isBlobType } from "../record/bin-value.js";

/** A packed element as the value of a reply row: null for nil, undefined for what is no value (a bare extension). */
export function elementValue(packed: Uint8Array): BinValue | null | undefined {
  const head = new PackedHead();
  if (!head.read(packed, 0, packed.length)) return undefined;
  switch (head.type) {
    case PackedType.NIL:
      return null;
    case PackedType.FALSE:
    case PackedType.TRUE:
      return boolValue(head.type === PackedType.TRUE);
    case PackedType.INTEGER:
    case PackedType.NEGATIVE_INTEGER:
      return integerValue(integerOf(head));
    case PackedType.DOUBLE:
      return doubleValue(doubleOf(head, packed));
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return { type: particleType(packed[head.content]), bytes: packed.slice(head.content + 1, head.next) };
    case PackedType.LIST:
      return { type: ParticleType.LIST, bytes: packed.slice() };
    case PackedType.MAP:
      return { type: ParticleType.MAP, bytes: packed.slice() };
    default:
      return undefined;
  }
}

function particleType(prefix: number | undefined): number {
  switch (prefix) {
    case ParticleType.STRING:
    case ParticleType.GEOJSON:
    case ParticleType.HLL:
      return prefix;
    default:
      return prefix !== undefined && isBlobType(prefix) ? prefix : ParticleType.BLOB;
  }
}
