import { Word } from "./word.js";

// MurmurHash3, the variant of 128 bits for 64-bit machines, with seed 0.

const C1 = [0x87c37b91, 0x114253d5] as const;
const C2 = [0x4cf5ad43, 0x2745937f] as const;

const word = new Word();
const tail = new DataView(new ArrayBuffer(16));

/** Writes the hash: its first and its second little-endian word. */
export function murmur3(bytes: Uint8Array, h1: Word, h2: Word): void {
  const blocks = bytes.length >> 4;
  h1.set(0, 0);
  h2.set(0, 0);
  const view = blocks === 0 ? tail : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let block = 0; block < blocks; block++) {
    mixFirst(h1, view, block * 16);
    h1.rotateLeft(27);
    h1.add(h2.high, h2.low);
    h1.multiply(0, 5);
    h1.add(0, 0x52dce729);
    mixSecond(h2, view, block * 16 + 8);
    h2.rotateLeft(31);
    h2.add(h1.high, h1.low);
    h2.multiply(0, 5);
    h2.add(0, 0x38495ab5);
  }
  for (let i = 0; i < 16; i++) tail.setUint8(i, bytes[blocks * 16 + i] ?? 0);
  mixFirst(h1, tail, 0);
  mixSecond(h2, tail, 8);
  h1.xor(0, bytes.length);
  h2.xor(0, bytes.length);
  h1.add(h2.high, h2.low);
  h2.add(h1.high, h1.low);
  finalize(h1);
  finalize(h2);
  h1.add(h2.high, h2.low);
  h2.add(h1.high, h1.low);
}

function mixFirst(h: Word, view: DataView, at: number): void {
  mix(h, view, at, C1, 31, C2);
}

function mixSecond(h: Word, view: DataView, at: number): void {
  mix(h, view, at, C2, 33, C1);
}

function mix(
  h: Word,
  view: DataView,
  at: number,
  before: readonly [number, number],
  turn: number,
  after: readonly [number, number],
): void {
  word.load(view, at);
  word.multiply(before[0], before[1]);
  word.rotateLeft(turn);
  word.multiply(after[0], after[1]);
  h.xor(word.high, word.low);
}

function finalize(h: Word): void {
  foldUpper(h);
  h.multiply(0xff51afd7, 0xed558ccd);
  foldUpper(h);
  h.multiply(0xc4ceb9fe, 0x1a85ec53);
  foldUpper(h);
}

/** h ^ (h >>> 33) */
function foldUpper(h: Word): void {
  h.xor(0, h.high >>> 1);
}
