import { murmur3 } from "./murmur3.js";

// A sketch, the value of an HLL bin:
//   u8 flags = 0 · u8 index bits n · u8 minhash bits m · u64le cached count, 0 for none
//   2^n registers of 6 + m bits, most significant first: the rank, then the minhash

export const HEADER_SIZE = 11;
export const MAX_INDEX_BITS = 16;
const RANK_BITS = 6;

export function areIndexBits(bits: number): boolean {
  return bits >= 4 && bits <= MAX_INDEX_BITS;
}

export function areMinhashBits(bits: number): boolean {
  return bits === 0 || (bits >= 4 && bits <= 51);
}

export function fitTogether(indexBits: number, minhashBits: number): boolean {
  return areIndexBits(indexBits) && areMinhashBits(minhashBits) && indexBits + minhashBits <= 64;
}

/** A HyperLogLog sketch with its registers taken apart; a minhash of 51 bits is exact in a number. */
export class Sketch {
  readonly indexBits: number;
  readonly minhashBits: number;
  readonly ranks: Uint8Array;
  readonly minhashes: Float64Array;
  /** The count as it was last asked to be kept; 0 when something changed since. */
  cache = 0n;

  constructor(indexBits: number, minhashBits: number) {
    this.indexBits = indexBits;
    this.minhashBits = minhashBits;
    this.ranks = new Uint8Array(2 ** indexBits);
    this.minhashes = new Float64Array(2 ** indexBits);
  }

  get size(): number {
    return this.ranks.length;
  }

  /** Undefined when the bytes are no sketch. The combination of index and minhash bits is the caller's to judge. */
  static read(bytes: Uint8Array): Sketch | undefined {
    const [flags, indexBits, minhashBits] = bytes;
    if (flags !== 0 || indexBits === undefined || minhashBits === undefined) return undefined;
    if (!areIndexBits(indexBits) || !areMinhashBits(minhashBits)) return undefined;
    const sketch = new Sketch(indexBits, minhashBits);
    if (bytes.length !== HEADER_SIZE + registerBytes(indexBits, minhashBits)) return undefined;
    sketch.cache = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(3, true);
    const bits = new BitReader(bytes, HEADER_SIZE);
    for (let r = 0; r < sketch.size; r++) {
      sketch.ranks[r] = bits.read(RANK_BITS);
      sketch.minhashes[r] = bits.read(minhashBits);
    }
    return sketch;
  }

  write(): Uint8Array {
    const bytes = new Uint8Array(HEADER_SIZE + registerBytes(this.indexBits, this.minhashBits));
    bytes[1] = this.indexBits;
    bytes[2] = this.minhashBits;
    new DataView(bytes.buffer).setBigUint64(3, this.cache, true);
    const bits = new BitWriter(bytes, HEADER_SIZE);
    for (let r = 0; r < this.size; r++) {
      bits.write(this.ranks[r]!, RANK_BITS);
      bits.write(this.minhashes[r]!, this.minhashBits);
    }
    return bytes;
  }

  /** Adds an element, packed as it was sent; true when that raised a register. */
  add(element: Uint8Array): boolean {
    const { register, rank, minhash } = this.#hash(element);
    if (!this.raise(register, rank, minhash)) return false;
    this.cache = 0n;
    return true;
  }

  mayContain(element: Uint8Array): boolean {
    const { register, rank, minhash } = this.#hash(element);
    return !this.#isBelow(register, rank, minhash);
  }

  /** Sets a register unless it is as great already. */
  raise(register: number, rank: number, minhash: number): boolean {
    if (!this.#isBelow(register, rank, minhash)) return false;
    this.ranks[register] = rank;
    this.minhashes[register] = minhash;
    return true;
  }

  #isBelow(register: number, rank: number, minhash: number): boolean {
    const difference = rank - this.ranks[register]!;
    return difference === 0 ? minhash > this.minhashes[register]! : difference > 0;
  }

  #hash(element: Uint8Array): { readonly register: number; readonly rank: number; readonly minhash: number } {
    const [first, second] = murmur3(element);
    const [high, low] = halves(first);
    const { indexBits, minhashBits } = this;
    const fromLow = 32 - indexBits;
    // The bits above the register's number; those of the upper half only as far as they are asked for.
    const minhash =
      minhashBits <= fromLow
        ? (low >>> indexBits) % 2 ** minhashBits
        : (low >>> indexBits) + (high % 2 ** (minhashBits - fromLow)) * 2 ** fromLow;
    return { register: low % 2 ** indexBits, rank: trailingZeros(second) + 1, minhash };
  }
}

function registerBytes(indexBits: number, minhashBits: number): number {
  return Math.ceil(((RANK_BITS + minhashBits) * 2 ** indexBits) / 8);
}

/** The upper and the lower 32 bits. */
function halves(word: bigint): readonly [number, number] {
  return [Number(word >> 32n), Number(word & 0xffff_ffffn)];
}

function trailingZeros(word: bigint): number {
  const [high, low] = halves(word);
  if (low !== 0) return 31 - Math.clz32(low & -low);
  return high === 0 ? 64 : 63 - Math.clz32(high & -high);
}

/** Most bits that are moved at a time: wherever they start, four bytes hold them. */
const PIECE = 24;

/** Reads fields of up to 51 bits, most significant first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** @param room what may be read past the end, as zeros, so that four bytes can be read anywhere */
  constructor(bytes: Uint8Array, byteOffset: number, room = 4) {
    this.#bytes = new Uint8Array(bytes.length - byteOffset + room);
    this.#bytes.set(bytes.subarray(byteOffset));
  }

  read(size: number): number {
    if (size <= PIECE) return this.#piece(size);
    const low = size - PIECE;
    const high = this.#piece(PIECE);
    return low <= PIECE
      ? high * 2 ** low + this.#piece(low)
      : (high * 2 ** PIECE + this.#piece(PIECE)) * 2 ** (low - PIECE) + this.#piece(low - PIECE);
  }

  #piece(size: number): number {
    if (size === 0) return 0;
    const bytes = this.#bytes;
    const byte = this.#at >>> 3;
    const word = (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!;
    const value = (word << (this.#at & 7)) >>> (32 - size);
    this.#at += size;
    return value;
  }
}

/** Writes fields of up to 51 bits, most significant first, into bytes that are zero. */
class BitWriter {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, byteOffset: number) {
    this.#bytes = bytes;
    this.#at = byteOffset * 8;
  }

  write(value: number, size: number): void {
    if (size <= PIECE) {
      this.#piece(value, size);
      return;
    }
    // As much as is not one of the last two pieces, then these.
    const low = 2 ** PIECE;
    if (size > 2 * PIECE) this.#piece(Math.floor(value / (low * low)), size - 2 * PIECE);
    this.#piece(Math.floor(value / low) % low, Math.min(size - PIECE, PIECE));
    this.#piece(value % low, PIECE);
  }

  #piece(value: number, size: number): void {
    if (size === 0) return;
    const bytes = this.#bytes;
    const byte = this.#at >>> 3;
    const word = value << (32 - size - (this.#at & 7));
    // What would lie past the end is zero, and dropped by the array.
    bytes[byte]! |= word >>> 24;
    bytes[byte + 1]! |= word >>> 16;
    bytes[byte + 2]! |= word >>> 8;
    bytes[byte + 3]! |= word;
    this.#at += size;
  }
}
