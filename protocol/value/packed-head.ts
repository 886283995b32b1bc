import type { Reader } from "../bytes/reader.js";
import { ProtocolError } from "../protocol-error.js";

// The first bytes of a packed value (the dialect of pack.ts), read in place:
//   00-7f, e0-ff                      integer
//   80-8f, de u16, df u32             map of so many pairs
//   90-9f, dc u16, dd u32             list of so many elements
//   a0-bf, c4/d9 u8, c5/da u16, c6/db u32   length, then a particle type byte and the content: string, blob, geojson
//   c0 nil · c2 false · c3 true · ca f32 · cb f64 · cc-cf u8-u64 · d0-d3 i8-i64
//   d4-d8 (1, 2, 4, 8, 16 bytes), c7 u8, c8 u16, c9 u32   extension: size, then u8 type · content; c1 is no value
//   d4 ff 00 wildcard · d4 ff 01 infinity

/** The kinds of packed values, numbered in the order in which the server sorts them. */
export const PackedType = {
  NIL: 1,
  FALSE: 2,
  TRUE: 3,
  NEGATIVE_INTEGER: 4,
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
export type PackedType = (typeof PackedType)[keyof typeof PackedType];

const STRING_PREFIX = 3;
const GEOJSON_PREFIX = 23;
const SPECIAL_EXTENSION = 0xff;

/** By first byte from c0 on: bytes of the number that follows it, up to which a head is read at once. */
const NUMBER_SIZES = Uint8Array.of(
  ...[0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 4, 8, 1, 2, 4, 8],
  ...[1, 2, 4, 8, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4],
);

/** A cursor over packed values; one object serves a whole walk. */
export class PackedHead {
  type: PackedType = PackedType.NIL;
  /** Elements of a list, pairs of a map, an order marker counted in both. */
  count = 0;
  /** Where the content of doubles, strings, blobs and extensions starts; a particle type byte belongs to the content. */
  content = 0;
  /** Bytes of the content. */
  length = 0;
  /** The two halves of an integer's 64 bits, each as a signed number, which engines keep without a box. */
  high = 0;
  low = 0;
  extensionType = 0;
  /** Where the next value starts: behind the whole of a scalar, behind the header of a container. */
  next = 0;

  /** Reads the head at `at`; false when it is no value or does not end by `end`. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (at >= end) return false;
    const first = bytes[at]!;
    if (first < 0x80) return this.#integer(PackedType.INTEGER, 0, first, at + 1);
    if (first >= 0xe0) return this.#integer(PackedType.NEGATIVE_INTEGER, -1, first - 0x100, at + 1);
    if (first >= 0xc0) return this.#readLong(first, bytes, at + 1, end);
    if (first >= 0xa0) return this.#bytes(bytes, first & 0x1f, at + 1, end);
    return this.#container(first < 0x90 ? PackedType.MAP : PackedType.LIST, first & 0x0f, at + 1);
  }

  #readLong(first: number, bytes: Uint8Array, at: number, end: number): boolean {
    const next = at + NUMBER_SIZES[first - 0xc0]!;
    if (next > end) return false;
    switch (first) {
      case 0xc0:
        return this.#bare(PackedType.NIL, at);
      case 0xc2:
        return this.#bare(PackedType.FALSE, at);
      case 0xc3:
        return this.#bare(PackedType.TRUE, at);
      case 0xc4:
      case 0xd9:
        return this.#bytes(bytes, bytes[at]!, next, end);
      case 0xc5:
      case 0xda:
        return this.#bytes(bytes, u16At(bytes, at), next, end);
      case 0xc6:
      case 0xdb:
        return this.#bytes(bytes, i32At(bytes, at) >>> 0, next, end);
      case 0xc7:
        return this.#extension(bytes, bytes[at]!, next, end, true);
      case 0xc8:
        return this.#extension(bytes, u16At(bytes, at), next, end, false);
      case 0xc9:
        return this.#extension(bytes, i32At(bytes, at) >>> 0, next, end, false);
      case 0xca:
      case 0xcb:
        this.content = at;
        this.length = next - at;
        return this.#bare(PackedType.DOUBLE, next);
      case 0xcc:
        return this.#integer(PackedType.INTEGER, 0, bytes[at]!, next);
      case 0xcd:
        return this.#integer(PackedType.INTEGER, 0, u16At(bytes, at), next);
      case 0xce:
        return this.#integer(PackedType.INTEGER, 0, i32At(bytes, at), next);
      case 0xcf:
        return this.#integer(PackedType.INTEGER, i32At(bytes, at), i32At(bytes, at + 4), next);
      case 0xd0:
        return this.#signed((bytes[at]! << 24) >> 24, next);
      case 0xd1:
        return this.#signed((u16At(bytes, at) << 16) >> 16, next);
      case 0xd2:
        return this.#signed(i32At(bytes, at), next);
      case 0xd3: {
        const high = i32At(bytes, at);
        const type = high < 0 ? PackedType.NEGATIVE_INTEGER : PackedType.INTEGER;
        return this.#integer(type, high, i32At(bytes, at + 4), next);
      }
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(bytes, 1 << (first - 0xd4), next, end, true);
      case 0xdc:
        return this.#container(PackedType.LIST, u16At(bytes, at), next);
      case 0xdd:
        return this.#container(PackedType.LIST, i32At(bytes, at) >>> 0, next);
      case 0xde:
        return this.#container(PackedType.MAP, u16At(bytes, at), next);
      case 0xdf:
        return this.#container(PackedType.MAP, i32At(bytes, at) >>> 0, next);
      default:
        return false;
    }
  }

  #bare(type: PackedType, next: number): boolean {
    this.type = type;
    this.next = next;
    return true;
  }

  #container(type: PackedType, count: number, next: number): boolean {
    this.type = type;
    this.count = count;
    this.next = next;
    return true;
  }

  #integer(type: PackedType, high: number, low: number, next: number): boolean {
    this.type = type;
    this.high = high;
    this.low = low;
    this.next = next;
    return true;
  }

  #signed(value: number, next: number): boolean {
    if (value < 0) return this.#integer(PackedType.NEGATIVE_INTEGER, -1, value, next);
    return this.#integer(PackedType.INTEGER, 0, value, next);
  }

  #bytes(bytes: Uint8Array, length: number, at: number, end: number): boolean {
    const next = at + length;
    if (next > end) return false;
    const prefix = length === 0 ? 0 : bytes[at]!;
    this.type =
      prefix === STRING_PREFIX ? PackedType.STRING : prefix === GEOJSON_PREFIX ? PackedType.GEOJSON : PackedType.BYTES;
    this.content = at;
    this.length = length;
    this.next = next;
    return true;
  }

  #extension(bytes: Uint8Array, length: number, at: number, end: number, comparable: boolean): boolean {
    const content = at + 1;
    if (content + length > end) return false;
    this.content = content;
    this.length = length;
    this.next = content + length;
    this.extensionType = bytes[at]!;
    this.type = PackedType.EXTENSION;
    if (comparable && length === 1 && this.extensionType === SPECIAL_EXTENSION) {
      const which = bytes[content]!;
      if (which < 2) this.type = which === 0 ? PackedType.WILDCARD : PackedType.INFINITY;
    }
    return true;
  }
}

/** An extension of another type than the specials' leads a list or map as its order marker. */
export function isOrderMarker(head: PackedHead): boolean {
  return head.type === PackedType.EXTENSION && head.extensionType !== SPECIAL_EXTENSION;
}

export function isInteger(type: PackedType): boolean {
  return type === PackedType.INTEGER || type === PackedType.NEGATIVE_INTEGER;
}

/** The integer that a head holds, as the 64-bit signed number the server takes it for. */
export function integerOf(head: PackedHead): bigint {
  return (BigInt(head.high) << 32n) | BigInt(head.low >>> 0);
}

/** The same as a number where that is safe, else as a bigint. */
export function numberOf({ high, low }: PackedHead): number | bigint {
  if (high === 0 && low >= 0) return low;
  if (high === -1 && low < 0) return low;
  // Beyond the safe integers the sum is rounded, but never into them.
  const sum = high * 0x1_0000_0000 + (low >>> 0);
  return Number.isSafeInteger(sum) ? sum : (BigInt(high) << 32n) | BigInt(low >>> 0);
}

const scratch = new DataView(new ArrayBuffer(8));

/** The double that a head stands for, of single or double precision. */
export function doubleOf({ content, length }: PackedHead, bytes: Uint8Array): number {
  scratch.setInt32(0, i32At(bytes, content));
  if (length === 4) return scratch.getFloat32(0);
  scratch.setInt32(4, i32At(bytes, content + 4));
  return scratch.getFloat64(0);
}

/** Reads the head of the value at hand and steps behind it: behind all of a scalar. Throws ProtocolError when there is none. */
export function takeHead(r: Reader, head: PackedHead): void {
  if (!head.read(r.bytes, r.at, r.end)) {
    throw new ProtocolError(`no packed value starts at byte ${r.at}, or it does not end by byte ${r.end}`);
  }
  r.at = head.next;
}

function u16At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function i32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
