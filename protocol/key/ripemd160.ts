import { mix } from "./ripemd160-mix.js";

const BLOCK_SIZE = 64;
/** Words of the length of the message, which stands at the end of the last block. */
const LENGTH_AT = 14;

/** Hashing is synchronous, so all calls share the block and the state. */
const words = new Int32Array(16);
const state = new Int32Array(5);

/**
 * RIPEMD-160, which every key is hashed with.
 * @param length how many of the bytes are the message
 * @example ripemd160(new Uint8Array(0)) // 20 bytes: 9c1185a5c5e9fc54612808977ee8f548b2258d31
 */
export function ripemd160(bytes: Uint8Array, length = bytes.length): Uint8Array {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  state[4] = 0xc3d2e1f0;
  let at = 0;
  for (; at + BLOCK_SIZE <= length; at += BLOCK_SIZE) {
    for (let i = 0, from = at; i < 16; i++, from += 4) {
      words[i] = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
    }
    mix(state, words);
  }
  clear();
  let filled = 0;
  for (; at < length; at++, filled++) words[filled >> 2]! |= bytes[at]! << ((filled & 3) << 3);
  words[filled >> 2]! |= 0x80 << ((filled & 3) << 3);
  if (filled >> 2 >= LENGTH_AT) {
    mix(state, words);
    clear();
  }
  // In bits, as 64 of them.
  words[LENGTH_AT] = length << 3;
  words[LENGTH_AT + 1] = length >>> 29;
  mix(state, words);
  const digest = new Uint8Array(20);
  for (let i = 0, to = 0; i < 5; i++, to += 4) {
    const word = state[i]!;
    digest[to] = word;
    digest[to + 1] = word >>> 8;
    digest[to + 2] = word >>> 16;
    digest[to + 3] = word >>> 24;
  }
  return digest;
}

/** A loop, for so few words a call of `fill` takes longer. */
function clear(): void {
  for (let i = 0; i < 16; i++) words[i] = 0;
}
