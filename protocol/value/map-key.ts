import type { MapKey } from "./value.js";

/** The server's order of map keys: integers, then strings, then blobs, each by value. */
export function compareMapKeys(a: MapKey, b: MapKey): number {
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  const rankA = rank(a);
  const rankB = rank(b);
  if (rankA !== rankB) return rankA - rankB;
  if (typeof a === "object" && typeof b === "object") return compareBytes(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(key: MapKey): number {
  if (typeof key === "string") return 1;
  return typeof key === "object" ? 2 : 0;
}

/** The order of the UTF-8 bytes, which JavaScript's own `<` misses where surrogate pairs meet U+E000 to U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return codePointRank(unitA) - codePointRank(unitB);
  }
  return a.length - b.length;
}

/** Lifts surrogates above the rest of the basic plane. */
function codePointRank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** memcmp, then length. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
