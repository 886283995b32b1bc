import { PackedError } from "./packed-error.js";

/** Twice as deep as what is packed, and more: a Set is an Array inside. */
const DEEPEST = 1_024;
/** How many shapes a value may bring: msgpackr compiles a reader for each. */
const MOST_OWN_SHAPES = 10_000;

/** Bytes of an element of a typed array, by msgpackr's number for its type; then those of ArrayBuffer and DataView. */
const ELEMENT_SIZES: readonly (number | undefined)[] = [1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8];
const ARRAY_BUFFER = 16;
const DATA_VIEW = 17;

/** The extensions of MessagePack, by what msgpackr uses them for. */
const Extension = {
  UNDEFINED: 0x00,
  BIGINT: 0x42,
  ERROR: 0x65,
  ID: 0x69,
  POINTER: 0x70,
  SHAPE: 0x72,
  SET: 0x73,
  TYPED_ARRAY: 0x74,
  REGEXP: 0x78,
  TIMESTAMP: 0xff,
} as const;

/** What follows a head: so many bytes, an extension of so many bytes, so many values, or so many entries of a map. */
type Follows = "bytes" | "extension" | "values" | "entries" | "object";

/** The heads from 0xc0 to 0xdf: what follows, and how many, or in how many bytes that is said. */
const HEADS: readonly (readonly [Follows, number, "long"?] | undefined)[] = [
  ["bytes", 0],
  undefined,
  ["bytes", 0],
  ["bytes", 0],
  ["bytes", 1, "long"],
  ["bytes", 2, "long"],
  ["bytes", 4, "long"],
  ["extension", 1, "long"],
  ["extension", 2, "long"],
  ["extension", 4, "long"],
  ["bytes", 4],
  ["bytes", 8],
  ["bytes", 1],
  ["bytes", 2],
  ["bytes", 4],
  ["bytes", 8],
  ["bytes", 1],
  ["bytes", 2],
  ["bytes", 4],
  ["bytes", 8],
  ["extension", 1],
  ["extension", 2],
  ["extension", 4],
  ["extension", 8],
  ["extension", 16],
  ["bytes", 1, "long"],
  ["bytes", 2, "long"],
  ["bytes", 4, "long"],
  ["values", 2, "long"],
  ["values", 4, "long"],
  ["entries", 2, "long"],
  ["entries", 4, "long"],
];

/** The head of an extension of four bytes. */
const FIXED_4 = 0xd6;
const utf8 = new TextDecoder();
const PROTO = new TextEncoder().encode("__proto__");

/**
 * Goes through all bytes of a value before msgpackr is given them, which trusts lengths, nesting, extensions and names
 * more than bytes from a network deserve: it would allocate, recurse, compile and rename as they say.
 * @param isClone whether it may have what MessagePack can't say
 * @param shapes how many properties each of the known shapes has
 * @returns how many of the known shapes it needs
 * @throws PackedError
 */
export function scan(bytes: Uint8Array, isClone: boolean, shapes: readonly number[]): number {
  const scanner = new Scanner(bytes, isClone, shapes);
  scanner.value(0);
  if (scanner.at < bytes.length) scanner.fail(`${bytes.length - scanner.at} bytes are behind the value`);
  return scanner.needed;
}

class Scanner {
  at = 0;
  /** How many of the known shapes were met, counted from the first. */
  needed = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #isClone: boolean;
  readonly #known: number;
  readonly #sizes: number[];
  #ownShapes = 0;
  /** What pointers may point to: how many names there are, or -1 where it is a value. */
  readonly #ids = new Map<number, number>();
  #count = 0;

