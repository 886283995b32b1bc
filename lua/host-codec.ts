import { Reader } from "../protocol/bytes/reader.js";
import { Writer } from "../protocol/bytes/writer.js";
import { ProtocolError } from "../protocol/protocol-error.js";
import { packBigint, packBytes, packDouble, packListHeader, packMapHeader } from "../protocol/value/pack.js";
import { doubleOf, integerOf, PackedHead, PackedType } from "../protocol/value/packed-head.js";
import { ParticleType } from "../protocol/value/particle-type.js";
import type { RawValue } from "../protocol/value/raw-value.js";
import { beforeNul, bytesToText, textToBytes } from "./byte-text.js";
import { HostBytes, HostGeoJson, HostList, HostMap, type HostValue, hostKey } from "./host-value.js";

/** Deeper than any record; a list that contains itself gets here too. */
export const MAX_DEPTH = 500;
const ORDERED = 0x01;
const PRESERVE_ORDER = 0x08;

/** A value that holds itself, or nests deeper than anything that can be stored. */
export class TooDeep extends Error {
  override readonly name = "TooDeep";

  constructor() {
    super(`a value nests deeper than ${MAX_DEPTH} levels or contains itself`);
  }
}

/** A value as a bin or a reply has it; undefined for one that functions can't see. GeoJSON stands without its head. */
export function fromRawValue({ type, bytes }: RawValue): HostValue | undefined {
  switch (type) {
    case ParticleType.NULL:
      return null;
    case ParticleType.INTEGER:
      return new Reader(bytes).i64();
    case ParticleType.DOUBLE:
      return new Reader(bytes).f64();
    case ParticleType.BOOL:
      return bytes[0] !== 0;
    case ParticleType.STRING:
      return beforeNul(bytesToText(bytes));
    case ParticleType.GEOJSON:
      return new HostGeoJson(bytesToText(bytes));
    case ParticleType.LIST:
    case ParticleType.MAP:
      return unpackHostValue(bytes);
    default:
      return new HostBytes(bytes.slice(), bytes.length, type);
  }
}

/** A value as a reply carries it: blobs of any type as BLOB, ordered lists without their marker; null for nil. */
export function toReplyValue(value: HostValue): RawValue | null {
  if (value instanceof HostList || value instanceof HostMap) return packedValue(value, packHostValue(value));
  if (value instanceof HostBytes) return { type: ParticleType.BLOB, bytes: value.view.slice() };
  return scalarValue(value);
}

/** A list or map, packed, as a bin or a reply has it. */
export function packedValue(value: HostList | HostMap, bytes: Uint8Array): RawValue {
  return { type: value instanceof HostList ? ParticleType.LIST : ParticleType.MAP, bytes };
}

/** The same of a bin and of a reply. */
export function scalarValue(value: Exclude<HostValue, HostList | HostMap | HostBytes>): RawValue | null {
  switch (typeof value) {
    case "bigint":
      return written(ParticleType.INTEGER, (w) => w.i64(value));
    case "number":
      return written(ParticleType.DOUBLE, (w) => w.f64(value));
    case "boolean":
      return { type: ParticleType.BOOL, bytes: Uint8Array.of(value ? 1 : 0) };
    case "string":
      return { type: ParticleType.STRING, bytes: textToBytes(value) };
    default:
      return value === null ? null : { type: ParticleType.GEOJSON, bytes: textToBytes(value.text) };
  }
}

function written(type: ParticleType, write: (w: Writer) => void): RawValue {
  const w = new Writer(8);
  write(w);
  return { type, bytes: w.take() };
}

/** Bytes that a list or map takes packed. */
export function packedSize(value: HostList | HostMap): number {
  return packHostValue(value).length;
}

/**
 * Packs a list or map.
 * @param inOrder puts the packed elements of ordered lists in order, which are marked then
 * @throws TooDeep
 */
