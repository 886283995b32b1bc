import { ProtocolError } from "../../protocol/protocol-error.js";
import { doubleOf, isOrderMarker, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { packedEnd } from "./size.js";

/** What a comparison passed on its way. */
export interface ComparisonNotes {
  /** A map without key order was met before the comparison was settled: expressions then have no answer. */
  sawUnorderedMap: boolean;
}

const KEY_ORDERED = 0x01;

const headA = new PackedHead();
const headB = new PackedHead();
const marker = new PackedHead();

/**
 * The server's order of packed values: negative, 0 or positive. Kinds sort as PackedType numbers them; within a kind
 * integers and doubles by value, strings and blobs by their bytes, lists by element, maps by size and then by pair.
 * Order markers do not count. NaN equals every double, and a wildcard equals whatever stands against it and ends the whole
 * comparison, so that `[1, *]` equals every longer list that starts with 1. Throws ProtocolError on malformed bytes.
 */
export function comparePacked(a: Uint8Array, b: Uint8Array, notes?: ComparisonNotes): number {
  let atA = 0;
  let atB = 0;
  let left = 1;
  // What unequal lengths come to once the shared elements have turned out equal.
  let verdict = 0;
  for (; left > 0; left--) {
    atA = readHead(headA, a, atA, notes);
    atB = readHead(headB, b, atB, notes);
    if (headA.type === PackedType.WILDCARD || headB.type === PackedType.WILDCARD) return 0;
    if (headA.type !== headB.type) return headA.type - headB.type;
    switch (headA.type) {
      case PackedType.LIST:
        if (headA.count === headB.count) left += headA.count;
        else {
          left = Math.min(headA.count, headB.count) + 1;
          verdict = headA.count - headB.count;
        }
        break;
      case PackedType.MAP:
        if (headA.count !== headB.count) return headA.count - headB.count;
        left += headA.count * 2;
        break;
      default: {
        const difference = compareScalars(a, b);
        if (difference !== 0) return difference;
      }
    }
  }
  return verdict;
}

/** Reads a head and steps over the order marker of a container, which then counts no more. */
function readHead(head: PackedHead, bytes: Uint8Array, at: number, notes: ComparisonNotes | undefined): number {
  if (!head.read(bytes, at, bytes.length)) throw malformed(at);
  if ((head.type !== PackedType.LIST && head.type !== PackedType.MAP) || head.count === 0) return head.next;
  if (!marker.read(bytes, head.next, bytes.length)) throw malformed(head.next);
  if (notes !== undefined && head.type === PackedType.MAP && !isKeyOrder(marker)) notes.sawUnorderedMap = true;
  if (!isOrderMarker(marker)) return head.next;
  head.count--;
  if (head.type === PackedType.LIST) return marker.next;
  const end = packedEnd(bytes, marker.next, bytes.length);
  if (end < 0) throw malformed(marker.next);
  return end;
}

/** As the server looks at it: any extension whose type has the bit of key order, wildcard and infinity too. */
function isKeyOrder(first: PackedHead): boolean {
  return first.type >= PackedType.EXTENSION && (first.extensionType & KEY_ORDERED) !== 0;
}

function malformed(at: number): ProtocolError {
  return new ProtocolError(`a packed value is malformed at byte ${at}`);
}

function compareScalars(a: Uint8Array, b: Uint8Array): number {
  switch (headA.type) {
    case PackedType.INTEGER:
    case PackedType.NEGATIVE_INTEGER:
      return compareHalves(headA.high, headB.high) || compareHalves(headA.low, headB.low);
    case PackedType.DOUBLE:
      return compareDoubles(doubleOf(headA, a), doubleOf(headB, b));
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
    case PackedType.EXTENSION:
      return compareContents(a, b);
    default:
      return 0;
  }
}

function compareDoubles(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Halves of integers are ordered without their sign: the kind of value has told it already. */
function compareHalves(a: number, b: number): number {
  return (a >>> 0) - (b >>> 0);
}

function compareContents(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(headA.length, headB.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[headA.content + i]! - b[headB.content + i]!;
    if (difference !== 0) return difference;
  }
  return headA.length - headB.length;
}
