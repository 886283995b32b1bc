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

/** A cursor over packed values; one object serves a whole walk. */
export class PackedHead {
  type: PackedType = PackedType.NIL;
  /** Elements of a list, pairs of a map, an order marker counted in both. */
  count = 0;
  /** Where the content of strings, blobs and extensions starts; a particle type byte belongs to the content. */
  content = 0;
  /** Bytes of the content. */
  length = 0;
  /** The two halves of an integer's 64 bits, unsigned. */
  high = 0;
  low = 0;
  double = 0;
  extensionType = 0;
  /** False when the same value has a shorter form; headers of the bin family are as good as the str family's of that size. */
  compact = true;
  /** Holds a wildcard, infinity or an extension reserved for such: never stored. */
  special = false;
  /** Where the next value starts: behind the whole of a scalar, behind the header of a container. */
  next = 0;

  /** Reads the head at `at`; false when it is no value or does not end by `end`. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (at >= end) return false;
    const head = bytes[at]!;
    this.compact = true;
    this.special = false;
    this.next = at + 1;
    if (head < 0x80) return this.#integer(PackedType.INTEGER, 0, head);
    if (head < 0x90) return this.#container(PackedType.MAP, head & 0x0f);
    if (head < 0xa0) return this.#container(PackedType.LIST, head & 0x0f);
    if (head < 0xc0) return this.#bytes(bytes, head & 0x1f, end);
    if (head >= 0xe0) return this.#integer(PackedType.NEGATIVE_INTEGER, 0xffff_ffff, (head | 0xffff_ff00) >>> 0);
    return this.#readLong(head, bytes, end);
  }

  #readLong(head: number, bytes: Uint8Array, end: number): boolean {
    switch (head) {
      case 0xc0:
        return this.#bare(PackedType.NIL);
      case 0xc2:
        return this.#bare(PackedType.FALSE);
      case 0xc3:
        return this.#bare(PackedType.TRUE);
      case 0xca:
      case 0xcb:
        return this.#float(bytes, head === 0xca ? 4 : 8, end);
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#unsigned(bytes, 1 << (head - 0xcc), end);
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#signed(bytes, 1 << (head - 0xd0), end);
      case 0xc4:
      case 0xc5:
      case 0xc6:
      case 0xd9:
      case 0xda:
      case 0xdb: {
        const size = 1 << (head < 0xd0 ? head - 0xc4 : head - 0xd9);
        if (this.next + size > end) return false;
        const length = unsignedAt(bytes, this.next, size);
        this.next += size;
        this.compact = length > longestShorter(size, 0x1f);
        return this.#bytes(bytes, length, end);
      }
      case 0xdc:
      case 0xdd:
      case 0xde:
      case 0xdf: {
        const size = head & 1 ? 4 : 2;
        if (this.next + size > end) return false;
        const count = unsignedAt(bytes, this.next, size);
        this.next += size;
        this.compact = count > (size === 2 ? 0x0f : 0xffff);
        return this.#container(head < 0xde ? PackedType.LIST : PackedType.MAP, count);
      }
      case 0xc7:
      case 0xc8:
      case 0xc9: {
        const size = 1 << (head - 0xc7);
        if (this.next + size > end) return false;
        const length = unsignedAt(bytes, this.next, size);
        this.next += size;
        this.compact = size === 1 ? !hasFixedForm(length) : length > longestShorter(size, 0);
        return this.#extension(bytes, length, end, size === 1);
      }
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(bytes, 1 << (head - 0xd4), end, true);
      default:
        return false;
    }
  }

  #bare(type: PackedType): boolean {
    this.type = type;
    return true;
  }

  #container(type: PackedType, count: number): boolean {
    this.type = type;
    this.count = count;
    return true;
  }

  #integer(type: PackedType, high: number, low: number): boolean {
    this.type = type;
    this.high = high;
    this.low = low;
    return true;
  }

  #unsigned(bytes: Uint8Array, size: number, end: number): boolean {
    const at = this.next;
    this.next += size;
    if (this.next > end) return false;
    const high = size === 8 ? unsignedAt(bytes, at, 4) : 0;
    const low = size === 8 ? unsignedAt(bytes, at + 4, 4) : unsignedAt(bytes, at, size);
    this.compact = size === 8 ? high > 0 : low > longestShorter(size, 0x7f);
    return this.#integer(PackedType.INTEGER, high, low);
  }

  #signed(bytes: Uint8Array, size: number, end: number): boolean {
    const at = this.next;
    this.next += size;
    if (this.next > end) return false;
    const negative = bytes[at]! >= 0x80;
    let high = negative ? 0xffff_ffff : 0;
    let low: number;
    if (size === 8) {
      high = unsignedAt(bytes, at, 4);
      low = unsignedAt(bytes, at + 4, 4);
      this.compact = negative && (high !== 0xffff_ffff || low < 0x8000_0000);
    } else {
      const raw = unsignedAt(bytes, at, size);
      low = negative ? (raw - 2 ** (8 * size)) >>> 0 : raw;
      const shortest = size === 1 ? 0xffff_ffe0 : size === 2 ? 0xffff_ff80 : 0xffff_8000;
      this.compact = negative && low < shortest;
    }
    return this.#integer(negative ? PackedType.NEGATIVE_INTEGER : PackedType.INTEGER, high, low);
  }

  #float(bytes: Uint8Array, size: number, end: number): boolean {
    const at = this.next;
    this.next += size;
    if (this.next > end) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
    this.type = PackedType.DOUBLE;
    this.double = size === 4 ? view.getFloat32(0) : view.getFloat64(0);
    return true;
  }

  #bytes(bytes: Uint8Array, length: number, end: number): boolean {
    this.content = this.next;
    this.length = length;
    this.next += length;
    if (this.next > end) return false;
    const prefix = length === 0 ? 0 : bytes[this.content]!;
    this.type =
      prefix === STRING_PREFIX ? PackedType.STRING : prefix === GEOJSON_PREFIX ? PackedType.GEOJSON : PackedType.BYTES;
    return true;
  }

  #extension(bytes: Uint8Array, length: number, end: number, comparable: boolean): boolean {
    this.content = this.next + 1;
    this.length = length;
    this.next = this.content + length;
    if (this.next > end) return false;
    this.extensionType = bytes[this.content - 1]!;
    this.type = PackedType.EXTENSION;
    if (this.extensionType === SPECIAL_EXTENSION && length > 0 && length < 4) {
      this.special = true;
      const which = bytes[this.content]!;
      if (comparable && length === 1 && which < 2) this.type = which === 0 ? PackedType.WILDCARD : PackedType.INFINITY;
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
  return BigInt.asIntN(64, (BigInt(head.high) << 32n) | BigInt(head.low));
}

function unsignedAt(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 0x100 + bytes[at + i]!;
  return value;
}

/** The greatest number that a field of fewer than `size` bytes can hold; `none` is what the head byte alone holds. */
function longestShorter(size: number, none: number): number {
  return size === 1 ? none : size === 2 ? 0xff : 0xffff;
}

function hasFixedForm(length: number): boolean {
  return length > 0 && length <= 16 && (length & (length - 1)) === 0;
}
