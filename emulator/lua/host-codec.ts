import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { packBigint, packBytes, packDouble, packListHeader, packMapHeader } from "../../protocol/value/pack.js";
import { PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { listCount, mapCount, peekKind, takeBytes, takeDouble, takeInteger, takeMarker } from "../exp/packed.js";
import { comparePacked } from "../packed/order.js";
import {
  type BinValue,
  boolValue,
  doubleOf,
  doubleValue,
  integerOf,
  integerValue,
  isBlobType,
} from "../record/bin-value.js";
import { beforeNul, bytesToText, textToBytes } from "./byte-text.js";
import { HostBytes, HostGeoJson, HostList, HostMap, type HostValue, hostKey } from "./host-value.js";

/** Deeper than any record; a list that contains itself gets here too. */
export const MAX_DEPTH = 500;
const ORDERED = 0x01;
const PRESERVE_ORDER = 0x08;

/** A value that holds itself, or nests deeper than anything that can be stored. */
export class TooDeep extends Error {
  override readonly name = "TooDeep";
}

/** The value of a bin; undefined for one that functions can't see. */
export function fromBinValue(bin: BinValue): HostValue | undefined {
  switch (bin.type) {
    case ParticleType.INTEGER:
      return integerOf(bin);
    case ParticleType.DOUBLE:
      return doubleOf(bin);
    case ParticleType.BOOL:
      return bin.bytes[0] !== 0;
    case ParticleType.STRING:
      return beforeNul(bytesToText(bin.bytes));
    case ParticleType.GEOJSON:
      return new HostGeoJson(bytesToText(bin.bytes));
    case ParticleType.LIST:
    case ParticleType.MAP:
      return unpackHostValue(bin.bytes);
    default:
      return new HostBytes(bin.bytes.slice(), bin.bytes.length, bin.type);
  }
}

/** A value as a bin stores it; null for nil. */
export function toBinValue(value: HostValue): BinValue | null {
  if (value instanceof HostList || value instanceof HostMap)
    return { type: containerType(value), bytes: pack(value, true) };
  if (value instanceof HostBytes) return { type: storedType(value.type), bytes: value.view.slice() };
  return scalar(value);
}

/** A value as a reply carries it: blobs of any type as BLOB, ordered lists without their marker. */
export function toReplyValue(value: HostValue): BinValue | null {
  if (value instanceof HostList || value instanceof HostMap)
    return { type: containerType(value), bytes: pack(value, false) };
  if (value instanceof HostBytes) return { type: ParticleType.BLOB, bytes: value.view.slice() };
  return scalar(value);
}

function scalar(value: Exclude<HostValue, HostList | HostMap | HostBytes>): BinValue | null {
  switch (typeof value) {
    case "bigint":
      return integerValue(value);
    case "number":
      return doubleValue(value);
    case "boolean":
      return boolValue(value);
    case "string":
      return { type: ParticleType.STRING, bytes: textToBytes(value) };
    default:
      return value === null ? null : { type: ParticleType.GEOJSON, bytes: textToBytes(value.text) };
  }
}

function containerType(value: HostList | HostMap): number {
  return value instanceof HostList ? ParticleType.LIST : ParticleType.MAP;
}

/** A function may give its bytes any type; what is no type of a bin is stored as BLOB. */
function storedType(type: number): number {
  const known = type === ParticleType.STRING || type === ParticleType.HLL || type === ParticleType.GEOJSON;
  return known || isBlobType(type) ? type : ParticleType.BLOB;
}

/** Bytes that a list or map takes packed. */
export function packedSize(value: HostList | HostMap): number {
  return pack(value, false).length;
}

function pack(value: HostValue, stored: boolean): Uint8Array {
  const w = new Writer(64);
  packInto(w, value, stored, 0);
  return w.take();
}

function packInto(w: Writer, value: HostValue, stored: boolean, depth: number): void {
  if (depth > MAX_DEPTH) throw new TooDeep(`a value nests deeper than ${MAX_DEPTH} levels or contains itself`);
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
      else if (value instanceof HostList) packList(w, value, stored, depth);
      else if (value instanceof HostMap) packMap(w, value, stored, depth);
      else if (value instanceof HostBytes) packBytes(w, value.view, value.type);
      else packBytes(w, textToBytes(value.text), ParticleType.GEOJSON);
  }
}

function packList(w: Writer, list: HostList, stored: boolean, depth: number): void {
  if (!stored || (list.flags & ORDERED) === 0) {
    packListHeader(w, list.items.length);
    for (const item of list.items) packInto(w, item, stored, depth + 1);
    return;
  }
  const items = list.items.map((item) => {
    const element = new Writer(16);
    packInto(element, item, stored, depth + 1);
    return element.take();
  });
  items.sort((a, b) => comparePacked(a, b));
  packListHeader(w, items.length + 1);
  w.bytes(Uint8Array.of(0xc7, 0, ORDERED));
  for (const item of items) w.bytes(item);
}

function packMap(w: Writer, map: HostMap, stored: boolean, depth: number): void {
  const ordered = (map.flags & ORDERED) !== 0;
  packMapHeader(w, map.size + (ordered ? 1 : 0));
  if (ordered) w.bytes(Uint8Array.of(0xc7, 0, map.flags, 0xc0));
  map.keys.forEach((key, i) => {
    packInto(w, key, stored, depth + 1);
    packInto(w, map.values[i] ?? null, stored, depth + 1);
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

function unpack(r: Reader, depth: number): HostValue {
  if (depth > MAX_DEPTH) throw new ProtocolError(`a value nests deeper than ${MAX_DEPTH} levels`);
  const kind = peekKind(r);
  switch (kind) {
    case PackedType.NIL:
    case PackedType.FALSE:
    case PackedType.TRUE:
      r.skip(1);
      return kind === PackedType.NIL ? null : kind === PackedType.TRUE;
    case PackedType.NEGATIVE_INTEGER:
    case PackedType.INTEGER:
      return takeInteger(r) ?? null;
    case PackedType.DOUBLE:
      return takeDouble(r) ?? null;
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return prefixed(takeBytes(r) ?? new Uint8Array(0));
    case PackedType.LIST:
      return unpackList(r, depth);
    case PackedType.MAP:
      return unpackMap(r, depth);
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

function unpackList(r: Reader, depth: number): HostList {
  let count = listCount(r) ?? 0;
  const flags = count > 0 ? takeMarker(r, "list") : undefined;
  if (flags !== undefined) count--;
  const items: HostValue[] = [];
  for (let i = 0; i < count; i++) items.push(unpack(r, depth + 1));
  return new HostList(items, flags ?? 0);
}

function unpackMap(r: Reader, depth: number): HostValue {
  let pairs = mapCount(r) ?? 0;
  const flags = (pairs > 0 ? takeMarker(r, "map") : undefined) ?? -1;
  if (flags >= 0) pairs--;
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
