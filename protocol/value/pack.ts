import { utf8Length } from "../bytes/utf8.js";
import type { Writer } from "../bytes/writer.js";
import { INT64_MAX, INT64_MIN, MAX_NESTING } from "../limits.js";
import { ambiguousNumber, isAmbiguousNumber } from "./ambiguous-number.js";
import { Double } from "./double.js";
import { GeoJson } from "./geojson.js";
import { Hll } from "./hll.js";
import { describe, hasNoType, InvalidValue, within } from "./invalid-value.js";
import { compareCodePoints, compareMapKeys } from "./map-key.js";
import { ParticleType } from "./particle-type.js";
import { INFINITY, type Special, WILDCARD } from "./special.js";
import type { MapKey, Value } from "./value.js";

// Aerospike's MessagePack dialect, the inside of lists, maps and collection operations:
//   string, blob, geojson   str header (length + 1) · particle type byte · content
//   map                     header (pairs + 1) · c7 00 01 · c0 · pairs in key order
//   integers and headers    always the shortest form
//   wildcard, infinity      d4 ff 00 · d4 ff 01

/** A value to search or compare with; the specials may stand anywhere in it. */
export type SearchValue =
  | Value
  | Special
  | readonly SearchValue[]
  | ReadonlyMap<MapKey, SearchValue>
  | { readonly [key: string]: SearchValue | undefined };

/** Packs a value to be stored. Throws InvalidValue (a TypeError) naming the path of what can't be. */
export function packValue(w: Writer, value: Value): void {
  pack(w, value, false, 0);
}

/** Packs whatever it is given; comes back only from what can be stored. */
export function packUnknown(w: Writer, value: unknown): asserts value is Value {
  pack(w, value, false, 0);
}

/** Packs a value to search with. */
export function packSearchValue(w: Writer, value: SearchValue): void {
  pack(w, value, true, 0);
}

function pack(w: Writer, value: unknown, specials: boolean, depth: number): void {
  switch (typeof value) {
    case "string":
      packString(w, value);
      return;
    case "number":
      if (Number.isSafeInteger(value)) packInteger(w, value);
      else if (isAmbiguousNumber(value)) throw new InvalidValue(ambiguousNumber(value));
      else packDouble(w, value);
      return;
    case "bigint":
      packBigint(w, value);
      return;
    case "boolean":
      w.u8(value ? 0xc3 : 0xc2);
      return;
    case "symbol":
      packSpecial(w, value, specials);
      return;
    case "object":
      if (value === null) w.u8(0xc0);
      else packObject(w, value, specials, depth);
      return;
    default:
      throw new InvalidValue(hasNoType(value));
  }
}

function packObject(w: Writer, value: object, specials: boolean, depth: number): void {
  if (Array.isArray(value)) packList(w, value, specials, depth);
  else if (isBytes(value)) packBytes(w, value, ParticleType.BLOB);
  else if (value instanceof Map) packMap(w, value, specials, depth);
  else if (value instanceof Double) packDouble(w, value.value);
  else if (value instanceof GeoJson) packPrefixed(w, value.text, ParticleType.GEOJSON);
  else if (value instanceof Hll) packBytes(w, value.bytes, ParticleType.HLL);
  else if (isPlainObject(value)) packPlainObject(w, value, specials, depth);
  else throw new InvalidValue(hasNoType(value));
}

function packSpecial(w: Writer, value: symbol, allowed: boolean): void {
  if (value !== WILDCARD && value !== INFINITY) throw new InvalidValue("a symbol has no Aerospike type");
  if (!allowed) throw new InvalidValue("WILDCARD and INFINITY only compare; they can't be stored");
  w.u8(0xd4);
  w.u8(0xff);
  w.u8(value === WILDCARD ? 0 : 1);
}

export function packInteger(w: Writer, value: number): void {
  if (value >= 0) {
    if (value < 0x80) w.u8(value);
    else if (value < 0x100) {
      w.u8(0xcc);
      w.u8(value);
    } else if (value < 0x1_0000) {
      w.u8(0xcd);
      w.u16(value);
    } else if (value < 0x1_0000_0000) {
      w.u8(0xce);
      w.u32(value);
    } else {
      w.u8(0xcf);
      w.i64(value);
    }
  } else if (value >= -0x20) w.u8(value & 0xff);
  else if (value >= -0x80) {
    w.u8(0xd0);
    w.u8(value & 0xff);
  } else if (value >= -0x8000) {
    w.u8(0xd1);
    w.u16(value & 0xffff);
  } else if (value >= -0x8000_0000) {
    w.u8(0xd2);
    w.u32(value >>> 0);
  } else {
    w.u8(0xd3);
    w.i64(value);
  }
}

export function packBigint(w: Writer, value: bigint): void {
  if (value < INT64_MIN || value > INT64_MAX) throw new InvalidValue(`${value}n does not fit a 64-bit signed integer`);
  const near = Number(value);
  if (Number.isSafeInteger(near)) {
    packInteger(w, near);
    return;
  }
  w.u8(value < 0n ? 0xd3 : 0xcf);
  w.i64(value);
}

export function packDouble(w: Writer, value: number): void {
  w.u8(0xcb);
  w.f64(value);
}

