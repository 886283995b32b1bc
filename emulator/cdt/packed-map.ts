import { Writer } from "../../protocol/bytes/writer.js";
import { packMapHeader } from "../../protocol/value/pack.js";
import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { comparePacked } from "../packed/order.js";
import { packedEnd } from "../packed/size.js";
import { packMarker, readMarker } from "./order-marker.js";
import { readValues } from "./packed-list.js";

export interface MapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A map as the server keeps it: packed entries in key order, whether it is flagged as ordered or not. */
export interface PackedMap {
  readonly kind: "map";
  readonly flags: number;
  readonly entries: readonly MapEntry[];
}

export function mapOf(flags: number, entries: readonly MapEntry[]): PackedMap {
  return { kind: "map", flags, entries };
}

/**
 * Undefined when the bytes are not one map. A map that an expression stored may be out of order, as its literals are not
 * checked: it is read as if sorted.
 */
export function readMap(bytes: Uint8Array): PackedMap | undefined {
  const head = new PackedHead();
  if (!head.read(bytes, 0, bytes.length) || head.type !== PackedType.MAP) return undefined;
  let { count, next: at } = head;
  let flags = 0;
  if (count > 0) {
    const marker = readMarker(head, bytes, at, bytes.length);
    if (marker !== undefined) {
      flags = marker;
      count--;
      at = packedEnd(bytes, head.next, bytes.length);
      if (at < 0) return undefined;
    }
  }
  const values = readValues(bytes, at, count * 2);
  if (values === undefined) return undefined;
  const entries: MapEntry[] = [];
  let sorted = true;
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i]!;
    if (i > 0 && comparePacked(values[i - 2]!, key) > 0) sorted = false;
    entries.push({ key, value: values[i + 1]! });
  }
  return mapOf(flags, sorted ? entries : entries.sort((a, b) => comparePacked(a.key, b.key)));
}

export function packMap(map: PackedMap): Uint8Array {
  const { flags, entries } = map;
  let size = 8;
  for (const entry of entries) size += entry.key.length + entry.value.length;
  const w = new Writer(size);
  packMapHeader(w, entries.length + (flags === 0 ? 0 : 1));
  if (flags !== 0) {
    packMarker(w, flags);
    w.u8(0xc0);
  }
  for (const entry of entries) {
    w.bytes(entry.key);
    w.bytes(entry.value);
  }
  return w.take(0);
}
