// Which word of the block each of the 80 steps takes, and by how many bits it rotates: one line for each of five rounds.
// biome-ignore format: a table
const LEFT_WORDS = Uint8Array.of(
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
  3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
  1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
  4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
);
// biome-ignore format: a table
const RIGHT_WORDS = Uint8Array.of(
  5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12,
  6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
  15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
  8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
  12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
);
// biome-ignore format: a table
const LEFT_BITS = Uint8Array.of(
  11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
  7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
  11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
  11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
  9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
);
// biome-ignore format: a table
const RIGHT_BITS = Uint8Array.of(
  8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
  9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
  9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
  15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
  8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
);

const BLOCK_SIZE = 64;
/** Behind them stands the length of the message. */
const LENGTH_AT = 56;

/** Hashing is synchronous, so all calls share the block and the state. */
const block = new Uint8Array(BLOCK_SIZE);
const words = new Int32Array(16);
const state = new Int32Array(5);

/**
 * RIPEMD-160, which every key is hashed with. `| 0` keeps all words within 32 bits, so that V8 computes with integers; rotations are
 * written out, so that it calls nothing.
 * @example ripemd160(new Uint8Array(0)) // 20 bytes: 9c1185a5c5e9fc54612808977ee8f548b2258d31
 */
export function ripemd160(message: Uint8Array): Uint8Array {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  state[4] = 0xc3d2e1f0;
  const { length } = message;
  let at = 0;
  let filled = 0;
  while (at < length) {
    block[filled++] = message[at++]!;
    if (filled < BLOCK_SIZE) continue;
    mix();
    filled = 0;
  }
  block[filled++] = 0x80;
  if (filled > LENGTH_AT) {
    block.fill(0, filled);
    mix();
    filled = 0;
  }
  block.fill(0, filled, LENGTH_AT);
  // In bits, as 64 of them.
  writeWord(block, LENGTH_AT, length << 3);
  writeWord(block, LENGTH_AT + 4, length >>> 29);
  mix();
  const digest = new Uint8Array(20);
  for (let i = 0; i < 5; i++) writeWord(digest, 4 * i, state[i]!);
  return digest;
}

/** Little endian, whatever the machine is. */
function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word;
  bytes[at + 1] = word >>> 8;
  bytes[at + 2] = word >>> 16;
  bytes[at + 3] = word >>> 24;
}

/** Two lines of 80 steps over the block, left and right, whose ends are added to the state. */
function mix(): void {
  for (let i = 0, at = 0; i < 16; i++, at += 4) {
    words[i] = block[at]! | (block[at + 1]! << 8) | (block[at + 2]! << 16) | (block[at + 3]! << 24);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let a2 = a;
  let b2 = b;
  let c2 = c;
  let d2 = d;
  let e2 = e;
  let i = 0;
  let step = 0;
  let bits = 0;
  // Five rounds: five functions of three words, forwards on the left and backwards on the right, and a constant for each.
  for (; i < 16; i++) {
    step = (a + (b ^ c ^ d) + words[LEFT_WORDS[i]!]!) | 0;
    bits = LEFT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e) | 0;
    a = e;
    e = d;
    d = (c << 10) | (c >>> 22);
    c = b;
    b = step;
    step = (a2 + (b2 ^ (c2 | ~d2)) + words[RIGHT_WORDS[i]!]! + 0x50a28be6) | 0;
    bits = RIGHT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e2) | 0;
    a2 = e2;
    e2 = d2;
    d2 = (c2 << 10) | (c2 >>> 22);
    c2 = b2;
    b2 = step;
  }
  for (; i < 32; i++) {
    step = (a + ((b & c) | (~b & d)) + words[LEFT_WORDS[i]!]! + 0x5a827999) | 0;
    bits = LEFT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e) | 0;
    a = e;
    e = d;
    d = (c << 10) | (c >>> 22);
    c = b;
    b = step;
    step = (a2 + ((b2 & d2) | (c2 & ~d2)) + words[RIGHT_WORDS[i]!]! + 0x5c4dd124) | 0;
    bits = RIGHT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e2) | 0;
    a2 = e2;
    e2 = d2;
    d2 = (c2 << 10) | (c2 >>> 22);
    c2 = b2;
    b2 = step;
  }
  for (; i < 48; i++) {
    step = (a + ((b | ~c) ^ d) + words[LEFT_WORDS[i]!]! + 0x6ed9eba1) | 0;
    bits = LEFT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e) | 0;
    a = e;
    e = d;
    d = (c << 10) | (c >>> 22);
    c = b;
    b = step;
    step = (a2 + ((b2 | ~c2) ^ d2) + words[RIGHT_WORDS[i]!]! + 0x6d703ef3) | 0;
    bits = RIGHT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e2) | 0;
    a2 = e2;
    e2 = d2;
    d2 = (c2 << 10) | (c2 >>> 22);
    c2 = b2;
    b2 = step;
  }
  for (; i < 64; i++) {
    step = (a + ((b & d) | (c & ~d)) + words[LEFT_WORDS[i]!]! + 0x8f1bbcdc) | 0;
    bits = LEFT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e) | 0;
    a = e;
    e = d;
    d = (c << 10) | (c >>> 22);
    c = b;
    b = step;
    step = (a2 + ((b2 & c2) | (~b2 & d2)) + words[RIGHT_WORDS[i]!]! + 0x7a6d76e9) | 0;
    bits = RIGHT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e2) | 0;
    a2 = e2;
    e2 = d2;
    d2 = (c2 << 10) | (c2 >>> 22);
    c2 = b2;
    b2 = step;
  }
  for (; i < 80; i++) {
    step = (a + (b ^ (c | ~d)) + words[LEFT_WORDS[i]!]! + 0xa953fd4e) | 0;
    bits = LEFT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e) | 0;
    a = e;
    e = d;
    d = (c << 10) | (c >>> 22);
    c = b;
    b = step;
    step = (a2 + (b2 ^ c2 ^ d2) + words[RIGHT_WORDS[i]!]!) | 0;
    bits = RIGHT_BITS[i]!;
    step = (((step << bits) | (step >>> (32 - bits))) + e2) | 0;
    a2 = e2;
    e2 = d2;
    d2 = (c2 << 10) | (c2 >>> 22);
    c2 = b2;
    b2 = step;
  }
  const first = state[0]!;
  state[0] = state[1]! + c + d2;
  state[1] = state[2]! + d + e2;
  state[2] = state[3]! + e + a2;
  state[3] = state[4]! + a + b2;
  state[4] = first + b + c2;
}
