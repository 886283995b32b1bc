// wyhash, final version 3, with the seed that servers use: 64 bits of a string or blob are its key in an index.

const MASK = 0xffff_ffff_ffff_ffffn;
const SECRET = [
  0xa076_1d64_78bd_642fn,
  0xe703_7ed1_a0b4_28dbn,
  0x8ebc_6af0_9c88_c6e3n,
  0x5899_65cc_7537_4cc3n,
] as const;
const SEED = 0x0002_9fbb_14cc_886fn ^ SECRET[0];

export function wyhash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = bytes.length;
  let seed = SEED;
  let a: bigint;
  let b: bigint;
  if (size <= 16) {
    [a, b] = shortEnds(view, size);
  } else {
    let at = 0;
    let left = size;
    if (left > 48) {
      let second = seed;
      let third = seed;
      do {
        seed = mix(u64(view, at) ^ SECRET[1], u64(view, at + 8) ^ seed);
        second = mix(u64(view, at + 16) ^ SECRET[2], u64(view, at + 24) ^ second);
        third = mix(u64(view, at + 32) ^ SECRET[3], u64(view, at + 40) ^ third);
        at += 48;
        left -= 48;
      } while (left > 48);
      seed ^= second ^ third;
    }
    for (; left > 16; left -= 16, at += 16) seed = mix(u64(view, at) ^ SECRET[1], u64(view, at + 8) ^ seed);
    a = u64(view, size - 16);
    b = u64(view, size - 8);
  }
  return mix(SECRET[1] ^ BigInt(size), mix(a ^ SECRET[1], b ^ seed));
}

function shortEnds(view: DataView, size: number): [bigint, bigint] {
  if (size >= 4) {
    const step = (size >> 3) << 2;
    return [(u32(view, 0) << 32n) | u32(view, step), (u32(view, size - 4) << 32n) | u32(view, size - 4 - step)];
  }
  if (size === 0) return [0n, 0n];
  const bits = (view.getUint8(0) << 16) | (view.getUint8(size >> 1) << 8) | view.getUint8(size - 1);
  return [BigInt(bits), 0n];
}

function mix(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & MASK) ^ (product >> 64n);
}

function u64(view: DataView, at: number): bigint {
  return view.getBigUint64(at, true);
}

function u32(view: DataView, at: number): bigint {
  return BigInt(view.getUint32(at, true));
}
