import { ContextCreate } from "../../protocol/cdt/context.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Container } from "./container.js";
import { type Level, LevelBase } from "./context-level.js";
import { MAX_PADDING, NIL } from "./list-insert.js";
import { REFUSED } from "./modification.js";
import { OrderFlag } from "./order-marker.js";
import { listOf } from "./packed-list.js";
import { mapOf } from "./packed-map.js";
import type { PayloadReader } from "./payload-reader.js";
import { isMapKey, rewriteValue } from "./rewrite.js";

/** A list or map with a value put into its place. */
export type Embed = (inner: Uint8Array) => Container;

/** The nils that one context may put in front of what it makes. */
export class Padding {
  #left = MAX_PADDING;

  /** Undefined when they would be too many. */
  take(count: number): readonly Uint8Array[] | undefined {
    if (count > this.#left) return undefined;
    this.#left -= count;
    return new Array<Uint8Array>(count).fill(NIL);
  }
}

/** A list or map of one element that a level makes, padding aside; or the result code it is refused with. */
export function readNewLevel(level: Level, reader: PayloadReader, padding: Padding): Embed | number {
  if (level.forMap && !level.forList && level.base === LevelBase.KEY) return readNewMap(level, reader);
  return level.forList && !level.forMap && level.base === LevelBase.INDEX
    ? readNewList(level, reader, padding)
    : REFUSED;
}

/** The key of a level in storage form; undefined when it could not be one, as with a wildcard in it. */
export function readKey(reader: PayloadReader): Uint8Array | undefined {
  reader.sawSpecials = false;
  const packed = reader.value();
  return packed === undefined ? undefined : rewriteValue(packed);
}

function readNewMap(level: Level, reader: PayloadReader): Embed | number {
  const key = readKey(reader);
  if (key === undefined) return REFUSED;
  // A real node stores keys of any type here, which no other operation could then reach.
  if (!isMapKey(key)) return ResultCode.PARAMETER_ERROR;
  const flags = mapFlags(level.create);
  return (value) => mapOf(flags, [{ key, value }]);
}

function mapFlags(create: number): number {
  if (create === ContextCreate.MAP_KEY_ORDERED) return OrderFlag.ORDERED;
  return create === ContextCreate.MAP_KEY_VALUE_ORDERED ? OrderFlag.ORDERED | OrderFlag.VALUE_ORDERED : 0;
}

function readNewList(level: Level, reader: PayloadReader, padding: Padding): Embed | number {
  const index = reader.integer();
  if (index === undefined || index < -1n) return REFUSED;
  if (level.create === ContextCreate.LIST_ORDERED) return (value) => listOf(OrderFlag.ORDERED, [value]);
  if (level.create === ContextCreate.LIST_PADDED) {
    const nils = padding.take(Math.max(Number(index), 0));
    return nils === undefined ? ResultCode.RECORD_TOO_BIG : (value) => listOf(0, [...nils, value]);
  }
  // With an index to be kept, the server does not look at where the element is to stand.
  return index > 0n && !level.persistIndex ? REFUSED : (value) => listOf(0, [value]);
}
