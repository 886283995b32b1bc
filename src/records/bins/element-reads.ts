import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { INVERTED, MapReturnType } from "../../../protocol/cdt/flags.js";
import { listGet, listGetRange, listSize } from "../../../protocol/cdt/list.js";
import { mapSize } from "../../../protocol/cdt/map.js";
import { getBy, type Selector } from "../../../protocol/cdt/selector.js";
import type { Place } from "./place.js";
import type { SelectedRange } from "./selection.js";

/** Reads what a selector names. Each answers one result, a list of them where the selector names several places. */
export interface ElementReads<P> {
  /** The values themselves. */
  getValues(): P;
  /** How many there are: 0 or 1 for a selector of one place. */
  count(): P;
  /** Whether there is any. Needs server 6.1. */
  exists(): P;
  /** Indexes: positions in a list, in key order in a map. */
  getIndexes(): P;
  /** Indexes counted from the end. */
  getReverseIndexes(): P;
  /** Ranks: positions in value order. */
  getRanks(): P;
  /** Ranks counted from the greatest. */
  getReverseRanks(): P;
}

/** Reads what a selector names in a map. */
export interface EntryReads<P> extends ElementReads<P> {
  /** The keys of the entries. */
  getKeys(): P;
  /** Entries, in the order in which they were found. */
  getKeysAndValues(): P;
}

/** Reads everything but what a selector names. */
export interface OtherElementReads<P> {
  /** The values of the others. */
  getAllOtherValues(): P;
  /** How many others there are. */
  countAllOthers(): P;
  /** Their indexes: positions in a list, in key order in a map. */
  getAllOtherIndexes(): P;
  /** Their indexes counted from the end. */
  getAllOtherReverseIndexes(): P;
  /** Their ranks: positions in value order. */
  getAllOtherRanks(): P;
  /** Their ranks counted from the greatest. */
  getAllOtherReverseRanks(): P;
}

/** Reads everything in a map but what a selector names. */
export interface OtherEntryReads<P> extends OtherElementReads<P> {
  /** The keys of the other entries. */
  getAllOtherKeys(): P;
  /** The other entries, in the order in which they were found. */
  getAllOtherKeysAndValues(): P;
}

/** Reads the list or map at a place. */
export interface ContentReads<P> {
  /** How many elements the list has. */
  listSize(): P;
  /** The element at an index; result code 26 when there is none. */
  listGet(index: AnyInteger): P;
  /** `count` elements from an index on, or all that follow. */
  listGetRange(index: AnyInteger, count?: AnyInteger): P;
  /** How many entries the map has. */
  mapSize(): P;
}

export function elementReads<P>(selected: SelectedRange<P, Selector>): ElementReads<P> {
  const get = reader(selected, 0);
  return {
    getValues: () => get(MapReturnType.VALUE),
    count: () => get(MapReturnType.COUNT),
    exists: () => get(MapReturnType.EXISTS),
    getIndexes: () => get(MapReturnType.INDEX),
    getReverseIndexes: () => get(MapReturnType.REVERSE_INDEX),
    getRanks: () => get(MapReturnType.RANK),
    getReverseRanks: () => get(MapReturnType.REVERSE_RANK),
  };
}

export function entryReads<P>(selected: SelectedRange<P, Selector>): EntryReads<P> {
  const get = reader(selected, 0);
  return {
    ...elementReads(selected),
    getKeys: () => get(MapReturnType.KEY),
    getKeysAndValues: () => get(MapReturnType.KEY_VALUE),
  };
}

export function otherElementReads<P>(selected: SelectedRange<P, Selector>): OtherElementReads<P> {
  const get = reader(selected, INVERTED);
  return {
    getAllOtherValues: () => get(MapReturnType.VALUE),
    countAllOthers: () => get(MapReturnType.COUNT),
    getAllOtherIndexes: () => get(MapReturnType.INDEX),
    getAllOtherReverseIndexes: () => get(MapReturnType.REVERSE_INDEX),
    getAllOtherRanks: () => get(MapReturnType.RANK),
    getAllOtherReverseRanks: () => get(MapReturnType.REVERSE_RANK),
  };
}

export function otherEntryReads<P>(selected: SelectedRange<P, Selector>): OtherEntryReads<P> {
  const get = reader(selected, INVERTED);
  return {
    ...otherElementReads(selected),
    getAllOtherKeys: () => get(MapReturnType.KEY),
    getAllOtherKeysAndValues: () => get(MapReturnType.KEY_VALUE),
  };
}

export function contentReads<P>(place: Place<P>): ContentReads<P> {
  return {
    listSize: () => place.call(listSize()),
    listGet: (index) => place.call(listGet(index)),
    listGetRange: (index, count) => place.call(listGetRange(index, count)),
    mapSize: () => place.call(mapSize()),
  };
}

function reader<P>({ from, selector }: SelectedRange<P, Selector>, inverted: number): (returnType: number) => P {
  return (returnType) => from.call(getBy(selector, returnType | inverted));
}