export function packString(w: Writer, value: string): void {
  packPrefixed(w, value, ParticleType.STRING);
}

/** A string without the type byte: names of bins and variables in expressions. */
export function packRawString(w: Writer, value: string): void {
  packStringHeader(w, utf8Length(value));
  w.utf8(value);
}

export function packBytes(w: Writer, value: Uint8Array, type: number): void {
  packStringHeader(w, value.length + 1);
  w.u8(type);
  w.bytes(value);
}

function packPrefixed(w: Writer, text: string, type: number): void {
  const length = utf8Length(text);
  // A lone surrogate has no UTF-8 and would come back as another string.
  if (length !== text.length && !text.isWellFormed()) {
    throw new InvalidValue("the string holds half a surrogate pair, which UTF-8 can't carry");
  }
  packStringHeader(w, length + 1);
  w.u8(type);
  w.utf8(text);
}

function packStringHeader(w: Writer, length: number): void {
  if (length < 0x20) w.u8(0xa0 | length);
  else if (length < 0x100) {
    w.u8(0xd9);
    w.u8(length);
  } else if (length < 0x1_0000) {
    w.u8(0xda);
    w.u16(length);
  } else {
    w.u8(0xdb);
    w.u32(length);
  }
}

export function packListHeader(w: Writer, count: number): void {
  if (count < 0x10) w.u8(0x90 | count);
  else if (count < 0x1_0000) {
    w.u8(0xdc);
    w.u16(count);
  } else {
    w.u8(0xdd);
    w.u32(count);
  }
}

/** `pairs` includes the pair of an order marker, if one follows. */
export function packMapHeader(w: Writer, pairs: number): void {
  if (pairs < 0x10) w.u8(0x80 | pairs);
  else if (pairs < 0x1_0000) {
    w.u8(0xde);
    w.u16(pairs);
  } else {
    w.u8(0xdf);
    w.u32(pairs);
  }
}

function packList(w: Writer, list: readonly unknown[], specials: boolean, depth: number): void {
  checkDepth(depth);
  const count = list.length;
  packListHeader(w, count);
  for (let i = 0; i < count; i++) {
    try {
      pack(w, list[i], specials, depth + 1);
    } catch (error) {
      throw within(`[${i}]`, error);
    }
  }
}

function packMap(w: Writer, map: ReadonlyMap<unknown, unknown>, specials: boolean, depth: number): void {
  checkDepth(depth);
  const keys: MapKey[] = [];
  for (const key of map.keys()) keys.push(checkMapKey(key));
  keys.sort(compareMapKeys);
  refuseEqualKeys(keys);
  packOrderedMapHeader(w, keys.length);
  for (const key of keys) {
    pack(w, key, false, depth + 1);
    packMember(w, key, map.get(key), specials, depth);
  }
}

function packPlainObject(w: Writer, object: Record<string, unknown>, specials: boolean, depth: number): void {
  checkDepth(depth);
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  // Most often they were put in in their order.
  if (keys.some((key, i) => i > 0 && compareCodePoints(keys[i - 1]!, key) > 0)) keys.sort(compareCodePoints);
  packOrderedMapHeader(w, keys.length);
  for (const key of keys) {
    packString(w, key);
    packMember(w, key, object[key], specials, depth);
  }
}

function packMember(w: Writer, key: MapKey, member: unknown, specials: boolean, depth: number): void {
  try {
    pack(w, member, specials, depth + 1);
  } catch (error) {
    throw within(typeof key === "string" && /^\w+$/.test(key) ? `.${key}` : `[${describe(key)}]`, error);
  }
}

function packOrderedMapHeader(w: Writer, pairs: number): void {
  packMapHeader(w, pairs + 1);
  w.u8(0xc7);
  w.u8(0);
  w.u8(1);
  w.u8(0xc0);
}

/** Integers, strings and blobs: anything else as a key corrupts data on some servers. */
export function checkMapKey(key: unknown): MapKey {
  if (typeof key === "string") return key;
  if (typeof key === "number" && Number.isSafeInteger(key)) return key;
  if (typeof key === "bigint" && key >= INT64_MIN && key <= INT64_MAX) return key;
  if (typeof key === "object" && key !== null && isBytes(key)) return key;
  const hint = typeof key === "number" && isAmbiguousNumber(key) ? "; use BigInt(…) for an integer beyond 2^53" : "";
  throw new InvalidValue(`${describe(key)} can't be a map key: keys are 64-bit integers, strings and blobs${hint}`);
}

function refuseEqualKeys(sorted: readonly MapKey[]): void {
  for (let i = 1; i < sorted.length; i++) {
    const key = sorted[i]!;
    if (compareMapKeys(sorted[i - 1]!, key) === 0) {
      throw new InvalidValue(`the map has the key ${describe(key)} twice once both are Aerospike keys`);
    }
  }
}

function checkDepth(depth: number): void {
  if (depth >= MAX_NESTING) throw new InvalidValue(`nested deeper than ${MAX_NESTING} levels (or a cycle)`);
}

/** True across realms and for subclasses such as Node's Buffer. */
export function isBytes(value: object): value is Uint8Array {
  return value instanceof Uint8Array || Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** Object literals and null-prototype objects, of any realm; not instances of classes. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
