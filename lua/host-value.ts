import { compareBytes } from "../protocol/value/map-key.js";
import { ParticleType } from "../protocol/value/particle-type.js";

/** Bytes as a string of which every character is one byte: what Lua's strings are. */
export type ByteText = string;

/**
 * A value on its way between a record and a function. Integers are bigint, doubles number, nil null. Lists, maps and bytes
 * are shared by reference, as the server's are: a change shows wherever the value is held.
 */
export type HostValue = null | boolean | bigint | number | ByteText | HostList | HostMap | HostBytes | HostGeoJson;

/** Past this a list would fill the memory before it is of use. */
const MAX_LIST = 2 ** 24;

export class HostList {
  readonly items: HostValue[];
  /** Marker flags that the list was read with: an ordered list stays one when it is written back. */
  readonly flags: number;
  /** A list made with a growth of 0 never holds more. */
  readonly capacity: number;

  constructor(items: HostValue[] = [], flags = 0, capacity = MAX_LIST) {
    this.items = items;
    this.flags = flags;
    this.capacity = Math.min(capacity, MAX_LIST);
  }

  /** What comes after is moved up, a gap is filled with nil. Indexes start at 0. */
  insert(index: number, value: HostValue): void {
    if (Math.max(index, this.items.length) + 1 > this.capacity) return;
    this.#fill(index);
    this.items.splice(index, 0, value);
  }

  set(index: number, value: HostValue): void {
    if (index >= this.capacity) return;
    this.#fill(index);
    this.items[index] = value;
  }

  append(values: readonly HostValue[]): void {
    if (this.items.length + values.length > this.capacity) return;
    for (const value of values.slice()) this.items.push(value);
  }

  #fill(length: number): void {
    while (this.items.length < length) this.items.push(null);
  }
}

export type HostKey = bigint | ByteText | HostBytes;

/** The keys that maps take; undefined for any other value. */
export function hostKey(value: HostValue | undefined): HostKey | undefined {
  if (typeof value === "bigint" || typeof value === "string") return value;
  return value instanceof HostBytes && value.type === ParticleType.BLOB ? value : undefined;
}

/** A map in key order: integers, strings, bytes. */
export class HostMap {
  readonly keys: HostKey[] = [];
  readonly values: HostValue[] = [];
  /** Marker flags that the map was read with. */
  readonly flags: number;

  constructor(flags = 0) {
    this.flags = flags;
  }

  get size(): number {
    return this.keys.length;
  }

  get(key: HostKey): HostValue | undefined {
    const place = this.#place(key);
    return this.#isAt(place, key) ? this.values[place] : undefined;
  }

  set(key: HostKey, value: HostValue): void {
    const place = this.#place(key);
    const found = this.#isAt(place, key) ? 1 : 0;
    this.keys.splice(place, found, key);
    this.values.splice(place, found, value);
  }

  remove(key: HostKey): void {
    const place = this.#place(key);
    if (!this.#isAt(place, key)) return;
    this.keys.splice(place, 1);
    this.values.splice(place, 1);
  }

  #isAt(place: number, key: HostKey): boolean {
    const there = this.keys[place];
    return there !== undefined && compareKeys(there, key) === 0;
  }

  /** Where the key is, or would be. */
  #place(key: HostKey): number {
    const last = this.keys[this.keys.length - 1];
    if (last !== undefined && compareKeys(last, key) < 0) return this.keys.length;
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.keys[middle];
      if (there !== undefined && compareKeys(there, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compareKeys(a: HostKey, b: HostKey): number {
  if (typeof a === "object" && typeof b === "object") return compareBytes(a.view, b.view);
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return rank(a) - rank(b);
}

function rank(key: HostKey): number {
  if (typeof key === "bigint") return 0;
  return typeof key === "string" ? 1 : 2;
}

/** Past this a buffer would fill the memory. */
const MAX_BYTES = 2 ** 26;

/** A growing buffer, and the type of blob that it is. What lies between size and capacity can be written and read. */
export class HostBytes {
  #buffer: Uint8Array;
  size: number;
  type: number;

  constructor(buffer: Uint8Array = new Uint8Array(0), size = buffer.length, type: number = ParticleType.BLOB) {
    this.#buffer = buffer;
    this.size = size;
    this.type = type;
  }

  get view(): Uint8Array {
    return this.#buffer.subarray(0, this.size);
  }

  get capacity(): number {
    return this.#buffer.length;
  }

  /** False when the buffer can't become that big. */
  ensure(capacity: number, mayGrow = true): boolean {
    if (capacity <= this.#buffer.length) return true;
    if (!mayGrow || capacity > MAX_BYTES) return false;
    const grown = new Uint8Array(capacity);
    grown.set(this.#buffer);
    this.#buffer = grown;
    return true;
  }

  /** Writes, making room; false when that can't be. */
  write(at: number, bytes: Uint8Array): boolean {
    if (!this.ensure(at + bytes.length)) return false;
    this.#buffer.set(bytes, at);
    this.size = Math.max(this.size, at + bytes.length);
    return true;
  }

  /** A copy of `length` bytes; what lies behind the buffer reads as 0, and nothing is given of a length beyond reason. */
  slice(at: number, length: number): Uint8Array | undefined {
    if (length > MAX_BYTES) return undefined;
    const copy = new Uint8Array(length);
    copy.set(this.#buffer.subarray(Math.min(at, this.capacity), Math.min(at + length, this.capacity)));
    return copy;
  }

  /** A byte of the buffer, beyond the size as well. */
  byteAt(at: number): number {
    return this.#buffer[at] ?? 0;
  }

  /** Writes a byte into the buffer without counting it; false past the capacity. */
  poke(at: number, byte: number): boolean {
    if (at >= this.#buffer.length) return false;
    this.#buffer[at] = byte;
    return true;
  }
}

export class HostGeoJson {
  readonly text: ByteText;

  constructor(text: ByteText) {
    this.text = text;
  }
}

/** A record that a function is called with. Lists and maps can't hold one. */
export abstract class HostRecord {}
