import { ProtocolError } from "../protocol-error.js";
import { decodeUtf8 } from "./utf8.js";

/** Below this a loop beats a view and the runtime's own copying. */
const SHORT_COPY = 32;

/** Reads big-endian fields from a stretch of bytes and never past its end: a short stretch is a ProtocolError. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** Where the next read starts, and where reading must end: offsets into `bytes`. */
  at: number;
  end: number;
  /** Nothing else lies in the memory of `bytes`, and nobody writes there any more. */
  isOwn = false;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.bytes[this.#take(1)]!;
  }

  peekU8(): number {
    const at = this.#take(1);
    this.at = at;
    return this.bytes[at]!;
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u16le(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** At an offset into {@link bytes}, without moving; the caller has made sure of the bytes. */
  u32At(at: number): number {
    return this.#view.getUint32(at);
  }

  /** 48 bits, exact in a number. */
  u48(): number {
    const at = this.#take(6);
    return this.#view.getUint16(at) * 0x1_0000_0000 + this.#view.getUint32(at + 2);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  i64le(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  /** An int64 as a number when it is safe, else as a bigint. */
  integer(): number | bigint {
    const at = this.#take(8);
    const high = this.#view.getInt32(at);
    // Within ±2^52 the two halves add up exactly.
    if (high >= -0x10_0000 && high < 0x10_0000) return high * 0x1_0000_0000 + this.#view.getUint32(at + 4);
    const exact = this.#view.getBigInt64(at);
    const near = Number(exact);
    return Number.isSafeInteger(near) ? near : exact;
  }

  f32(): number {
    return this.#view.getFloat32(this.#take(4));
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  /** A view, not a copy. */
  view(size: number): Uint8Array {
    const at = this.#take(size);
    return this.bytes.subarray(at, at + size);
  }

  /** A plain Uint8Array, also when a runtime's subclass came in (`slice` of a Buffer is a view). */
  copy(size: number): Uint8Array {
    const at = this.#take(size);
    if (size > SHORT_COPY) return new Uint8Array(this.bytes.subarray(at, at + size));
    const copy = new Uint8Array(size);
    for (let i = 0; i < size; i++) copy[i] = this.bytes[at + i]!;
    return copy;
  }

  /** Bytes that last: a copy, or a view where they are most of a memory that nothing else is in. */
  lasting(size: number): Uint8Array {
    if (!this.isOwn || size < this.bytes.length / 2) return this.copy(size);
    const at = this.#take(size);
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + at, size);
  }

  utf8(size: number): string {
    const at = this.#take(size);
    return decodeUtf8(this.bytes, at, at + size);
  }

  skip(size: number): void {
    this.#take(size);
  }

  #take(size: number): number {
    const at = this.at;
    if (size > this.end - at || size < 0) {
      throw new ProtocolError(`${size} bytes were announced where ${this.end - at} are left`);
    }
    this.at = at + size;
    return at;
  }
}
