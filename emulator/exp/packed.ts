import type { Reader } from "../../protocol/bytes/reader.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ParticleType } from "../../protocol/value/particle-type.js";

/** Kinds of packed values, numbered in the server's order of values. */
export const Kind = {
  NIL: 1,
  FALSE: 2,
  TRUE: 3,
  NEGATIVE: 4,
  INTEGER: 5,
  STRING: 6,
  LIST: 7,
  MAP: 8,
  BYTES: 9,
  DOUBLE: 10,
  GEOJSON: 11,
  EXTENSION: 12,
  WILDCARD: 13,
  INFINITY: 14,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** The kind of the value that starts here, without taking it. */
export function peekKind(r: Reader): Kind {
  const start = r.at;
  const head = r.u8();
  const kind = kindOf(head, r);
  r.at = start;
  return kind;
}

function kindOf(head: number, r: Reader): Kind {
  if (head < 0x80) return Kind.INTEGER;
  if (head < 0x90) return Kind.MAP;
  if (head < 0xa0) return Kind.LIST;
  if (head < 0xc0) return bytesKind(head & 0x1f, r);
  if (head >= 0xe0) return Kind.NEGATIVE;
  switch (head) {
    case 0xc0:
      return Kind.NIL;
    case 0xc2:
      return Kind.FALSE;
    case 0xc3:
      return Kind.TRUE;
    case 0xc4:
    case 0xd9:
      return bytesKind(r.u8(), r);
    case 0xc5:
    case 0xda:
      return bytesKind(r.u16(), r);
    case 0xc6:
    case 0xdb:
      return bytesKind(r.u32(), r);
    case 0xca:
    case 0xcb:
      return Kind.DOUBLE;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return Kind.INTEGER;
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return r.peekU8() < 0x80 ? Kind.INTEGER : Kind.NEGATIVE;
    case 0xd4:
    case 0xc7:
      return smallExtensionKind(head, r);
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
    case 0xc8:
    case 0xc9:
      return Kind.EXTENSION;
    case 0xdc:
    case 0xdd:
      return Kind.LIST;
    case 0xde:
    case 0xdf:
      return Kind.MAP;
    default:
      throw new ProtocolError(`byte 0x${head.toString(16)} starts no value`);
  }
}

function bytesKind(length: number, r: Reader): Kind {
  if (length === 0) return Kind.BYTES;
  const type = r.u8();
  if (type === ParticleType.STRING) return Kind.STRING;
  return type === ParticleType.GEOJSON ? Kind.GEOJSON : Kind.BYTES;
}

function smallExtensionKind(head: number, r: Reader): Kind {
  const size = head === 0xd4 ? 1 : r.u8();
  if (size === 1 && r.u8() === 0xff) {
    const which = r.u8();
    if (which === 0) return Kind.WILDCARD;
    if (which === 1) return Kind.INFINITY;
  }
  if (head === 0xd4) throw new ProtocolError("an extension of one byte is neither wildcard nor infinity");
  return Kind.EXTENSION;
}

/** Takes one value with all that is in it. Nesting costs no stack. */
export function skipValue(r: Reader): void {
  skipValues(r, 1);
}

export function skipValues(r: Reader, count: number): void {
  for (let left = count; left > 0; left--) left += skipHead(r);
}

/** The bytes of one value, taken: a view. */
export function takeValue(r: Reader): Uint8Array {
  const start = r.at;
  skipValue(r);
  return r.bytes.subarray(start, r.at);
}

/** Takes the head of a value and, unless it is a container, the rest too; answers how many values a container holds. */
export function skipHead(r: Reader): number {
  const head = r.u8();
  if (head < 0x80 || head >= 0xe0) return 0;
  if (head < 0x90) return 2 * (head & 0x0f);
  if (head < 0xa0) return head & 0x0f;
  if (head < 0xc0) return take(r, head & 0x1f);
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return 0;
    case 0xc4:
    case 0xd9:
      return take(r, r.u8());
    case 0xc5:
    case 0xda:
      return take(r, r.u16());
    case 0xc6:
    case 0xdb:
      return take(r, r.u32());
    case 0xcc:
    case 0xd0:
      return take(r, 1);
    case 0xcd:
    case 0xd1:
      return take(r, 2);
    case 0xca:
    case 0xce:
    case 0xd2:
      return take(r, 4);
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return take(r, 8);
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return take(r, 1 + (1 << (head - 0xd4)));
    case 0xc7:
      return take(r, 1 + r.u8());
    case 0xc8:
      return take(r, 1 + r.u16());
    case 0xc9:
      return take(r, 1 + r.u32());
    case 0xdc:
      return r.u16();
    case 0xdd:
      return r.u32();
    case 0xde:
      return 2 * r.u16();
    case 0xdf:
      return 2 * r.u32();
    default:
      throw new ProtocolError(`byte 0x${head.toString(16)} starts no value`);
  }
}

function take(r: Reader, size: number): number {
  r.skip(size);
  return 0;
}

/** Takes the header of a list and answers its count; undefined, and nothing taken, when no list starts here. */
export function listCount(r: Reader): number | undefined {
  if (r.left === 0) return undefined;
  const head = r.peekU8();
  if (head >= 0x90 && head < 0xa0) {
    r.skip(1);
    return head & 0x0f;
  }
  if (head !== 0xdc && head !== 0xdd) return undefined;
  r.skip(1);
  return head === 0xdc ? r.u16() : r.u32();
}

/** Takes an integer as int64, unsigned ones above 2^63 wrapped; undefined, and nothing taken, when none starts here. */
export function takeInteger(r: Reader): bigint | undefined {
  if (r.left === 0) return undefined;
  const head = r.peekU8();
  if (head >= 0x80 && head < 0xe0 && (head < 0xcc || head > 0xd3)) return undefined;
  r.skip(1);
  if (head < 0x80) return BigInt(head);
  switch (head) {
    case 0xcc:
      return BigInt(r.u8());
    case 0xcd:
      return BigInt(r.u16());
    case 0xce:
      return BigInt(r.u32());
    case 0xd0:
      return BigInt.asIntN(8, BigInt(r.u8()));
    case 0xd1:
      return BigInt.asIntN(16, BigInt(r.u16()));
    case 0xd2:
      return BigInt(r.i32());
    case 0xcf:
    case 0xd3:
      return r.i64();
    default:
      return BigInt(head - 0x100);
  }
}

/** Takes a double, single precision included; undefined, and nothing taken, when none starts here. */
export function takeDouble(r: Reader): number | undefined {
  if (r.left === 0) return undefined;
  const head = r.peekU8();
  if (head !== 0xca && head !== 0xcb) return undefined;
  r.skip(1);
  return head === 0xca ? r.f32() : r.f64();
}

/** Takes the content of a string or blob, type prefix included: a view. Undefined, and nothing taken, when none starts here. */
export function takeBytes(r: Reader): Uint8Array | undefined {
  if (r.left === 0) return undefined;
  const head = r.peekU8();
  if (head >= 0xa0 && head < 0xc0) {
    r.skip(1);
    return r.view(head & 0x1f);
  }
  switch (head) {
    case 0xc4:
    case 0xd9:
      r.skip(1);
      return r.view(r.u8());
    case 0xc5:
    case 0xda:
      r.skip(1);
      return r.view(r.u16());
    case 0xc6:
    case 0xdb:
      r.skip(1);
      return r.view(r.u32());
    default:
      return undefined;
  }
}