export function packHostValue(value: HostValue, inOrder?: (elements: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const w = new Writer(64);
  packInto(w, value, inOrder, 0);
  return w.take();
}

type InOrder = ((elements: Uint8Array[]) => Uint8Array[]) | undefined;

function packInto(w: Writer, value: HostValue, inOrder: InOrder, depth: number): void {
  if (depth > MAX_DEPTH) throw new TooDeep();
  switch (typeof value) {
    case "bigint":
      packBigint(w, value);
      return;
    case "number":
      packDouble(w, value);
      return;
    case "boolean":
      w.u8(value ? 0xc3 : 0xc2);
      return;
    case "string":
      packBytes(w, textToBytes(value), ParticleType.STRING);
      return;
    default:
      if (value === null) w.u8(0xc0);
      else if (value instanceof HostList) packList(w, value, inOrder, depth);
      else if (value instanceof HostMap) packMap(w, value, inOrder, depth);
      else if (value instanceof HostBytes) packBytes(w, value.view, value.type);
      else packBytes(w, textToBytes(value.text), ParticleType.GEOJSON);
  }
}

function packList(w: Writer, list: HostList, inOrder: InOrder, depth: number): void {
  if (inOrder === undefined || (list.flags & ORDERED) === 0) {
    packListHeader(w, list.items.length);
    for (const item of list.items) packInto(w, item, inOrder, depth + 1);
    return;
  }
  const items = list.items.map((item) => {
    const element = new Writer(16);
    packInto(element, item, inOrder, depth + 1);
    return element.take();
  });
  packListHeader(w, items.length + 1);
  w.bytes(Uint8Array.of(0xc7, 0, ORDERED));
  for (const item of inOrder(items)) w.bytes(item);
}

function packMap(w: Writer, map: HostMap, inOrder: InOrder, depth: number): void {
  const ordered = (map.flags & ORDERED) !== 0;
  packMapHeader(w, map.size + (ordered ? 1 : 0));
  if (ordered) w.bytes(Uint8Array.of(0xc7, 0, map.flags, 0xc0));
  map.keys.forEach((key, i) => {
    packInto(w, key, inOrder, depth + 1);
    packInto(w, map.values[i] ?? null, inOrder, depth + 1);
  });
}

/** A packed value; undefined when functions can't see it. */
export function unpackHostValue(packed: Uint8Array): HostValue | undefined {
  try {
    return unpack(new Reader(packed), 0);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

const head = new PackedHead();
const FIXEXT1 = 0xd4;

function readHead(r: Reader): PackedHead {
  if (!head.read(r.bytes, r.at, r.end)) throw new ProtocolError(`no packed value stands at byte ${r.at}`);
  return head;
}

function unpack(r: Reader, depth: number): HostValue {
  if (depth > MAX_DEPTH) throw new ProtocolError(`a value nests deeper than ${MAX_DEPTH} levels`);
  const { type, content, count, next } = readHead(r);
  r.at = next;
  switch (type) {
    case PackedType.NIL:
      return null;
    case PackedType.FALSE:
    case PackedType.TRUE:
      return type === PackedType.TRUE;
    case PackedType.NEGATIVE_INTEGER:
    case PackedType.INTEGER:
      return integerOf(head);
    case PackedType.DOUBLE:
      return doubleOf(head, r.bytes);
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return prefixed(r.bytes.subarray(content, next));
    case PackedType.LIST:
      return unpackList(r, count, depth);
    case PackedType.MAP:
      return unpackMap(r, count, depth);
    default:
      throw new ProtocolError("functions have no value for an extension");
  }
}

function prefixed(content: Uint8Array): HostValue {
  switch (content[0]) {
    case ParticleType.STRING:
      return beforeNul(bytesToText(content, 1));
    case ParticleType.GEOJSON:
      return new HostGeoJson(beforeNul(bytesToText(content, 1)));
    default:
      return new HostBytes(content.slice(1), Math.max(content.length - 1, 0), content[0] ?? 0);
  }
}

/** The flags of the order marker that stands here, which is taken; undefined when a value does. */
function takeMarker(r: Reader): number | undefined {
  const { type, extensionType, next } = readHead(r);
  if (type !== PackedType.EXTENSION) return undefined;
  // Of extensions of one byte servers know but wildcard and infinity.
  if (r.bytes[r.at] === FIXEXT1) throw new ProtocolError("an unknown extension");
  r.at = next;
  return extensionType;
}

function unpackList(r: Reader, count: number, depth: number): HostList {
  const flags = count > 0 ? takeMarker(r) : undefined;
  const items: HostValue[] = [];
  for (let i = flags === undefined ? 0 : 1; i < count; i++) items.push(unpack(r, depth + 1));
  return new HostList(items, flags ?? 0);
}

function unpackMap(r: Reader, count: number, depth: number): HostValue {
  const flags = (count > 0 ? takeMarker(r) : undefined) ?? -1;
  const pairs = flags < 0 ? count : count - 1;
  // What stands beside the marker, a nil.
  if (flags >= 0) unpack(r, depth + 1);
  if (flags >= 0 && (flags & PRESERVE_ORDER) !== 0) {
    // Pairs in an order that is not the keys' come as a flat list.
    const items: HostValue[] = [];
    for (let i = 0; i < 2 * pairs; i++) items.push(unpack(r, depth + 1));
    return new HostList(items);
  }
  const map = new HostMap(Math.max(flags, 0));
  for (let i = 0; i < pairs; i++) {
    const key = hostKey(unpack(r, depth + 1));
    if (key === undefined)
      throw new ProtocolError("functions see no map with keys other than integers, strings and bytes");
    map.set(key, unpack(r, depth + 1));
  }
  return map;
}
