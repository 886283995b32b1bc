import { Writer } from "../../protocol/bytes/writer.js";
import { ResultCode } from "../../protocol/result-code.js";
import { packBigint, packBytes } from "../../protocol/value/pack.js";
import { integerOf, isInteger, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { isShortest, isSpecial } from "../packed/form.js";
import { comparePacked } from "../packed/order.js";
import { LIST_FLAGS, MAP_FLAGS, OrderFlag, readMarker } from "./order-marker.js";
import { listOf, packList } from "./packed-list.js";
import { type MapEntry, mapOf, packMap } from "./packed-map.js";

/** Deeper values are refused here; a real 8.1 server has no such bound, servers from 8.2.0 refuse more than 64 levels. */
const MAX_NESTING = 256;

/**
 * Checks a LIST or MAP from the wire and gives its storage form: compact, maps in key order, known order flags alone. The
 * server is as strict: a flagged order must hold, keys are integers, strings or blobs and occur once, nothing follows.
 * Refused: result code 1, or 4 where a real node would die.
 */
export function rewriteContainer(type: number, bytes: Uint8Array): Uint8Array | number {
  const head = new PackedHead();
  const expected = type === ParticleType.LIST ? PackedType.LIST : PackedType.MAP;
  if (!head.read(bytes, 0, bytes.length) || head.type !== expected) return ResultCode.SERVER_ERROR;
  return asksForPartialIndex(head, bytes)
    ? ResultCode.PARAMETER_ERROR
    : (rewriteValue(bytes) ?? ResultCode.SERVER_ERROR);
}

/** A list of two elements or more that asks for an index but for no order: a real node dies of it. */
function asksForPartialIndex(head: PackedHead, bytes: Uint8Array): boolean {
  if (head.type !== PackedType.LIST || head.count < 3) return false;
  const flags = readMarker(head, bytes, head.next, bytes.length) ?? 0;
  return (flags & OrderFlag.PERSIST_INDEX) !== 0 && (flags & OrderFlag.ORDERED) === 0;
}

/** The storage form of one packed value; undefined when it must not be stored. */
export function rewriteValue(packed: Uint8Array): Uint8Array | undefined {
  const rewriter = new Rewriter(packed);
  const rewritten = rewriter.value(0);
  return rewriter.at === packed.length ? rewritten : undefined;
}

/** True for what may be a map's key: integers, strings and plain blobs. */
export function isMapKey(packed: Uint8Array): boolean {
  const head = new PackedHead();
  if (!head.read(packed, 0, packed.length)) return false;
  if (head.type === PackedType.BYTES) return head.length > 0 && packed[head.content] === ParticleType.BLOB;
  return isInteger(head.type) || head.type === PackedType.STRING;
}

/** Reads a value left to right; after a refusal it stands somewhere in the middle. */
class Rewriter {
  readonly #packed: Uint8Array;
  readonly #head = new PackedHead();
  at = 0;

  constructor(packed: Uint8Array) {
    this.#packed = packed;
  }

  value(depth: number): Uint8Array | undefined {
    const head = this.#head;
    const start = this.at;
    if (depth > MAX_NESTING || !head.read(this.#packed, start, this.#packed.length) || isSpecial(head))
      return undefined;
    this.at = head.next;
    if (head.type === PackedType.LIST) return this.#list(head.count, depth + 1);
    if (head.type === PackedType.MAP) return this.#map(head.count, depth + 1);
    return isShortest(head, this.#packed, start) ? this.#packed.subarray(start, head.next) : this.#compacted();
  }

  #compacted(): Uint8Array {
    const head = this.#head;
    const content = this.#packed.subarray(head.content, head.content + head.length);
    const w = new Writer(head.length + 8);
    if (isInteger(head.type)) packBigint(w, integerOf(head));
    else if (head.type === PackedType.EXTENSION) packExtension(w, head.extensionType, content);
    else if (content.length === 0) w.u8(0xa0);
    else packBytes(w, content.subarray(1), content[0]!);
    return w.take(0);
  }

  #list(count: number, depth: number): Uint8Array | undefined {
    const flags = count > 0 ? this.#marker(LIST_FLAGS) : undefined;
    const elements: Uint8Array[] = [];
    let previous: Uint8Array | undefined;
    for (let left = flags === undefined ? count : count - 1; left > 0; left--) {
      const start = this.at;
      const element = this.value(depth);
      if (element === undefined) return undefined;
      elements.push(element);
      if (flags !== OrderFlag.ORDERED) continue;
      // The order is checked as sent, before maps inside are sorted.
      const sent = this.#packed.subarray(start, this.at);
      if (previous !== undefined && comparePacked(previous, sent) > 0) return undefined;
      previous = sent;
    }
    return packList(listOf(flags ?? 0, elements));
  }

  #map(count: number, depth: number): Uint8Array | undefined {
    const flags = count > 0 ? this.#marker(MAP_FLAGS) : undefined;
    if (flags !== undefined && !this.#markerValue()) return undefined;
    const entries: MapEntry[] = [];
    let sorted = true;
    for (let left = flags === undefined ? count : count - 1; left > 0; left--) {
      const key = this.value(depth);
      if (key === undefined || !isMapKey(key)) return undefined;
      const value = this.value(depth);
      if (value === undefined) return undefined;
      const last = entries.at(-1);
      if (last !== undefined && comparePacked(last.key, key) >= 0) sorted = false;
      entries.push({ key, value });
    }
    if (!sorted && (((flags ?? 0) & OrderFlag.ORDERED) !== 0 || !sortByKey(entries))) return undefined;
    return packMap(mapOf(flags ?? 0, entries));
  }

  /** Takes the order marker that may lead a container and returns those of its flags that are kept. */
  #marker(kept: number): number | undefined {
    // An extension of one fixed byte is an element to the server, whatever its type.
    if (this.#packed[this.at] === 0xd4) return undefined;
    const head = this.#head;
    if (!head.read(this.#packed, this.at, this.#packed.length) || head.type !== PackedType.EXTENSION) return undefined;
    this.at = head.next;
    return head.extensionType & kept;
  }

  /** Takes the other half of a map's marker, nil from every client. */
  #markerValue(): boolean {
    const head = this.#head;
    if (!head.read(this.#packed, this.at, this.#packed.length) || isSpecial(head)) return false;
    this.at = head.next;
    return (head.type !== PackedType.LIST && head.type !== PackedType.MAP) || head.count === 0;
  }
}

/** False when a key occurs twice. */
function sortByKey(entries: MapEntry[]): boolean {
  entries.sort((a, b) => comparePacked(a.key, b.key));
  return entries.every((entry, i) => i === 0 || comparePacked(entries[i - 1]!.key, entry.key) < 0);
}

function packExtension(w: Writer, type: number, content: Uint8Array): void {
  const fixed = [1, 2, 4, 8, 16].indexOf(content.length);
  if (fixed >= 0) w.u8(0xd4 + fixed);
  else if (content.length < 0x100) {
    w.u8(0xc7);
    w.u8(content.length);
  } else if (content.length < 0x1_0000) {
    w.u8(0xc8);
    w.u16(content.length);
  } else {
    w.u8(0xc9);
    w.u32(content.length);
  }
  w.u8(type);
  w.bytes(content);
}
