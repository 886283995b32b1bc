import type { Reader } from "../../protocol/bytes/reader.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { doubleOf, integerOf, isInteger, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { packedEnd } from "../packed/size.js";

// Packed values taken one after the other. What is malformed is a ProtocolError; what is of another kind than asked for is
// undefined and stays.

const head = new PackedHead();
const FIXEXT1 = 0xd4;

function readHead(r: Reader): PackedHead {
  if (!head.read(r.bytes, r.at, r.end)) throw new ProtocolError(`no packed value stands at byte ${r.at}`);
  return head;
}

/** The kind of the value that starts here, without taking it. */
export function peekKind(r: Reader): PackedType {
  const { type } = readHead(r);
  // Of extensions of one byte the server knows but wildcard and infinity.
  if (type === PackedType.EXTENSION && r.bytes[r.at] === FIXEXT1) throw new ProtocolError("an unknown extension");
  return type;
}

/** Takes one value with all that is in it. */
export function skipValue(r: Reader): void {
  const end = packedEnd(r.bytes, r.at, r.end);
  if (end < 0) throw new ProtocolError(`no whole packed value stands at byte ${r.at}`);
  r.at = end;
}

export function skipValues(r: Reader, count: number): void {
  for (let i = 0; i < count; i++) skipValue(r);
}

/** The bytes of one value, taken: a view. */
export function takeValue(r: Reader): Uint8Array {
  const start = r.at;
  skipValue(r);
  return r.bytes.subarray(start, r.at);
}

/** Takes the header of a list and returns its count. */
export function listCount(r: Reader): number | undefined {
  return containerCount(r, PackedType.LIST);
}

/** Takes the header of a map and returns its count of pairs. */
export function mapCount(r: Reader): number | undefined {
  return containerCount(r, PackedType.MAP);
}

function containerCount(r: Reader, type: PackedType): number | undefined {
  if (r.left === 0 || readHead(r).type !== type) return undefined;
  r.at = head.next;
  return head.count;
}

/** Takes an integer as int64, unsigned ones above 2^63 wrapped. */
export function takeInteger(r: Reader): bigint | undefined {
  if (r.left === 0 || !isInteger(readHead(r).type)) return undefined;
  r.at = head.next;
  return integerOf(head);
}

/** Takes a double, single precision included. */
export function takeDouble(r: Reader): number | undefined {
  if (r.left === 0 || readHead(r).type !== PackedType.DOUBLE) return undefined;
  r.at = head.next;
  return doubleOf(head, r.bytes);
}

/** Takes the content of a string or blob, type prefix included: a view. */
export function takeBytes(r: Reader): Uint8Array | undefined {
  if (r.left === 0) return undefined;
  const { type, content, next } = readHead(r);
  if (type !== PackedType.STRING && type !== PackedType.BYTES && type !== PackedType.GEOJSON) return undefined;
  r.at = next;
  return r.bytes.subarray(content, next);
}

/** Takes the order marker that stands first in a list, or with its nil in a map; returns its flags. */
export function takeMarker(r: Reader, container: "list" | "map"): number | undefined {
  if (r.left === 0 || readHead(r).type !== PackedType.EXTENSION) return undefined;
  const { extensionType } = head;
  skipValues(r, container === "list" ? 1 : 2);
  return extensionType;
}
