import { Writer } from "../protocol/bytes/writer.js";
import type { ConstNode } from "../protocol/exp/node.js";
import { Double } from "../protocol/value/double.js";
import { compareBytes, compareCodePoints } from "../protocol/value/map-key.js";
import { packListHeader, packMapHeader } from "../protocol/value/pack.js";

const MARKER: readonly number[] = [0xc7, 0x00, 0x01];

/** Whether the elements of a list that claims to be sorted are: servers of 8.1.2 go down over others. */
export function inOrder(values: readonly unknown[]): boolean {
  return values.every((value, i) => (i === 0 ? isScalar(value) : compare(values[i - 1], value) <= 0));
}

function isScalar(value: unknown): boolean {
  return !Number.isNaN(compare(value, value));
}

/** NaN for what can't be compared here: other types, lists, maps. */
function compare(a: unknown, b: unknown): number {
  if (a instanceof Double && b instanceof Double) return Math.sign(a.value - b.value);
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  const isInt = (value: unknown): value is number | bigint => typeof value === "bigint" || Number.isSafeInteger(value);
  return isInt(a) && isInt(b) ? (a < b ? -1 : a > b ? 1 : 0) : Number.NaN;
}

/** The list with the mark of a sorted one. */
export function sortedList(list: ConstNode, count: number): ConstNode {
  const w = new Writer(64);
  packListHeader(w, count + 1);
  for (const byte of MARKER) w.u8(byte);
  w.bytes(contentOf(list, count));
  return { ...list, value: w.copy() };
}

/** The map without the mark of one in key order. */
export function unorderedMap(map: ConstNode, count: number): ConstNode {
  const w = new Writer(64);
  packMapHeader(w, count);
  const content = contentOf(map, count + 1);
  // The mark and its empty value.
  if (count > 0) w.bytes(content.subarray(content[0] === MARKER[0] ? MARKER.length + 1 : 0));
  return { ...map, value: w.copy() };
}

/** What follows the header of packed bytes. */
function contentOf({ value }: ConstNode, count: number): Uint8Array {
  const bytes = value as Uint8Array;
  return bytes.subarray(count < 16 ? 1 : count < 0x1_0000 ? 3 : 5);
}
