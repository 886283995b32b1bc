import { comparePacked } from "../../../emulator/packed/order.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import {
  packBigint,
  packBytes,
  packDouble,
  packListHeader,
  packMapHeader,
  packString,
} from "../../../protocol/value/pack.js";
import { ParticleType } from "../../../protocol/value/particle-type.js";
import type { Random } from "./random.js";

// Random values in the form in which the server stores them: canonical MessagePack, ordered containers in order.

const INTEGERS = [0n, 1n, 2n, 3n, 5n, -1n, -2n, 7n, 63n, 64n, 127n, 128n, 255n, 256n, 65535n, 2n ** 31n, 2n ** 32n];
const EXTREMES = [
  2n ** 53n,
  -(2n ** 53n) - 1n,
  2n ** 62n,
  -(2n ** 62n),
  2n ** 63n - 1n,
  -(2n ** 63n),
  -(2n ** 31n) - 1n,
];
const DOUBLES = [0, -0, 1, 1.5, -2.25, 0.1, 3, 1e10, -1e300, 5e-324, 1e19, -1e19, Number.NaN, Infinity, -Infinity];
const STRINGS = ["", "a", "b", "ab", "abc", "B", "x", "hello world", "Grüße", "aa", "😀", "z".repeat(40)];
const POINTS = ["[0.0, 0.0]", "[10.0, 10.0]", "[-122.0, 37.5]", "[0.5, 0.5]"];
const REGIONS = [
  '{"type": "AeroCircle", "coordinates": [[0.0, 0.0], 100000]}',
  '{"type": "Polygon", "coordinates": [[[0,0],[0,20],[20,20],[20,0],[0,0]]]}',
  '{"type": "Polygon", "coordinates": [[[-123,37],[-121,37],[-121,38],[-123,38],[-123,37]]]}',
];

export function randomInteger(random: Random): bigint {
  if (random.oneIn(12)) return random.pick(EXTREMES);
  return random.oneIn(2) ? random.pick(INTEGERS) : BigInt(random.between(-20, 20));
}

export function randomDouble(random: Random): number {
  return random.oneIn(2) ? random.pick(DOUBLES) : random.between(-40, 40) / 4;
}

export function randomString(random: Random): string {
  return random.oneIn(3)
    ? String.fromCharCode(97 + random.below(4)).repeat(random.between(1, 3))
    : random.pick(STRINGS);
}

export function randomBlob(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.below(6) }, () => random.pick([0, 1, 0x0f, 0x80, 0xff, random.below(256)]));
}

export function randomGeoJson(random: Random): string {
  return random.oneIn(2) ? `{"type": "Point", "coordinates": ${random.pick(POINTS)}}` : random.pick(REGIONS);
}

/** A packed value of any type that an element can have. */
export function randomElement(random: Random, depth = 2): Uint8Array {
  const w = new Writer(32);
  const kind = random.below(depth > 0 ? 14 : 11);
  if (kind < 5) packBigint(w, random.oneIn(8) ? randomInteger(random) : BigInt(random.between(-5, 9)));
  else if (kind < 7) packString(w, randomString(random));
  // A NaN has no place in an order.
  else if (kind === 7) packDouble(w, randomDouble(random) || 0.5);
  else if (kind === 8) w.u8(random.pick([0xc0, 0xc2, 0xc3]));
  else if (kind === 9) packBytes(w, randomBlob(random), ParticleType.BLOB);
  else if (kind === 10) packBytes(w, new TextEncoder().encode(randomGeoJson(random)), ParticleType.GEOJSON);
  else w.bytes(random.oneIn(2) ? randomList(random, depth - 1) : randomMap(random, depth - 1));
  return w.take();
}

/** A packed list; one in three is ordered. */
export function randomList(random: Random, depth = 2): Uint8Array {
  const elements = Array.from({ length: random.below(6) }, () => randomElement(random, depth));
  const ordered = random.oneIn(3);
  if (ordered) elements.sort((a, b) => comparePacked(a, b));
  const w = new Writer(64);
  packListHeader(w, elements.length + (ordered ? 1 : 0));
  if (ordered) w.bytes(Uint8Array.of(0xc7, 0, 1));
  for (const element of elements) w.bytes(element);
  return w.take();
}

/** A packed list of integers alone, as arithmetic-minded operations want it. */
export function randomIntegerList(random: Random): Uint8Array {
  const w = new Writer(32);
  const count = random.below(5);
  packListHeader(w, count);
  for (let i = 0; i < count; i++) packBigint(w, BigInt(random.between(-3, 6)));
  return w.take();
}

/** A packed map with its keys in order; most carry a marker that says so. */
export function randomMap(random: Random, depth = 2): Uint8Array {
  const keys = distinct(Array.from({ length: random.below(5) }, () => randomKey(random)));
  const marker = random.pick([1, 1, 1, 3, 0]);
  const w = new Writer(64);
  packMapHeader(w, keys.length + (marker === 0 ? 0 : 1));
  if (marker !== 0) w.bytes(Uint8Array.of(0xc7, 0, marker, 0xc0));
  for (const key of keys) {
    w.bytes(key);
    w.bytes(randomElement(random, depth));
  }
  return w.take();
}

/** A packed map key, of few enough different ones that operations hit. */
export function randomKey(random: Random): Uint8Array {
  const w = new Writer(16);
  const kind = random.below(8);
  if (kind < 4) packBigint(w, BigInt(random.between(-2, 5)));
  else if (kind < 7) packString(w, random.pick(["a", "b", "c", "ab"]));
  else packBytes(w, Uint8Array.of(random.below(3)), ParticleType.BLOB);
  return w.take();
}

/** In the server's order, each value once. */
export function distinct(values: readonly Uint8Array[]): Uint8Array[] {
  const sorted = values.toSorted((a, b) => comparePacked(a, b));
  return sorted.filter((value, i) => {
    const before = sorted[i - 1];
    return before === undefined || comparePacked(before, value) !== 0;
  });
}
