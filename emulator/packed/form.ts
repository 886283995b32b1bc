import { isInteger, type PackedHead, PackedType } from "../../protocol/value/packed-head.js";

const SPECIAL_EXTENSION = 0xff;

/** A wildcard, infinity or an extension reserved for such: never stored. */
export function isSpecial(head: PackedHead): boolean {
  if (head.type === PackedType.WILDCARD || head.type === PackedType.INFINITY) return true;
  if (head.type !== PackedType.EXTENSION || head.extensionType !== SPECIAL_EXTENSION) return false;
  return head.length > 0 && head.length < 4;
}

/**
 * False when the value whose head was read at `at` has a shorter form; headers of the bin family are as good as the
 * str family's of that size.
 */
export function isShortest(head: PackedHead, bytes: Uint8Array, at: number): boolean {
  if (isInteger(head.type)) return head.next - at === integerSize(head) && !isSignedForm(head, bytes[at]!);
  switch (head.type) {
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return head.content - at === lengthSize(head.length, 0x20);
    case PackedType.LIST:
    case PackedType.MAP:
      return head.next - at === (head.count < 0x10 ? 1 : head.count < 0x1_0000 ? 3 : 5);
    case PackedType.EXTENSION:
    case PackedType.WILDCARD:
    case PackedType.INFINITY:
      // Its type byte follows the header.
      return head.content - 1 - at === (hasFixedForm(head.length) ? 1 : lengthSize(head.length, 0));
    default:
      return true;
  }
}

function integerSize({ type, high, low }: PackedHead): number {
  if (type === PackedType.INTEGER) {
    if (high !== 0) return 9;
    const value = low >>> 0;
    return value < 0x80 ? 1 : value < 0x100 ? 2 : value < 0x1_0000 ? 3 : 5;
  }
  if (high !== -1 || low >= 0) return 9;
  return low >= -0x20 ? 1 : low >= -0x80 ? 2 : low >= -0x8000 ? 3 : 5;
}

/** Integers that are not negative have the forms without a sign. */
function isSignedForm(head: PackedHead, first: number): boolean {
  return head.type === PackedType.INTEGER && first >= 0xd0 && first <= 0xd3;
}

/** Bytes of a header with a length; below `inHead` it takes no bytes of its own. */
function lengthSize(length: number, inHead: number): number {
  if (length < inHead) return 1;
  return length < 0x100 ? 2 : length < 0x1_0000 ? 3 : 5;
}

function hasFixedForm(length: number): boolean {
  return length > 0 && length <= 16 && (length & (length - 1)) === 0;
}
