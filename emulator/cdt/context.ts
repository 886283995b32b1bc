import { CONTEXT_NO_FAIL, ContextCreate } from "../../protocol/cdt/context.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Release } from "../release.js";
import { MapCollection } from "./collection.js";
import { type Container, packContainer, readContainer } from "./container.js";
import { type Embed, Padding, readKey, readNewLevel } from "./context-create.js";
import { type Level, LevelBase, levelOf } from "./context-level.js";
import { REFUSED } from "./modification.js";
import { isOrdered, listOf, type PackedList } from "./packed-list.js";
import { mapOf, type PackedMap } from "./packed-map.js";
import type { PayloadReader } from "./payload-reader.js";
import { positionsByRank } from "./rank-heap.js";
import { isMapKey } from "./rewrite.js";
import { lowerBound, sequenceOf } from "./search.js";
import { positionOfKey } from "./select-key.js";
import { scan } from "./select-value.js";
import { spanOfOne } from "./span.js";

/** The place in a bin that a context leads to. */
export interface Place {
  /** The packed value there; undefined when the operation is to make a list or map there. */
  readonly inner: Uint8Array | undefined;
  /** The whole bin with another value in this place. */
  readonly embed: Embed;
}

/** One level on the way. */
type Step = Place;

/**
 * Follows a context, `[type, value, …]`, from a bin (undefined: a missing one, to be made) or returns a result code. With
 * 1 in front of a context, as servers of 8.2 take it, a place that is not there is no error: the code is then OK.
 */
export function findPlace(
  bin: Container | undefined,
  reader: PayloadReader,
  modify: boolean,
  release: Release = "8.1",
): Place | number {
  const count = reader.list();
  const noFail = release === "8.2" && modify && count !== undefined && count > 1 && count % 2 === 1;
  if (count === undefined || count === 0 || (count % 2 === 1 && !noFail)) return ResultCode.PARAMETER_ERROR;
  if (!noFail) return walk(bin, reader, modify, count / 2);
  if (reader.integer() !== NO_FAIL) return ResultCode.PARAMETER_ERROR;
  const found = walk(bin, reader, modify, (count - 1) / 2);
  return found === REFUSED ? ResultCode.OK : found;
}

const NO_FAIL = BigInt(CONTEXT_NO_FAIL);

function walk(bin: Container | undefined, reader: PayloadReader, modify: boolean, count: number): Place | number {
  let levels = count;
  const embeds: Embed[] = [];
  const padding = new Padding();
  let at: Container | undefined = bin;
  let inner: Uint8Array | undefined;
  do {
    const type = reader.unsigned();
    if (type === undefined) return ResultCode.PARAMETER_ERROR;
    const level = levelOf(type);
    if (level === undefined) return REFUSED;
    if (bin === undefined) {
      const embed = level.create === 0 ? REFUSED : readNewLevel(level, reader, padding);
      if (typeof embed === "number") return embed;
      embeds.push(embed);
    } else {
      // Neither list nor map in the middle of the way.
      if (at === undefined) return REFUSED;
      const step = at.kind === "list" ? listStep(at, level, reader, padding) : mapStep(at, level, reader);
      if (typeof step === "number") return step;
      embeds.push(step.embed);
      inner = step.inner;
      // A real node aborts when levels follow one that makes an element of an ordered list by rank.
      if (inner === undefined && level.base === LevelBase.RANK && levels > 1) return ResultCode.PARAMETER_ERROR;
      at = inner === undefined ? undefined : readContainer(inner);
    }
    levels--;
  } while (levels > 0 && inner !== undefined);
  if (inner !== undefined) return { inner, embed: chain(embeds) };
  if (!modify) return REFUSED;
  for (; levels > 0; levels--) {
    const embed = readInnerLevel(reader, padding);
    if (typeof embed === "number") return embed;
    embeds.push(embed);
  }
  return { inner, embed: chain(embeds) };
}

/** A level below one that is being made; it is made too, with or without a flag. */
function readInnerLevel(reader: PayloadReader, padding: Padding): Embed | number {
  const type = reader.unsigned();
  const level = type === undefined ? undefined : levelOf(type);
  return level === undefined || level.persistIndex ? REFUSED : readNewLevel(level, reader, padding);
}

function chain(embeds: readonly Embed[]): Embed {
  const [outermost, ...inner] = embeds;
  return (value) => {
    let packed = value;
    for (const embed of inner.toReversed()) packed = packContainer(embed(packed));
    return outermost!(packed);
  };
}

