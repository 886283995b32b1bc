import { Reader } from "../../protocol/bytes/reader.js";
import { compareBytes } from "../../protocol/value/map-key.js";
import { Kind, listCount, peekKind, skipHead, skipValues, takeBytes, takeDouble, takeInteger } from "./packed.js";

export interface Comparison {
  /** Below, at or above 0. */
  readonly order: number;
  /** An unordered map was met before the order was decided. */
  readonly unorderedMap: boolean;
}

/**
 * Compares two packed values in the server's order of values (kind first; see packed.ts). Lists compare element by element
 * and then by length, maps by length and then pair by pair, order markers don't count, and a wildcard ends the comparison
 * as equal. The walk is flat, so that nesting costs no stack.
 */
export function comparePacked(a: Uint8Array, b: Uint8Array): Comparison {
  const left = new Walk(a);
  const right = new Walk(b);
  const order = compareWalks(left, right);
  return { order, unorderedMap: left.unorderedMap || right.unorderedMap };
}

function compareWalks(a: Walk, b: Walk): number {
  /** Decides when every pair has come out equal: a list that ended before the other one. */
  let atEnd = 0;
  for (let left = 1; left > 0; left--) {
    a.next();
    b.next();
    if (a.kind === Kind.WILDCARD || b.kind === Kind.WILDCARD) return 0;
    if (a.kind !== b.kind) return a.kind - b.kind;
    if (a.kind === Kind.LIST) {
      if (a.count === b.count) left += a.count;
      else {
        // Whatever follows outside can't matter any more.
        left = Math.min(a.count, b.count) + 1;
        atEnd = a.count - b.count;
      }
    } else if (a.kind === Kind.MAP) {
      if (a.count !== b.count) return a.count - b.count;
      left += a.count;
    } else {
      const order = compareScalars(a, b);
      if (order !== 0) return order;
    }
  }
  return atEnd;
}

function compareScalars(a: Walk, b: Walk): number {
  if (a.bytes !== undefined && b.bytes !== undefined) return compareBytes(a.bytes, b.bytes);
  // NaN is neither below nor above anything.
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

/** Steps through a packed value in the order in which it is written. */
class Walk {
  readonly #reader: Reader;
  kind: Kind = Kind.NIL;
  /** Values in the list or map just met, keys counted too and its order marker left out. */
  count = 0;
  /** The number just met. */
  number: number | bigint = 0;
  /** The content just met of a string, blob, GeoJSON or extension. */
  bytes: Uint8Array | undefined;
  unorderedMap = false;

  constructor(packed: Uint8Array) {
    this.#reader = new Reader(packed);
  }

  next(): void {
    const r = this.#reader;
    this.kind = peekKind(r);
    this.bytes = undefined;
    this.number = 0;
    switch (this.kind) {
      case Kind.NEGATIVE:
        this.number = takeInteger(r) ?? 0n;
        break;
      case Kind.INTEGER:
        this.number = BigInt.asUintN(64, takeInteger(r) ?? 0n);
        break;
      case Kind.DOUBLE:
        this.number = takeDouble(r) ?? 0;
        break;
      case Kind.STRING:
      case Kind.BYTES:
      case Kind.GEOJSON:
        this.bytes = takeBytes(r);
        break;
      case Kind.LIST:
        this.#openList();
        break;
      case Kind.MAP:
        this.#openMap();
        break;
      case Kind.EXTENSION:
        this.bytes = extensionContent(r);
        break;
      default:
        skipHead(r);
    }
  }

  #openList(): void {
    this.count = listCount(this.#reader) ?? 0;
    if (this.count > 0 && isMarker(this.#flags())) {
      skipValues(this.#reader, 1);
      this.count -= 1;
    }
  }

  #openMap(): void {
    this.count = skipHead(this.#reader);
    if (this.count === 0) return;
    const flags = this.#flags();
    if (flags === undefined || (flags & 1) === 0) this.unorderedMap = true;
    if (isMarker(flags)) {
      skipValues(this.#reader, 2);
      this.count -= 2;
    }
  }

  /** The type of the extension that stands here, not taken: the flags of an order marker, 0xff of wildcard and infinity. */
  #flags(): number | undefined {
    const r = this.#reader;
    if (peekKind(r) < Kind.EXTENSION) return undefined;
    const start = r.at;
    const head = r.u8();
    if (head >= 0xc7 && head <= 0xc9) r.skip(1 << (head - 0xc7));
    const type = r.u8();
    r.at = start;
    return type;
  }
}

function isMarker(flags: number | undefined): boolean {
  return flags !== undefined && flags !== 0xff;
}

function extensionContent(r: Reader): Uint8Array {
  const start = r.at;
  const head = r.peekU8();
  skipHead(r);
  const header = head >= 0xd4 ? 2 : 2 + (1 << (head - 0xc7));
  return r.bytes.subarray(start + header, r.at);
}
