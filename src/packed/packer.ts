import { Packr } from "msgpackr/pack";
import { describe } from "../../protocol/value/invalid-value.js";
import { checkStructure } from "./check-structure.js";
import { PackedError } from "./packed-error.js";
import { scan } from "./scan.js";
import { FINGERPRINT_SIZE, type Shape, Shapes } from "./shapes.js";

/** Begins a value that needs more than MessagePack: where that has no value at all, so that no other reader takes it for one. */
const CLONE = 0xc1;
/** Behind it: how many declared shapes the value needs; from 33 on, what later versions make of it. */
const HEADER_SIZE = 2;

/** msgpackr has one byte for a shape, of which 64 stand for one. */
const ALL_SHAPES = 64;

const ALWAYS = { copyBuffers: true, useToJSON: false };
const plain = new Packr({ ...ALWAYS, useRecords: false, variableMapSize: true, useBigIntExtension: true });

/** msgpackr for values that need more than MessagePack; it keeps what it learns of shapes in the list that it is given. */
function clonePackr(shapes: readonly Shape[]): Packr {
  return new Packr({
    ...ALWAYS,
    structures: shapes.map((shape) => [...shape]),
    maxSharedStructures: shapes.length,
    maxOwnStructures: ALL_SHAPES - shapes.length,
    structuredClone: true,
    mapsAsObjects: false,
  });
}

/**
 * Packs values and reads them again. Plain trees are MessagePack as every language reads it; all others, and all where
 * shapes are declared, are msgpackr's own way of it behind a header that says so.
 */
export class Packer {
  readonly #maxBytes: number;
  readonly #shapes: Shapes;
  readonly #sizes: readonly number[];
  readonly #isCompact: boolean;
  readonly #writer: Packr;
  /** By how many shapes a value needs: its own begin behind these. */
  readonly #readers: Packr[] = [];

  /** @throws TypeError or RangeError for shapes that are none */
  constructor(shapes: readonly Shape[] | undefined, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#isCompact = shapes !== undefined;
    this.#shapes = new Shapes(shapes ?? []);
    this.#sizes = this.#shapes.list.map((shape) => shape.length);
    this.#writer = clonePackr(this.#shapes.list);
  }

  /** @throws TypeError or RangeError for a value that can't be packed */
  pack(value: unknown): Uint8Array {
    const isClone = checkStructure(value) || this.#isCompact;
    // The bytes stand in a buffer of msgpackr's own.
    const body = (isClone ? this.#writer : plain).pack(value);
    if (body.length > this.#maxBytes) throw this.#tooLarge(body.length);
    const needed = writable(body, isClone, this.#sizes);
    const header = isClone ? Uint8Array.of(CLONE, needed, ...(this.#shapes.fingerprint(needed) ?? [])) : NO_HEADER;
    const bytes = new Uint8Array(header.length + body.length);
    if (bytes.length > this.#maxBytes) throw this.#tooLarge(bytes.length);
    bytes.set(header);
    bytes.set(body, header.length);
    return bytes;
  }

  /** @throws PackedError */
  unpack(stored: unknown): unknown {
    if (!(stored instanceof Uint8Array)) throw unreadable(`expected bytes, got ${describe(stored)}`);
    if (stored.length > this.#maxBytes) {
      throw unreadable(`it has ${stored.length} bytes, where maxBytes allows ${this.#maxBytes}`);
    }
    // msgpackr writes a property into what it is given, and makes copies of its class.
    const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.length);
    if (bytes[0] !== CLONE) return read(plain, bytes, false, []);
    const needed = bytes[1] ?? Number.POSITIVE_INFINITY;
    if (needed > ALL_SHAPES / 2) throw unreadable("a later version has made it, or nobody");
    const start = needed === 0 ? HEADER_SIZE : HEADER_SIZE + FINGERPRINT_SIZE;
    this.#checkShapes(needed, bytes.subarray(HEADER_SIZE, start));
    this.#readers[needed] ??= clonePackr(this.#shapes.list.slice(0, needed));
    return read(this.#readers[needed], bytes.subarray(start), true, this.#sizes.slice(0, needed));
  }

  #checkShapes(needed: number, fingerprint: Uint8Array): void {
    if (needed === 0) return;
    const known = this.#shapes.list.length;
    const own = this.#shapes.fingerprint(needed);
    if (own === undefined) throw unreadable(`it needs the first ${needed} shapes, and ${known} are declared here`);
    if (fingerprint.length < own.length || own.some((byte, i) => byte !== fingerprint[i])) {
      throw unreadable(`it needs ${needed} shapes, which are others than the first ${needed} that are declared here`);
    }
  }

  #tooLarge(size: number): RangeError {
    return new RangeError(`The packed value has ${size} bytes, where maxBytes allows ${this.#maxBytes}`);
  }
}

const NO_HEADER = new Uint8Array(0);

/** Reads what was just written, by the eyes of those who read it later; says how many shapes it needs. */
function writable(body: Uint8Array, isClone: boolean, sizes: readonly number[]): number {
  try {
    return scan(body, isClone, sizes);
  } catch (error) {
    if (!(error instanceof PackedError)) throw error;
    throw new RangeError(`The value can't be packed, for it could not be read again: ${error.message}`);
  }
}

function read(packr: Packr, bytes: Uint8Array, isClone: boolean, sizes: readonly number[]): unknown {
  scan(bytes, isClone, sizes);
  try {
    return packr.unpack(bytes);
  } catch (error) {
    throw new PackedError("The packed value can't be read: msgpackr refuses it", { cause: error });
  }
}

function unreadable(what: string): PackedError {
  return new PackedError(`The packed value can't be read: ${what}`);
}
