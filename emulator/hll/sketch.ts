import { murmur3 } from "./murmur3.js";
import { HEADER_SIZE, REGISTER_ROOM, readRegisters, registerBytes, writeRegisters } from "./registers.js";
import { Word } from "./word.js";

// A sketch, the value of an HLL bin:
//   u8 flags = 0 · u8 index bits n · u8 minhash bits m · u64le cached count, 0 for none
//   2^n registers of 6 + m bits, most significant first: the rank, then the minhash

export const MAX_INDEX_BITS = 16;

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
    readRegisters(sketch, bytes);
    return sketch;
  }

  write(): Uint8Array {
    // With room for the last register to be written as eight bytes.
    const bytes = new Uint8Array(HEADER_SIZE + registerBytes(this.indexBits, this.minhashBits) + REGISTER_ROOM);
    bytes[1] = this.indexBits;
    bytes[2] = this.minhashBits;
    new DataView(bytes.buffer).setBigUint64(3, this.cache, true);
    writeRegisters(this, bytes);
    return bytes.slice(0, -REGISTER_ROOM);
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
    murmur3(element, first, second);
    const { high, low } = first;
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

/** Where elements are hashed. */
const first = new Word();
const second = new Word();

function trailingZeros({ high, low }: Word): number {
  if (low !== 0) return 31 - Math.clz32(low & -low);
  return high === 0 ? 64 : 63 - Math.clz32(high & -high);
}
