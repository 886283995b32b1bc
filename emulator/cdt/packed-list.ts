import { Writer } from "../../protocol/bytes/writer.js";
import { packListHeader } from "../../protocol/value/pack.js";
import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { packedEnd } from "../packed/size.js";
import { OrderFlag, packMarker, readMarker } from "./order-marker.js";

/** A list as the server keeps it: its elements stay packed, so that every one comes back as it was sent. */
export interface PackedList {
  readonly kind: "list";
  readonly flags: number;
  readonly elements: readonly Uint8Array[];
}

export function listOf(flags: number, elements: readonly Uint8Array[]): PackedList {
  return { kind: "list", flags, elements };
}

export function isOrdered(list: PackedList): boolean {
  return (list.flags & OrderFlag.ORDERED) !== 0;
}

/** Undefined when the bytes are not one list. */
export function readList(bytes: Uint8Array): PackedList | undefined {
  const head = new PackedHead();
  if (!head.read(bytes, 0, bytes.length) || head.type !== PackedType.LIST) return undefined;
  let { count, next: at } = head;
  let flags = 0;
  if (count > 0) {
    const marker = readMarker(head, bytes, at, bytes.length);
    if (marker !== undefined) {
      flags = marker;
      at = head.next;
      count--;
    }
  }
  const elements = readValues(bytes, at, count);
  return elements === undefined ? undefined : listOf(flags, elements);
}

/** So many packed values that fill the bytes from `at` on. */
export function readValues(bytes: Uint8Array, at: number, count: number): Uint8Array[] | undefined {
  const values: Uint8Array[] = [];
  let start = at;
  for (let i = 0; i < count; i++) {
    const end = packedEnd(bytes, start, bytes.length);
    if (end < 0) return undefined;
    values.push(bytes.subarray(start, end));
    start = end;
  }
  return start === bytes.length ? values : undefined;
}

export function packList(list: PackedList): Uint8Array {
  const { flags, elements } = list;
  const w = new Writer(sizeOf(elements) + 8);
  packListHeader(w, elements.length + (flags === 0 ? 0 : 1));
  if (flags !== 0) packMarker(w, flags);
  for (const element of elements) w.bytes(element);
  return w.take(0);
}

function sizeOf(values: readonly Uint8Array[]): number {
  let size = 0;
  for (const value of values) size += value.length;
  return size;
}
