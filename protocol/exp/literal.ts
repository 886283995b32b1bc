import { Reader } from "../bytes/reader.js";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.js";
import { Writer } from "../bytes/writer.js";
import { MAX_NESTING } from "../limits.js";
import { Double } from "../value/double.js";
import { GeoJson } from "../value/geojson.js";
import { Hll } from "../value/hll.js";
import { compareBytes, compareMapKeys } from "../value/map-key.js";
import { inOrder, OrderedList } from "../value/ordered-list.js";
import {
  checkMapKey,
  packBigint,
  packBytes,
  packDouble,
  packInteger,
  packListHeader,
  packMapHeader,
  packSearchValue,
  type SearchValue,
} from "../value/pack.js";
import { doubleOf, isOrderMarker, numberOf, PackedHead, PackedType, takeHead } from "../value/packed-head.js";
import { ParticleType } from "../value/particle-type.js";
import { INFINITY, type Special, WILDCARD } from "../value/special.js";
import type { MapKey } from "../value/value.js";

// Literals inside of expressions, in the MessagePack dialect of pack.ts. What is read from foreign bytes is written
// again canonically: shortest forms, doubles in eight bytes, maps in key order. A map's order marker says something (an
// unordered map does not compare), so it is kept as it is.

const EMPTY_LIST = 0x90;
const EXTENSION_8 = 0xc7;
const _SPECIAL_TYPE = 0xff;
const KEY_ORDERED = 1;
const KEY_VALUE_ORDERED = 3;

/** Canonical bytes of a value. Throws InvalidValue for what has no Aerospike type. */
export function packLiteral(value: SearchValue): Uint8Array {
  const w = new Writer(64);
  packSearchValue(w, value);
  return w.copy();
}

/** A literal read from bytes: its value, and what is special about it. */
export interface Literal {
  /** As packValue takes it; whole doubles within int64 are Double, so that they stay doubles. */
  readonly value: unknown;
  readonly packed: Uint8Array;
  readonly specials: boolean;
}

/** Reads one literal; throws ProtocolError for broken bytes, TypeError for what must not be sent. */
export function readLiteral(r: Reader): Literal {
  const reading = new Reading(r);
  const value = reading.value(0);
  return { value, packed: reading.w.copy(), specials: reading.specials };
}

/** Whether a packed list has no element; an ordered one has its marker. */
export function isEmptyList(packed: unknown): boolean {
  if (!(packed instanceof Uint8Array)) return false;
  return packed[0] === EMPTY_LIST || (packed[0] === EMPTY_LIST + 1 && packed[1] === MARKER);
}

/** The value of canonical bytes. */
export function literalValue(packed: unknown): unknown {
  return packed instanceof Uint8Array ? readLiteral(new Reader(packed)).value : packed;
}

/** First byte of the mark of an ordered list or map. */
const MARKER = 0xc7;
/** The flag of a sorted list. */
const ORDERED = 1;

const head = new PackedHead();

class Reading {
  readonly r: Reader;
  w = new Writer(64);
  specials = false;

  constructor(r: Reader) {
    this.r = r;
  }

  value(depth: number): unknown {
    if (depth > MAX_NESTING) throw new TypeError(`a literal nests deeper than ${MAX_NESTING} levels`);
    const { r, w } = this;
    takeHead(r, head);
    switch (head.type) {
      case PackedType.NIL:
        w.u8(0xc0);
        return null;
      case PackedType.FALSE:
      case PackedType.TRUE:
        w.u8(head.type === PackedType.TRUE ? 0xc3 : 0xc2);
        return head.type === PackedType.TRUE;
      case PackedType.INTEGER:
      case PackedType.NEGATIVE_INTEGER:
        return this.#integer(numberOf(head));
      case PackedType.DOUBLE:
        return this.#double(doubleOf(head, r.bytes));
      case PackedType.STRING:
      case PackedType.BYTES:
      case PackedType.GEOJSON:
        return this.#bytes(head.content, head.length);
      case PackedType.LIST:
        return this.#list(head.count, depth);
      case PackedType.MAP:
        return this.#map(head.count, depth);
      case PackedType.WILDCARD:
      case PackedType.INFINITY:
        return this.#special(head.type === PackedType.INFINITY ? INFINITY : WILDCARD);
      case PackedType.EXTENSION:
        throw new TypeError("expected a value, got an extension");
    }
  }

