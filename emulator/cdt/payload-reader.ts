import { integerOf, isInteger, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { holdsSpecials, packedEnd } from "../packed/size.js";

/** Reads the packed values of an operation's payload one after the other; what is not there or of another type is undefined. */
export class PayloadReader {
  readonly #bytes: Uint8Array;
  readonly #head = new PackedHead();
  #at: number;
  /** A wildcard or infinity went by. From then on the server takes no value to be stored, wherever it stood. */
  sawSpecials = false;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The count of a list whose elements come next. */
  list(): number | undefined {
    if (!this.#head.read(this.#bytes, this.#at, this.#bytes.length) || this.#head.type !== PackedType.LIST)
      return undefined;
    this.#at = this.#head.next;
    return this.#head.count;
  }

  /** A 64-bit signed integer; what unsigned ones have above it wraps. */
  integer(): bigint | undefined {
    if (!this.#head.read(this.#bytes, this.#at, this.#bytes.length) || !isInteger(this.#head.type)) return undefined;
    this.#at = this.#head.next;
    return integerOf(this.#head);
  }

  /** A 64-bit unsigned integer; negative ones wrap. */
  unsigned(): bigint | undefined {
    const integer = this.integer();
    return integer === undefined ? undefined : BigInt.asUintN(64, integer);
  }

  bool(): boolean | undefined {
    const byte = this.#bytes[this.#at];
    if (byte !== 0xc2 && byte !== 0xc3) return undefined;
    this.#at++;
    return byte === 0xc3;
  }

  /** The content of a string or blob, the particle type byte in front. */
  content(): Uint8Array | undefined {
    const head = this.#head;
    if (!head.read(this.#bytes, this.#at, this.#bytes.length)) return undefined;
    const { type, content, next } = head;
    if (type !== PackedType.BYTES && type !== PackedType.STRING && type !== PackedType.GEOJSON) return undefined;
    this.#at = next;
    return this.#bytes.subarray(content, next);
  }

  /** Any value, still packed. */
  value(): Uint8Array | undefined {
    const end = packedEnd(this.#bytes, this.#at, this.#bytes.length);
    if (end < 0) return undefined;
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    if (holdsSpecials(value)) this.sawSpecials = true;
    return value;
  }
}
