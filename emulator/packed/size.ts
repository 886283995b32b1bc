import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { isSpecial } from "./form.js";

const head = new PackedHead();

/**
 * Where the packed value that starts at `at` ends; -1 when it is malformed or runs over `end`.
 * Takes no stack and no memory for nesting, and no longer than the bytes given.
 */
export function packedEnd(bytes: Uint8Array, at: number, end: number): number {
  let left = 1;
  while (left > 0) {
    if (!head.read(bytes, at, end)) return -1;
    left += children(head) - 1;
    at = head.next;
    // Each value takes a byte at least, so a count beyond the bytes left is a lie.
    if (left > end - at) return -1;
  }
  return at;
}

/** True when a wildcard or infinity stands anywhere in the packed value, which can then not be stored. */
export function holdsSpecials(packed: Uint8Array): boolean {
  let left = 1;
  let at = 0;
  while (left > 0 && head.read(packed, at, packed.length)) {
    if (isSpecial(head)) return true;
    left += children(head) - 1;
    at = head.next;
  }
  return false;
}

function children(container: PackedHead): number {
  if (container.type === PackedType.LIST) return container.count;
  return container.type === PackedType.MAP ? container.count * 2 : 0;
}