  // What does not fit an integer has wrapped around, as it does on the server.
  #integer(value: number | bigint): number | bigint {
    if (typeof value === "number") packInteger(this.w, value);
    else packBigint(this.w, value);
    return value;
  }

  #double(value: number): number | Double {
    packDouble(this.w, value);
    return Number.isSafeInteger(value) ? new Double(value) : value;
  }

  #special(special: Special): symbol {
    packSearchValue(this.w, special);
    this.specials = true;
    return special;
  }

  #bytes(at: number, length: number): unknown {
    if (length === 0) throw new TypeError("a string or blob has no type byte");
    const { bytes } = this.r;
    const type = bytes[at]!;
    const content = new Uint8Array(bytes.subarray(at + 1, at + length));
    packBytes(this.w, content, type);
    switch (type) {
      case ParticleType.STRING:
        return exactText(content);
      case ParticleType.GEOJSON:
        return new GeoJson(exactText(content));
      case ParticleType.HLL:
        return new Hll(content);
      default:
        return content;
    }
  }

  #list(count: number, depth: number): unknown[] {
    this.#checkCount(count, 1);
    const marker = count > 0 ? this.#takeMarker() : undefined;
    packListHeader(this.w, count);
    const list = marker === undefined ? [] : new OrderedList();
    if (marker !== undefined) this.w.bytes(Uint8Array.of(MARKER, 0, marker));
    for (let i = marker === undefined ? 0 : 1; i < count; i++) list.push(this.value(depth + 1));
    if (marker !== undefined && (marker !== ORDERED || !inOrder(list))) {
      throw new TypeError("a list literal claims to be ordered, and is not known to be: servers crash over others");
    }
    return list;
  }

  #map(pairs: number, depth: number): unknown {
    this.#checkCount(pairs, 2);
    let flags = 0;
    let count = pairs;
    const marker = pairs > 0 ? this.#takeMarker() : undefined;
    if (marker !== undefined) {
      flags = marker & KEY_VALUE_ORDERED;
      if (this.r.u8() !== 0xc0) throw new TypeError("a map's order marker has a value");
      count--;
    }
    const entries = this.#entries(count, depth);
    const { w } = this;
    packMapHeader(w, flags === 0 ? count : count + 1);
    if (flags !== 0) for (const byte of [EXTENSION_8, 0, flags, 0xc0]) w.u8(byte);
    const map = new Map<unknown, unknown>();
    for (const { key, value, packed } of entries) {
      w.bytes(packed);
      map.set(key, value);
    }
    return flags === KEY_ORDERED ? map : new UnusualMap(map, flags);
  }

  /** Entries in key order, whatever order they came in. */
  #entries(count: number, depth: number) {
    const outer = this.w;
    const entries: { key: MapKey; value: unknown; packed: Uint8Array }[] = [];
    for (let i = 0; i < count; i++) {
      this.w = new Writer(64);
      const key = checkMapKey(this.value(depth + 1));
      // Packed, its type byte stands before it. With such a key a server writes a list that nobody can read.
      if (typeof key === "object" && this.w.copy().at(-1 - key.length) !== ParticleType.BLOB) {
        throw new TypeError("a blob of another type can't be a key of a map");
      }
      const value = this.value(depth + 1);
      entries.push({ key, value, packed: this.w.copy() });
    }
    this.w = outer;
    entries.sort((a, b) => compareMapKeys(a.key, b.key));
    for (let i = 1; i < entries.length; i++) {
      if (compareMapKeys(entries[i - 1]!.key, entries[i]!.key) === 0)
        throw new TypeError("a map literal has a key twice");
    }
    return entries;
  }

  /** Takes the order marker of a list or map, if one comes next, and gives its flags. */
  #takeMarker(): number | undefined {
    const { r } = this;
    if (!head.read(r.bytes, r.at, r.end) || !isOrderMarker(head)) return undefined;
    r.at = head.next;
    return head.extensionType;
  }

  #checkCount(count: number, least: number): void {
    if (count * least > this.r.left)
      throw new TypeError(`a literal announces ${count} entries in ${this.r.left} bytes`);
  }
}

/** The text of UTF-8 bytes. Throws TypeError for any others: they could not be sent again as they came. */
export function exactText(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes, 0, bytes.length);
  if (text.includes("\uFFFD") && compareBytes(encodeUtf8(text), bytes) !== 0)
    throw new TypeError("a string is not UTF-8");
  return text;
}

/** A map whose order is not the one that this client always sends; only ever met in expressions of other clients. */
export class UnusualMap {
  readonly map: ReadonlyMap<unknown, unknown>;
  /** 0 unordered, 3 ordered by key and value. */
  readonly flags: number;

  constructor(map: ReadonlyMap<unknown, unknown>, flags: number) {
    this.map = map;
    this.flags = flags;
  }
}
