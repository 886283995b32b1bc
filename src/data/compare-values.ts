import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import { compareBytes, compareCodePoints } from "../../protocol/value/map-key.js";
import { isBytes } from "../../protocol/value/pack.js";

/**
 * Compares values of bins in the order of the server: nothing, booleans, numbers, strings, lists, maps, bytes, GeoJSON.
 * Except that numbers are compared by value, where the server puts all doubles behind bytes; NaN comes before the others.
 * @returns less than 0, 0 or more than 0, as `Array.sort` wants it
 */
export function compareValues(a: unknown, b: unknown): number {
  const rankA = rankOf(a);
  const rankB = rankOf(b);
  if (rankA !== rankB) return rankA - rankB;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (a instanceof GeoJson && b instanceof GeoJson) return compareCodePoints(a.text, b.text);
  const bytesA = bytesOf(a);
  const bytesB = bytesOf(b);
  if (bytesA !== undefined && bytesB !== undefined) return compareBytes(bytesA, bytesB);
  if (isObject(a) && isObject(b)) return compareMaps(entriesOf(a), entriesOf(b));
  return 0;
}

const Rank = { NOTHING: 0, BOOLEAN: 1, NUMBER: 2, STRING: 3, LIST: 4, MAP: 5, BYTES: 6, GEOJSON: 7 } as const;

function rankOf(value: unknown): number {
  if (value === undefined || value === null) return Rank.NOTHING;
  if (isNumber(value)) return Rank.NUMBER;
  if (typeof value === "string") return Rank.STRING;
  if (typeof value === "boolean") return Rank.BOOLEAN;
  if (Array.isArray(value)) return Rank.LIST;
  if (bytesOf(value) !== undefined) return Rank.BYTES;
  return value instanceof GeoJson ? Rank.GEOJSON : Rank.MAP;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // biome-ignore lint/suspicious/noSelfCompare: NaN alone differs from itself, and a bigint is none.
  return Number(b !== b) - Number(a !== a) || 0;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Hll) return value.bytes;
  return isObject(value) && isBytes(value) ? value : undefined;
}

/** Element by element; of two that agree as far as the shorter one goes, it comes first. */
function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** The one of fewer entries first, then entry by entry: key, value. */
function compareMaps(a: readonly (readonly unknown[])[], b: readonly (readonly unknown[])[]): number {
  return a.length - b.length || compareLists(a, b);
}

/** In key order, as servers send them; an object of JavaScript has keys that look like indexes before the others. */
function entriesOf(map: object): readonly (readonly unknown[])[] {
  const entries: [unknown, unknown][] = map instanceof Map ? [...map] : Object.entries(map);
  return entries.sort(([a], [b]) => compareValues(a, b));
}
