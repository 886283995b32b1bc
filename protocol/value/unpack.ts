import type { Reader } from "../bytes/reader.js";
import { decodeUtf8 } from "../bytes/utf8.js";
import { ProtocolError } from "../protocol-error.js";
import { GeoJson } from "./geojson.js";
import { Hll } from "./hll.js";
import { integerOf, isOrderMarker, numberOf, PackedHead, PackedType, takeHead } from "./packed-head.js";
import { ParticleType } from "./particle-type.js";
import { INFINITY, WILDCARD } from "./special.js";
import type { DecodeOptions } from "./value.js";

/** Deeper than anything a server stores in earnest, shallow enough for every stack. */
const MAX_READ_NESTING = 256;

/** Reads one value of the MessagePack dialect (see pack.ts) into JavaScript. */
export function unpackValue(r: Reader, options: DecodeOptions = {}): unknown {
  return unpack(r, options, 0);
}

/** Reads a map as pairs of key and value, in the order in which they came; what is inside of it as {@link unpackValue}. */
export function unpackPairs(r: Reader, options: DecodeOptions): [unknown, unknown][] {
  takeHead(r, head);
  if (head.type !== PackedType.MAP) throw new ProtocolError("expected a map");
  const { count } = head;
  checkContainer(r, count, 2, 0);
  const pairs: [unknown, unknown][] = [];
  let i = count > 0 ? skipMapMarker(r, options, 0) : 0;
  for (; i < count; i++) {
    const key = unpack(r, options, 1);
    pairs.push([key, unpack(r, options, 1)]);
  }
  return pairs;
}

const head = new PackedHead();

function unpack(r: Reader, options: DecodeOptions, depth: number): unknown {
  takeHead(r, head);
  // The most frequent first.
  switch (head.type) {
    case PackedType.STRING:
      return decodeUtf8(r.bytes, head.content + 1, head.next);
    case PackedType.INTEGER:
    case PackedType.NEGATIVE_INTEGER:
      return options.int64 === "bigint" ? integerOf(head) : numberOf(head);
    case PackedType.MAP:
      return unpackMap(r, head.count, options, depth);
    case PackedType.LIST:
      return unpackList(r, head.count, options, depth);
    case PackedType.DOUBLE:
      r.at = head.content;
      return head.length === 8 ? r.f64() : r.f32();
    default:
      return unpackOther(r);
  }
}

function unpackOther(r: Reader): unknown {
  switch (head.type) {
    case PackedType.NIL:
      return null;
    case PackedType.FALSE:
      return false;
    case PackedType.TRUE:
      return true;
    case PackedType.BYTES:
      return bytesOf(r.bytes);
    case PackedType.GEOJSON:
      return new GeoJson(decodeUtf8(r.bytes, head.content + 1, head.next));
    case PackedType.WILDCARD:
      return WILDCARD;
    case PackedType.INFINITY:
      return INFINITY;
    default:
      throw new ProtocolError(`expected a value, got an extension of type ${head.extensionType}`);
  }
}

/** A blob of any type byte, or a sketch. Copied: what was read is kept when its buffer is used again. */
function bytesOf(bytes: Uint8Array): Uint8Array | Hll {
  const { content, length, next } = head;
  if (length === 0) return new Uint8Array(0);
  const copy = new Uint8Array(bytes.subarray(content + 1, next));
  return bytes[content] === ParticleType.HLL ? new Hll(copy) : copy;
}

function unpackList(r: Reader, count: number, options: DecodeOptions, depth: number): unknown[] {
  checkContainer(r, count, 1, depth);
  const list: unknown[] = [];
  let i = 0;
  if (count > 0 && skipMarker(r)) i = 1;
  for (; i < count; i++) list.push(unpack(r, options, depth + 1));
  return list;
}

function unpackMap(r: Reader, pairs: number, options: DecodeOptions, depth: number): unknown {
  checkContainer(r, pairs, 2, depth);
  let i = pairs > 0 ? skipMapMarker(r, options, depth) : 0;
  if (options.maps === "map") return unpackToMap(r, pairs - i, options, depth, new Map());
  const object: Record<string, unknown> = {};
  const keys: string[] = [];
  for (; i < pairs; i++) {
    const key = unpack(r, options, depth + 1);
    const value = unpack(r, options, depth + 1);
    if (typeof key !== "string") {
      // An object would not tell this key from a string: all pairs go into a Map, in the order in which they came.
      const map = new Map<unknown, unknown>(keys.map((each) => [each, object[each]]));
      return unpackToMap(r, pairs - i - 1, options, depth, map.set(key, value));
    }
    keys.push(key);
    setMember(object, key, value);
  }
  return object;
}

function unpackToMap(
  r: Reader,
  pairs: number,
  options: DecodeOptions,
  depth: number,
  map: Map<unknown, unknown>,
): Map<unknown, unknown> {
  for (let i = 0; i < pairs; i++) {
    const key = unpack(r, options, depth + 1);
    map.set(key, unpack(r, options, depth + 1));
  }
  return map;
}

/** `__proto__` is a name like any other: plain assignment would touch the prototype. */
export function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}

/** A count can't exceed what the bytes left could hold, so nothing is built on a lie. */
function checkContainer(r: Reader, count: number, least: number, depth: number): void {
  if (depth >= MAX_READ_NESTING) throw new ProtocolError(`a value nests deeper than ${MAX_READ_NESTING} levels`);
  if (count * least > r.left) throw new ProtocolError(`a list or map claims ${count} entries in ${r.left} bytes`);
}

/** The marker of a map is an entry of its own; returns how many entries it was. */
function skipMapMarker(r: Reader, options: DecodeOptions, depth: number): 0 | 1 {
  if (!skipMarker(r)) return 0;
  unpack(r, options, depth + 1);
  return 1;
}

/** Order markers lead a list or map as an extension; true when there was one. */
function skipMarker(r: Reader): boolean {
  // Only extensions start with these bytes, so that others are read once.
  const first = r.peekU8();
  if (first < 0xc7 || first > 0xd8) return false;
  if (!head.read(r.bytes, r.at, r.end) || !isOrderMarker(head)) return false;
  r.at = head.next;
  return true;
}
