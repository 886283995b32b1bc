import { HEADER_SIZE } from "./registers.js";
import { MAX_INDEX_BITS, Sketch } from "./sketch.js";

/** Ranks go up to 64, one more than a hash word has bits to leave out. */
const MAX_RANK = 64;

/** How many different elements were added: Otmar Ertl, "New cardinality estimation algorithms", algorithm 6. */
export function count(sketch: Sketch): bigint {
  if (sketch.cache !== 0n) return sketch.cache;
  const registers = sketch.size;
  const histogram: number[] = new Array(MAX_RANK + 1).fill(0);
  for (const rank of sketch.ranks) histogram[rank]!++;
  let z = registers * tau(histogram[MAX_RANK]! / registers);
  for (let rank = MAX_RANK; rank > 0; rank--) z = 0.5 * (z + histogram[rank]!);
  z += registers * sigma(histogram[0]! / registers);
  return toCount((alpha(sketch.indexBits) * registers * registers) / z);
}

/** Rounded; what has no signed 64-bit integer, as only a made-up sketch can come to, is 2^63. */
function toCount(estimate: number): bigint {
  return estimate < 2 ** 63 ? BigInt(Math.round(estimate)) : 1n << 63n;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - x;
  for (;;) {
    const before = z;
    x = Math.sqrt(x);
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
    if (z === before) return z / 3;
  }
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let y = 1;
  let z = x;
  for (;;) {
    const before = z;
    x *= x;
    z += x * y;
    y += y;
    if (z === before) return z;
  }
}

function alpha(indexBits: number): number {
  switch (indexBits) {
    case 4:
      return 0.673;
    case 5:
      return 0.697;
    case 6:
      return 0.709;
    default:
      return 0.7213 / (1 + 1.079 / 2 ** indexBits);
  }
}

/** The bits that sketches can be brought down to: the fewest index bits; minhash bits where they agree. */
export function commonBits(sketches: readonly Sketch[]): { readonly indexBits: number; readonly minhashBits: number } {
  const indexBits = sketches.reduce((least, sketch) => Math.min(least, sketch.indexBits), MAX_INDEX_BITS);
  const minhashBits = sketches[0]?.minhashBits ?? 0;
  const agree = sketches.every((sketch) => sketch.minhashBits === minhashBits);
  return { indexBits, minhashBits: agree ? minhashBits : 0 };
}

export function union(sketches: readonly Sketch[]): Sketch {
  const { indexBits, minhashBits } = commonBits(sketches);
  const merged = new Sketch(indexBits, minhashBits);
  for (const sketch of sketches) mergeInto(merged, sketch);
  return merged;
}

/** Raises the registers of one sketch to those of another with as many index bits or more. */
export function mergeInto(merged: Sketch, sketch: Sketch): void {
  const mask = merged.size - 1;
  const { ranks, minhashes } = sketch;
  const hasMinhashes = merged.minhashBits > 0;
  // Most registers of most sketches are empty, and raise none.
  for (let r = 0; r < ranks.length; r++) {
    if (ranks[r] !== 0 || minhashes[r] !== 0) merged.raise(r & mask, ranks[r]!, hasMinhashes ? minhashes[r]! : 0);
  }
}

export function intersectCount(sketches: readonly StoredSketch[]): bigint {
  const all = sketches.map(({ sketch }) => sketch);
  if (commonBits(all).minhashBits === 0) return countByExclusion(sketches);
  const share = similarity(sketches);
  return Number.isNaN(share) ? 0n : toCount(Number(count(union(all))) * share);
}

/** A sketch and the bytes that it was read from. */
export interface StoredSketch {
  readonly sketch: Sketch;
  readonly bytes: Uint8Array;
}

/** The intersection of two or three sketches without minhashes: by inclusion and exclusion, which errs to below 0. */
function countByExclusion(sketches: readonly StoredSketch[]): bigint {
  const all = sketches.map(({ sketch }) => sketch);
  const together = count(union(all));
  let apart = 0n;
  for (const sketch of all) apart += count(sketch);
  const [a, b, c] = sketches;
  if (a === undefined || b === undefined) return together;
  const shared = c === undefined ? 0n : intersectCount([a, b]) + intersectCount([b, c]) + intersectCount([a, c]);
  const result = c === undefined ? apart - together : together - (apart - shared);
  return result < 0n ? 0n : result;
}

/** The share of the union that is in all sketches (Yu and Weber, "HyperMinHash"); NaN when all are empty. */
export function similarity(sketches: readonly StoredSketch[]): number {
  const all = sketches.map(({ sketch }) => sketch);
  const common = commonBits(all);
  if (common.minhashBits === 0) return Number(countByExclusion(sketches)) / Number(count(union(all)));
  const filled = sketches.filter(hasData).length;
  if (filled < sketches.length) return filled === 0 ? Number.NaN : 0;
  const shared = new Sketch(common.indexBits, common.minhashBits);
  for (const [i, sketch] of all.entries()) {
    if (i === 0) mergeInto(shared, sketch);
    else keepEqual(shared, sketch);
  }
  const [first, second] = all;
  const isPair = all.length === 2 && first !== undefined && second !== undefined;
  const expected = isPair ? collisions(common, Number(count(first)), Number(count(second))) : 0;
  return Math.max((usedRegisters(shared) - expected) / usedRegisters(union(all)), 0);
}

/** The server looks for data in the first 2^n bytes of the registers alone, and finds a sketch with little in it empty. */
function hasData({ sketch, bytes }: StoredSketch): boolean {
  return bytes.subarray(HEADER_SIZE, HEADER_SIZE + sketch.size).some((byte) => byte !== 0);
}

function keepEqual(shared: Sketch, sketch: Sketch): void {
  const mask = shared.size - 1;
  for (let r = 0; r < sketch.size; r++) {
    const at = r & mask;
    if (shared.ranks[at] === sketch.ranks[r] && shared.minhashes[at] === sketch.minhashes[r]) continue;
    shared.ranks[at] = 0;
    shared.minhashes[at] = 0;
  }
}

function usedRegisters(sketch: Sketch): number {
  let used = 0;
  for (let r = 0; r < sketch.size; r++) if (sketch.ranks[r] !== 0 || sketch.minhashes[r] !== 0) used++;
  return used;
}

/** How many registers of two sets that share nothing are equal by chance. */
function collisions(bits: { readonly indexBits: number; readonly minhashBits: number }, a: number, b: number): number {
  const registers = 2 ** bits.indexBits;
  let chance = 0;
  for (let rank = 1; rank <= MAX_RANK; rank++) {
    const low = (rank === MAX_RANK ? 0 : 2 ** -rank) / registers;
    const high = 2 ** (1 - rank) / registers;
    chance += ((1 - low) ** a - (1 - high) ** a) * ((1 - low) ** b - (1 - high) ** b);
  }
  return (chance * registers) / 2 ** bits.minhashBits;
}
