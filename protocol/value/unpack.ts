import type { Reader } from "../bytes/reader.js";
import { ProtocolError } from "../protocol-error.js";
import { GeoJson } from "./geojson.js";
import { Hll } from "./hll.js";
import { ParticleType } from "./particle-type.js";
import { INFINITY, WILDCARD } from "./special.js";
import type { DecodeOptions } from "./value.js";

/** Deeper than anything a server stores in earnest, shallow enough for every stack. */
const MAX_READ_NESTING = 256;

/** Reads one value of the MessagePack dialect (see pack.ts) into JavaScript. */
export function unpackValue(r: Reader, options: DecodeOptions = {}): unknown {
  return unpack(r, options, 0);
}

function unpack(r: Reader, options: DecodeOptions, depth: number): unknown {
  const head = r.u8();
  if (head < 0x80) return integer(head, options);
  if (head < 0x90) return unpackMap(r, head & 0x0f, options, depth);
  if (head < 0xa0) return unpackList(r, head & 0x0f, options, depth);
  if (head < 0xc0) return unpackBytes(r, head & 0x1f);
  if (head >= 0xe0) return integer(head - 0x100, options);
  switch (head) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
    case 0xd9:
      return unpackBytes(r, r.u8());
    case 0xc5:
    case 0xda:
      return unpackBytes(r, r.u16());
    case 0xc6:
    case 0xdb:
      return unpackBytes(r, r.u32());
    case 0xca:
      return r.f32();
    case 0xcb:
      return r.f64();
    case 0xcc:
      return integer(r.u8(), options);
    case 0xcd:
      return integer(r.u16(), options);
    case 0xce:
      return integer(r.u32(), options);
    case 0xcf:
    case 0xd3:
      return options.int64 === "bigint" ? r.i64() : r.integer();
    case 0xd0:
      return integer((r.u8() << 24) >> 24, options);
    case 0xd1:
      return integer((r.u16() << 16) >> 16, options);
    case 0xd2:
      return integer(r.i32(), options);
    case 0xdc:
      return unpackList(r, r.u16(), options, depth);
    case 0xdd:
      return unpackList(r, r.u32(), options, depth);
    case 0xde:
      return unpackMap(r, r.u16(), options, depth);
    case 0xdf:
      return unpackMap(r, r.u32(), options, depth);
    default: {
      const size = extensionSize(head, r);
      const type = r.u8();
      const first = size > 0 ? r.peekU8() : -1;
      r.skip(size);
      if (type === 0xff && size === 1 && first < 2) return first === 0 ? WILDCARD : INFINITY;
      throw new ProtocolError(`an extension of type ${type} stands where a value is due`);
    }
  }
}

function integer(value: number, options: DecodeOptions): number | bigint {
  return options.int64 === "bigint" ? BigInt(value) : value;
}

function unpackBytes(r: Reader, length: number): unknown {
  if (length === 0) return new Uint8Array(0);
  const type = r.u8();
  switch (type) {
    case ParticleType.STRING:
      return r.utf8(length - 1);
    case ParticleType.GEOJSON:
      return new GeoJson(r.utf8(length - 1));
    case ParticleType.HLL:
      return new Hll(r.copy(length - 1));
    default:
      return r.copy(length - 1);
  }
}

function unpackList(r: Reader, count: number, options: DecodeOptions, depth: number): unknown[] {
  checkContainer(r, count, 1, depth);
  const list: unknown[] = [];
  let i = 0;
  if (count > 0 && skipExtension(r)) i = 1;
  for (; i < count; i++) list.push(unpack(r, options, depth + 1));
  return list;
}

function unpackMap(r: Reader, pairs: number, options: DecodeOptions, depth: number): unknown {
  checkContainer(r, pairs, 2, depth);
  let i = 0;
  if (pairs > 0 && skipExtension(r)) {
    unpack(r, options, depth + 1);
    i = 1;
  }
  const keys: unknown[] = [];
  const values: unknown[] = [];
  let allStrings = options.maps !== "map";
  for (; i < pairs; i++) {
    const key = unpack(r, options, depth + 1);
    if (typeof key !== "string") allStrings = false;
    keys.push(key);
    values.push(unpack(r, options, depth + 1));
  }
  if (!allStrings) {
    const map = new Map<unknown, unknown>();
    for (let k = 0; k < keys.length; k++) map.set(keys[k], values[k]);
    return map;
  }
  const object: Record<string, unknown> = {};
  for (let k = 0; k < keys.length; k++) setMember(object, String(keys[k]), values[k]);
  return object;
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
  if (count * least > r.left) throw new ProtocolError(`a container announces ${count} entries in ${r.left} bytes`);
}

/** Order markers lead a list or map as an extension; true when there was one. */
function skipExtension(r: Reader): boolean {
  const head = r.peekU8();
  const isExtension = (head >= 0xc7 && head <= 0xc9) || (head >= 0xd4 && head <= 0xd8);
  if (!isExtension) return false;
  const start = r.at;
  r.skip(1);
  const size = extensionSize(head, r);
  const type = r.u8();
  if (type === 0xff) {
    // Wildcard and infinity are elements, not markers.
    r.at = start;
    return false;
  }
  r.skip(size);
  return true;
}

function extensionSize(head: number, r: Reader): number {
  switch (head) {
    case 0xc7:
      return r.u8();
    case 0xc8:
      return r.u16();
    case 0xc9:
      return r.u32();
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return 1 << (head - 0xd4);
    default:
      throw new ProtocolError(`byte 0x${head.toString(16)} starts no value`);
  }
}