function listStep(list: PackedList, level: Level, reader: PayloadReader, padding: Padding): Step | number {
  if (level.forMap) return REFUSED;
  switch (level.base) {
    case LevelBase.INDEX:
      return listIndexStep(list, level, reader, padding);
    case LevelBase.RANK: {
      if (isOrdered(list)) return listIndexStep(list, level, reader, padding);
      const rank = reader.integer();
      const span = rank === undefined ? undefined : spanOfOne(rank, list.elements.length);
      return elementStep(list, span === undefined ? undefined : positionsByRank(list.elements, span)[0]);
    }
    case LevelBase.VALUE: {
      const value = reader.value();
      return elementStep(
        list,
        value === undefined ? undefined : scan(sequenceOf(list.elements), { only: value }).positions[0],
      );
    }
    default:
      return REFUSED;
  }
}

function listIndexStep(list: PackedList, level: Level, reader: PayloadReader, padding: Padding): Step | number {
  const size = list.elements.length;
  const index = reader.integer();
  if (index === undefined) return REFUSED;
  const span = spanOfOne(index, size);
  if (span !== undefined) return elementStep(list, span.start);
  if (level.create === 0) return REFUSED;
  if (index === -1n && size === 0) return { inner: undefined, embed: append(list) };
  // A real node aborts on a place before the start of an ordered list, and makes four billion nils before that of a padded one.
  if (index < 0n)
    return isOrdered(list) || level.create === ContextCreate.LIST_PADDED ? ResultCode.PARAMETER_ERROR : REFUSED;
  if (isOrdered(list)) return { inner: undefined, embed: (inner) => insertSorted(list, inner) };
  if (index === BigInt(size)) return { inner: undefined, embed: append(list) };
  if (level.create !== ContextCreate.LIST_PADDED || level.persistIndex) return REFUSED;
  const nils = padding.take(Number(index) - size);
  return nils === undefined ? ResultCode.RECORD_TOO_BIG : { inner: undefined, embed: append(list, nils) };
}

function append(list: PackedList, nils: readonly Uint8Array[] = []): Embed {
  return (inner) => listOf(list.flags, [...list.elements, ...nils, inner]);
}

function elementStep(list: PackedList, position: number | undefined): Step | number {
  const inner = position === undefined ? undefined : list.elements[position];
  if (position === undefined || inner === undefined) return REFUSED;
  const embed = (value: Uint8Array): PackedList => {
    if (!isOrdered(list)) return listOf(list.flags, list.elements.with(position, value));
    return insertSorted(listOf(list.flags, list.elements.toSpliced(position, 1)), value);
  };
  return { inner, embed };
}

/** The list is kept by value, so the element goes where it belongs. */
function insertSorted(list: PackedList, value: Uint8Array): PackedList {
  return listOf(list.flags, list.elements.toSpliced(lowerBound(sequenceOf(list.elements), value), 0, value));
}

function mapStep(map: PackedMap, level: Level, reader: PayloadReader): Step | number {
  if (level.forList) return REFUSED;
  switch (level.base) {
    case LevelBase.INDEX: {
      const index = reader.integer();
      return entryStep(map, index === undefined ? undefined : spanOfOne(index, map.entries.length)?.start);
    }
    case LevelBase.RANK: {
      const rank = reader.integer();
      const span = rank === undefined ? undefined : spanOfOne(rank, map.entries.length);
      return entryStep(map, span === undefined ? undefined : new MapCollection(map).positionsAt(span)[0]);
    }
    case LevelBase.VALUE: {
      const value = reader.value();
      if (value === undefined) return REFUSED;
      return entryStep(map, scan(new MapCollection(map).values, { only: value }).positions[0]);
    }
    default:
      return keyStep(map, level, reader);
  }
}

function keyStep(map: PackedMap, level: Level, reader: PayloadReader): Step | number {
  const key = readKey(reader);
  if (key === undefined) return REFUSED;
  const collection = new MapCollection(map);
  const position = positionOfKey(collection, key);
  if (position !== undefined) return entryStep(map, position);
  if (level.create === 0) return REFUSED;
  // A real node stores keys of any type here, which no other operation could then reach.
  if (!isMapKey(key)) return ResultCode.PARAMETER_ERROR;
  const at = lowerBound(collection.keys, key);
  return { inner: undefined, embed: (value) => mapOf(map.flags, map.entries.toSpliced(at, 0, { key, value })) };
}

function entryStep(map: PackedMap, position: number | undefined): Step | number {
  const entry = position === undefined ? undefined : map.entries[position];
  if (position === undefined || entry === undefined) return REFUSED;
  return {
    inner: entry.value,
    embed: (value) => mapOf(map.flags, map.entries.with(position, { key: entry.key, value })),
  };
}
