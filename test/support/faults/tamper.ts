import { join } from "../join.js";
import { below, pick, type Random } from "./chance.js";

/** Sizes and counts that tempt a reader to believe them. */
const LIES = [0, 1, 2, 3, 21, 23, 255, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** What can be done to the bytes of replies, from a flipped bit to something else altogether. */
const MUTATIONS: readonly Mutation[] = [
  // Bits anywhere, and in the headers, where they hurt most
  (bytes, random) => flip(bytes, random, bytes.length),
  (bytes, random) => flip(bytes, random, 8),
  (bytes, random) => flip(bytes, random, 30),
  (bytes, random) => flip(bytes, random, 80),
  // Numbers that lie
  (bytes, random) => lie(bytes, random, 4),
  (bytes, random) => lie(bytes, random, 2),
  (bytes, random) => lie(bytes, random, 1),
  // The 48 bits of the proto's size: a little too short or too long, or far too long
  (bytes, random) => resize(bytes, (size) => size + pick(random, [-9, -4, -1, 1, 4, 9, 100_000])),
  (bytes, random) => resize(bytes, () => pick(random, [0, 2 ** 27, 2 ** 27 + 1, 2 ** 40, 2 ** 48 - 1])),
  // Bytes that are missing, too many, or come twice
  (bytes, random) => bytes.slice(0, below(random, bytes.length)),
  (bytes, random) => join(bytes, noise(random, 1 + below(random, 40))),
  (bytes) => join(bytes, bytes),
  (bytes, random) => {
    const at = below(random, bytes.length);
    return join(bytes.subarray(0, at), noise(random, 1 + below(random, 8)), bytes.subarray(at));
  },
  (bytes, random) => {
    const at = below(random, bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 8)));
  },
  // Another type of proto, another version
  (bytes, random) => set(bytes, 1, pick(random, [0, 1, 2, 3, 4, 5, 255])),
  (bytes, random) => set(bytes, 0, pick(random, [0, 1, 3, 255])),
  // A proto like the real one with nothing true in it
  (bytes, random) => join(bytes.subarray(0, 8), noise(random, bytes.length - 8)),
  (bytes, random) => join(bytes.subarray(0, 30), noise(random, Math.max(0, bytes.length - 30))),
  (_, random) => noise(random, 1 + below(random, 200)),
];

/** Other bytes than those that came, made of them. */
export function tamper(bytes: Uint8Array, random: Random): Uint8Array {
  return pick(random, MUTATIONS)(bytes, random);
}

function flip(bytes: Uint8Array, random: Random, within: number): Uint8Array {
  const flipped = bytes.slice();
  const count = 1 + below(random, 4);
  for (let i = 0; i < count; i++) {
    const at = below(random, Math.min(within, bytes.length));
    flipped[at] = (flipped[at] ?? 0) ^ (1 << below(random, 8));
  }
  return flipped;
}

function lie(bytes: Uint8Array, random: Random, width: number): Uint8Array {
  const lying = bytes.slice();
  const at = below(random, Math.max(1, bytes.length - width));
  const value = pick(random, LIES);
  for (let i = 0; i < width && at + i < lying.length; i++) lying[at + i] = value >>> (8 * (width - 1 - i));
  return lying;
}

function resize(bytes: Uint8Array, to: (size: number) => number): Uint8Array {
  if (bytes.length < 8) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = Math.max(0, to(view.getUint16(2) * 2 ** 32 + view.getUint32(4)));
  const resized = bytes.slice();
  const out = new DataView(resized.buffer);
  out.setUint16(2, Math.floor(size / 2 ** 32));
  out.setUint32(4, size % 2 ** 32);
  return resized;
}

function set(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length: Math.max(0, length) }, () => below(random, 256));
}
