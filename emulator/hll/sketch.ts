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
    const register = Number(BigInt.asUintN(this.indexBits, first));
    const minhash = Number(BigInt.asUintN(this.minhashBits, first >> BigInt(this.indexBits)));
    return { register, rank: trailingZeros(second) + 1, minhash };
  }
}

function registerBytes(indexBits: number, minhashBits: number): number {
  return Math.ceil(((RANK_BITS + minhashBits) * 2 ** indexBits) / 8);
}

function trailingZeros(word: bigint): number {
  let zeros = 0;
  while (zeros < 64 && ((word >> BigInt(zeros)) & 1n) === 0n) zeros++;
  return zeros;
}

/** Fields of up to 51 bits, most significant first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, byteOffset: number) {
    this.#bytes = bytes;
    this.#at = byteOffset * 8;
  }

  read(size: number): number {
    let value = 0;
    for (let left = size; left > 0; ) {
      const inByte = 8 - (this.#at & 7);
      const taken = Math.min(inByte, left);
      const bits = (this.#bytes[this.#at >> 3]! >> (inByte - taken)) & ((1 << taken) - 1);
      value = value * 2 ** taken + bits;
      this.#at += taken;
      left -= taken;
    }
    return value;
  }
}

class BitWriter {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, byteOffset: number) {
    this.#bytes = bytes;
    this.#at = byteOffset * 8;
  }

  write(value: number, size: number): void {
    for (let left = size; left > 0; ) {
      const inByte = 8 - (this.#at & 7);
      const taken = Math.min(inByte, left);
      const bits = Math.floor(value / 2 ** (left - taken)) % 2 ** taken;
      this.#bytes[this.#at >> 3]! |= bits << (inByte - taken);
      this.#at += taken;
      left -= taken;
    }
  }
}
