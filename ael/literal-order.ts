import { Writer } from "../protocol/bytes/writer.js";
import type { ConstNode } from "../protocol/exp/node.js";
import { packListHeader, packMapHeader } from "../protocol/value/pack.js";

const MARKER: readonly number[] = [0xc7, 0x00, 0x01];

/** The list with the mark of a sorted one. */
export function sortedList(list: ConstNode, count: number): ConstNode {
  const w = new Writer(64);
  packListHeader(w, count + 1);
  for (const byte of MARKER) w.u8(byte);
  w.bytes(contentOf(list, count));
  return { ...list, value: w.copy() };
}

/** A packed list without the mark of a sorted one; undefined when it has none, or is no list. */
export function withoutMarker(packed: unknown): Uint8Array | undefined {
  if (!(packed instanceof Uint8Array)) return undefined;
  const first = packed[0] ?? 0;
  const isShort = first >= 0x90 && first <= 0x9f;
  if (!isShort && first !== 0xdc) return undefined;
  const at = isShort ? 1 : 3;
  if (MARKER.some((byte, i) => packed[at + i] !== byte)) return undefined;
  const count = isShort ? first & 0x0f : ((packed[1] ?? 0) << 8) | (packed[2] ?? 0);
  const w = new Writer(packed.length);
  packListHeader(w, count - 1);
  w.bytes(packed.subarray(at + MARKER.length));
  return w.copy();
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
