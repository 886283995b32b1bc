import { FRESH_MEMORY, type Memory } from "./memory.js";
import { type AnyInteger, writeUtf8 } from "./utf8.js";

const FIRST_SIZE = 512;

/** A growing buffer of big-endian fields. It is kept and used again: `take()` hands the bytes out and starts anew. */
export class Writer {
  readonly #memory: Memory;
  #bytes: Uint8Array;
  #view: DataView;
  /** Bytes written so far. */
  length = 0;

  /** @param memory where the buffer comes from once it is larger than `size` bytes */
  constructor(size = FIRST_SIZE, memory: Memory = FRESH_MEMORY) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.length, value);
    this.length += 2;
  }

  u16le(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.length, value, true);
    this.length += 2;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.length, value);
    this.length += 4;
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.length, value);
    this.length += 8;
  }

  u64le(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.length, value, true);
    this.length += 8;
  }

  /** A safe integer or a bigint in int64. */
  i64(value: AnyInteger): void {
    this.#reserve(8);
    if (typeof value === "number") {
      this.#view.setInt32(this.length, Math.floor(value / 0x1_0000_0000));
      this.#view.setUint32(this.length + 4, value >>> 0);
    } else {
      this.#view.setBigInt64(this.length, value);
    }
    this.length += 8;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.length, value);
    this.length += 8;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.length);
    this.length += value.length;
  }

  /** The UTF-8 of a string, without length or terminator; returns how many bytes that was. */
  utf8(value: string): number {
    this.#reserve(value.length * 3);
    const count = writeUtf8(value, this.#bytes, this.length);
    this.length += count;
    return count;
  }

  /** Leaves `size` zeroed bytes for a later patch and returns where they are. */
  gap(size: number): number {
    this.#reserve(size);
    const bytes = this.#bytes;
    const at = this.length;
    const end = at + size;
    // Gaps are a few bytes, for which fill() takes longer.
    for (let i = at; i < end; i++) bytes[i] = 0;
    this.length = end;
    return at;
  }

  patchU8(at: number, value: number): void {
    this.#bytes[at] = value;
  }

  patchU16(at: number, value: number): void {
    this.#view.setUint16(at, value);
  }

  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value);
  }

  /** The low 48 bits of a size, as the proto header has them. */
  patchU48(at: number, value: number): void {
    this.#view.setUint16(at, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(at + 2, value >>> 0);
  }

  /** Makes room of `size` bytes at `at` by moving what follows. */
  insert(at: number, size: number): void {
    this.#reserve(size);
    this.#bytes.copyWithin(at + size, at, this.length);
    this.length += size;
  }

  /** Drops everything after `length`: undoes a message that could not be finished. */
  rewind(length: number): void {
    this.length = length;
  }

  /** The bytes written, and behind {@link length} whatever is there; good until the next write. */
  get buffer(): Uint8Array {
    return this.#bytes;
  }

  /** A view of the bytes written, good until the next write. */
  view(from = 0): Uint8Array {
    return this.#bytes.subarray(from, this.length);
  }

  /** A copy of the bytes written. */
  copy(from = 0): Uint8Array {
    return this.#bytes.slice(from, this.length);
  }

  /** Hands the bytes out for good; the writer goes on in a new buffer of the first size. */
  take(size = FIRST_SIZE): Uint8Array {
    const { length } = this;
    return this.takeBuffer(size).subarray(0, length);
  }

  /** As {@link take}, but all of the buffer, so that it can be given back to the memory that it is from. */
  takeBuffer(size: number): Uint8Array {
    const buffer = this.#bytes;
    this.#bytes = this.#memory.take(size);
    this.#view = new DataView(this.#bytes.buffer);
    this.length = 0;
    return buffer;
  }

  #reserve(size: number): void {
    if (this.length + size > this.#bytes.length) this.#grow(this.length + size);
  }

  /** Apart from the check for room, which stands before every field and has to be short. */
  #grow(need: number): void {
    const grown = this.#memory.take(Math.max(need, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#memory.give(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