  constructor(bytes: Uint8Array, isClone: boolean, shapes: readonly number[]) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isClone = isClone;
    this.#known = shapes.length;
    this.#sizes = [...shapes];
  }

  fail(what: string): never {
    throw new PackedError(`The packed value can't be read: ${what}, at byte ${this.at} of ${this.#bytes.length}`);
  }

  value(depth: number): void {
    if (depth > DEEPEST) this.fail(`it is nested deeper than ${DEEPEST} levels`);
    const follows = this.#head();
    if (follows === "bytes") this.#skip(this.#count);
    else if (follows === "values") this.#values(this.#count, depth);
    else if (follows === "entries") this.#entries(this.#count, depth);
    else if (follows === "extension") this.#extension(this.#count, depth);
    else this.#object(this.#count, depth);
  }

  /** Reads a head, and puts how many of it there are into `#count`; of an object, its shape. */
  #head(): Follows {
    const head = this.#uint(1);
    if (head < 0x80) {
      const isObject = this.#isClone && head >= 0x40;
      this.#count = isObject ? head & 0x3f : 0;
      return isObject ? "object" : "bytes";
    }
    if (head < 0xc0) {
      this.#count = head & (head < 0xa0 ? 0x0f : 0x1f);
      return head < 0x90 ? "entries" : head < 0xa0 ? "values" : "bytes";
    }
    if (head >= 0xe0) {
      this.#count = 0;
      return "bytes";
    }
    const known = HEADS[head - 0xc0];
    if (known === undefined) return this.fail(`a value begins with 0x${head.toString(16)}`);
    const [follows, size, isLong] = known;
    this.#count = isLong === undefined ? size : this.#uint(size);
    return follows;
  }

  #uint(size: number): number {
    const at = this.at;
    this.#skip(size);
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #skip(size: number): void {
    if (size > this.#bytes.length - this.at) this.fail(`${size} bytes should follow`);
    this.at += size;
  }

  #values(count: number, depth: number): void {
    // A value takes a byte at least.
    if (count > this.#bytes.length - this.at) this.fail(`${count} values should follow`);
    for (let i = 0; i < count; i++) this.value(depth + 1);
  }

  #entries(count: number, depth: number): void {
    if (2 * count > this.#bytes.length - this.at) this.fail(`${count} entries should follow`);
    for (let i = 0; i < count; i++) {
      // In plain values a map is an object, whose names are text, or numbers where another language wrote them.
      if (this.#isClone) this.value(depth + 1);
      else this.#name();
      this.value(depth + 1);
    }
  }

  #name(): void {
    const head = this.#bytes[this.at] ?? 0;
    const isInteger = head < 0x80 || head >= 0xe0 || (head >= 0xcc && head <= 0xd3);
    if (isInteger) this.value(0);
    else this.#text();
  }

  /** A text, which may be the name of a property. */
  #text(): Uint8Array {
    const head = this.#bytes[this.at] ?? 0;
    const isText = (head >= 0xa0 && head < 0xc0) || (head >= 0xd9 && head <= 0xdb);
    if (!isText) this.fail("a name is no text");
    this.#head();
    const length = this.#count;
    this.#skip(length);
    const text = this.#bytes.subarray(this.at - length, this.at);
    if (length === PROTO.length && PROTO.every((byte, i) => byte === text[i])) {
      this.fail("a property is named __proto__");
    }
    return text;
  }

  /** An object of a shape that is known, or that the value has brought. */
  #object(id: number, depth: number): void {
    const size = this.#sizes[id];
    if (size === undefined) this.fail(`it has no shape ${id}`);
    if (id < this.#known) this.needed = Math.max(this.needed, id + 1);
    this.#values(size, depth);
  }

  #extension(length: number, depth: number): void {
    const type = this.#uint(1);
    const from = this.at;
    this.#skip(length);
    const number = length === 4 ? this.#view.getUint32(from) : 0;
    if (type === Extension.UNDEFINED) this.#expect(length === 1, type);
    else if (type === Extension.BIGINT) this.#expect(length > 0, type);
    else if (type === Extension.TIMESTAMP) this.#expect([1, 4, 8, 12].includes(length), type);
    else if (type === Extension.TYPED_ARRAY) this.#typedArray(from, length);
    else if (!this.#isClone) this.fail(`it has an extension of type ${type}`);
    else if (type === Extension.POINTER) this.#expect(length === 4 && this.#ids.has(number), type);
    else if (type === Extension.ID) {
      this.#expect(length === 4, type);
      this.#ids.set(number, -1);
      this.value(depth + 1);
    } else {
      this.#expect(length === 1, type);
      if (type === Extension.SHAPE) this.#ownShape((this.#bytes[from] ?? 0) & 0x3f, depth);
      else if (type === Extension.SET) this.#set(depth);
      else if (type === Extension.REGEXP) this.#regExp();
      else if (type === Extension.ERROR) this.#error(depth);
      else this.fail(`it has an extension of type ${type}`);
    }
  }

  #set(depth: number): void {
    this.#expect(this.#array(), Extension.SET);
    this.value(depth + 1);
  }

  #regExp(): void {
    this.#expect(this.#uint(1) === 0x92, Extension.REGEXP);
    this.#text();
    this.#text();
  }

  #expect(isRight: boolean, type: number): void {
    if (!isRight) this.fail(`an extension of type ${type} is wrong`);
  }

  #array(): boolean {
    const head = this.#bytes[this.at] ?? 0;
    return (head >= 0x90 && head < 0xa0) || head === 0xdc || head === 0xdd;
  }

  #typedArray(from: number, length: number): void {
    const type = this.#bytes[from] ?? -1;
    const size = type === ARRAY_BUFFER || type === DATA_VIEW ? 1 : ELEMENT_SIZES[type];
    this.#expect(length > 0 && size !== undefined && (length - 1) % size === 0, Extension.TYPED_ARRAY);
  }

  /** Names of properties, and an object that has them. */
  #ownShape(id: number, depth: number): void {
    if (id < this.#known) this.fail(`it changes the known shape ${id}`);
    if (++this.#ownShapes > MOST_OWN_SHAPES) this.fail(`its objects are of more than ${MOST_OWN_SHAPES} shapes`);
    const count = this.#names();
    this.#sizes[id] = count;
    this.#values(count, depth);
  }

  /** The names of a shape. Where one comes again after 64 others, they may be a pointer to where they came first. */
  #names(): number {
    if (this.#isNext(Extension.POINTER)) {
      const count = this.#ids.get(this.#number()) ?? -1;
      this.#expect(count >= 0, Extension.POINTER);
      return count;
    }
    const id = this.#isNext(Extension.ID) ? this.#number() : undefined;
    this.#expect(this.#array(), Extension.SHAPE);
    this.#head();
    const count = this.#count;
    if (count > this.#bytes.length - this.at) this.fail(`${count} names should follow`);
    for (let i = 0; i < count; i++) this.#text();
    if (id !== undefined) this.#ids.set(id, count);
    return count;
  }

  #isNext(type: number): boolean {
    return this.#bytes[this.at] === FIXED_4 && this.#bytes[this.at + 1] === type;
  }

  /** The number in an extension of four bytes. */
  #number(): number {
    this.#skip(2);
    return this.#uint(4);
  }

  /** Name, message, cause, and the errors of an AggregateError. */
  #error(depth: number): void {
    const count = this.#uint(1) & 0x0f;
    this.#expect(this.#bytes[this.at - 1] === (0x90 | count) && (count === 3 || count === 4), Extension.ERROR);
    // msgpackr looks the class up in an object, which has more names than those of errors.
    this.#expect(!(utf8.decode(this.#text()) in Object.prototype), Extension.ERROR);
    this.#text();
    for (let i = 2; i < count; i++) this.value(depth + 1);
  }
}
