import type { Writer } from "../../protocol/bytes/writer.js";
import { type PackedHead, PackedType } from "../../protocol/value/packed-head.js";

// The order marker: first element of a list, key of the first pair of a map (whose value is nil):
//   extension of size 0 whose type byte holds the flags: c7 00 <flags>

export const OrderFlag = {
  /** A list sorted by value, a map sorted by key. */
  ORDERED: 0x01,
  VALUE_ORDERED: 0x02,
  /** Only in replies: the pairs of the map stand in the order of the result. */
  PRESERVE: 0x08,
  /** Asks for an index in storage. It shows nowhere, so it is taken and forgotten here. */
  PERSIST_INDEX: 0x10,
} as const;

/** The flags that a list keeps. */
export const LIST_FLAGS: number = OrderFlag.ORDERED;
/** The flags that a map keeps. */
export const MAP_FLAGS: number = OrderFlag.ORDERED | OrderFlag.VALUE_ORDERED;

/** Flags of an operation that makes a list or map, fit to be kept; undefined when it has unknown ones. */
export function orderFlags(raw: bigint, kept: number): number | undefined {
  const flags = Number(BigInt.asUintN(8, raw));
  return (flags & ~(kept | OrderFlag.PERSIST_INDEX)) === 0 ? flags & kept : undefined;
}

export function packMarker(w: Writer, flags: number): void {
  w.u8(0xc7);
  w.u8(0);
  w.u8(flags);
}

/** The flags of the marker at `at`, and where it ends; undefined when another element stands there. */
export function readMarker(head: PackedHead, bytes: Uint8Array, at: number, end: number): number | undefined {
  if (!head.read(bytes, at, end) || head.type !== PackedType.EXTENSION) return undefined;
  return head.extensionType;
}
