// MurmurHash3, the variant of 128 bits for 64-bit machines, with seed 0.

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

/** The two little-endian words of the hash. */
export function murmur3(bytes: Uint8Array): readonly [bigint, bigint] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length >> 4;
  let h1 = 0n;
  let h2 = 0n;
  for (let block = 0; block < blocks; block++) {
    h1 ^= mixFirst(view.getBigUint64(block * 16, true));
    h1 = wrap(rotate(h1, 27n) + h2);
    h1 = wrap(h1 * 5n + 0x52dce729n);
    h2 ^= mixSecond(view.getBigUint64(block * 16 + 8, true));
    h2 = wrap(rotate(h2, 31n) + h1);
    h2 = wrap(h2 * 5n + 0x38495ab5n);
  }
  const tail = new DataView(new ArrayBuffer(16));
  for (let i = blocks * 16; i < bytes.length; i++) tail.setUint8(i - blocks * 16, bytes[i]!);
  h1 ^= mixFirst(tail.getBigUint64(0, true));
  h2 ^= mixSecond(tail.getBigUint64(8, true));
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = wrap(h1 + h2);
  h2 = wrap(h2 + h1);
  h1 = finalize(h1);
  h2 = finalize(h2);
  h1 = wrap(h1 + h2);
  return [h1, wrap(h2 + h1)];
}

function mixFirst(word: bigint): bigint {
  return wrap(rotate(wrap(word * C1), 31n) * C2);
}

function mixSecond(word: bigint): bigint {
  return wrap(rotate(wrap(word * C2), 33n) * C1);
}

function finalize(word: bigint): bigint {
  let h = word;
  h ^= h >> 33n;
  h = wrap(h * 0xff51afd7ed558ccdn);
  h ^= h >> 33n;
  h = wrap(h * 0xc4ceb9fe1a85ec53n);
  return h ^ (h >> 33n);
}

function rotate(word: bigint, by: bigint): bigint {
  return wrap((word << by) | (word >> (64n - by)));
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
