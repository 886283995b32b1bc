import type { GeoJson } from "../../../protocol/value/geojson.js";
import type { Hll } from "../../../protocol/value/hll.js";
import type { UnlessMapped, WrittenOf } from "../../data/declared.js";
import type { NotAwaitable } from "../../policy/not-awaitable.js";
import { takeMethods } from "../take-methods.js";
import { AnyWrites, GeoWrites, NumberWrites, TextWrites } from "./bin-writes.js";
import { BitWrites } from "./bit-writes.js";
import { HllWrites } from "./hll-writes.js";
import { ListWrites } from "./list-writes.js";
import { MapWrites } from "./map-writes.js";
import { type ListNavigation, type MapNavigation, NAVIGATION } from "./navigation.js";
import {
  type ElementRemoval,
  type ElementSetting,
  EntryRemoval,
  EntrySetting,
  NumberSetting,
  type OtherElementRemoval,
  OtherEntryRemoval,
} from "./nested-writes.js";
import type { Inside, Next } from "./next.js";
import {
  type EachChild,
  type KeysIn,
  PATH_ENTRIES,
  PATH_WAYS,
  type PathNarrowing,
  type PathSteps,
  PathWrites,
} from "./paths.js";
import { type OpTaker, Place } from "./place.js";
import type { ElementOf, IfCanBe, IfContainer, IfList, IfMap, MapsIn, Numeric, Read } from "./place-types.js";
import type { Selections } from "./selection.js";
import { BinSpot, type Family, giveSelections, PathSpot, PlaceSpot, RangeSpot, refuseOnePlace } from "./spots.js";
import { StringWrites } from "./string-writes.js";

/**
 * The writes to one bin of a builder that only writes, such as a background task: those that make sense for values of
 * type `V`. Each adds one operation and returns the builder that the bin belongs to; wrong arguments throw at once, before
 * anything is sent.
 *
 * @typeParam D what the data set declares of the bin
 */
export type WriteBin<C extends Next, V, D = never> = NotAwaitable &
  AnyWrites<C, V, WrittenOf<D>> &
  UnlessMapped<D, BinWrites<C, V> & WriteContent<Inside<C, V>, V>>;

/** The writes to a whole bin that its type decides, without those to its lists and maps. */
export type BinWrites<C extends Next, V> = IfCanBe<V, Numeric, NumberWrites<C, V>> &
  IfCanBe<V, string | Uint8Array, TextWrites<C, V>> &
  IfCanBe<V, GeoJson, GeoWrites<C>> &
  IfCanBe<V, Uint8Array, BitWrites<C>> &
  IfCanBe<V, Hll, HllWrites<C>>;

/** The writes to strings, lists and maps, and the ways into them. */
export type WriteContent<C extends Next, V> = IfCanBe<V, string, StringWrites<C>> &
  IfList<V, WriteList<C, ElementOf<V>>> &
  IfMap<V, WriteMap<C, MapsIn<V>>> &
  IfContainer<V, EachChild<C, V, WriteSelections<C>>>;

interface WriteList<out C extends Next, E> extends ListWrites<C, E>, ListNavigation<C, E, WriteSelections<C>> {}
interface WriteMap<out C extends Next, M>
  extends MapWrites<C, M>,
    MapNavigation<C, M, WriteSelections<C>>,
    KeysIn<C, M, WriteSelections<C>> {}

/** The builders of the `on…` methods that only write. */
export interface WriteSelections<out C extends Next> extends Selections {
  readonly mapKey: WriteKey<C, this["value"], this["key"], this["map"]>;
  readonly mapEntry: WriteEntry<C, this["value"], this["key"], this["map"]>;
  readonly mapMatches: WriteEntries<C, this["value"], this["key"], this["map"]> & WriteContent<C, this["value"]>;
  readonly mapRange: WriteEntries<C, this["value"], this["key"], this["map"]>;
  readonly listIndex: WriteIndex<C, this["value"]>;
  readonly listElement: WriteElement<C, this["value"]>;
  readonly listMatches: WriteElements<C, this["value"]> & WriteContent<C, this["value"]>;
  readonly listRange: WriteElements<C, this["value"]>;
  readonly children: WritePath<C, this["value"]>;
  readonly step: WriteStep<C, this["value"], this["key"]>;
}

/** Writes to what maps `M` have under a key: a value of type `V`. */
export type WriteKey<C extends Next, V, K, M> = WriteEntry<C, V, K, M> &
  EntrySetting<C, V> &
  IfCanBe<V, Numeric, NumberSetting<C, V>>;

/** Writes to one entry of maps `M`. */
export type WriteEntry<C extends Next, V, K, M> = NotAwaitable &
  EntryRemoval<C, Read<V>, number, K, M> &
  WriteContent<C, V>;

/** Writes to several entries of maps `M`, or of all others. */
export type WriteEntries<C extends Next, V, K, M> = NotAwaitable &
  EntryRemoval<C, V[], number[], K[], M> &
  OtherEntryRemoval<C, M>;

/** Writes to what a list has at an index. */
export type WriteIndex<C extends Next, E> = WriteElement<C, E> &
  ElementSetting<C, E> &
  IfCanBe<E, Numeric, NumberSetting<C, E>>;

/** Writes to one element of a list. */
export type WriteElement<C extends Next, E> = NotAwaitable & ElementRemoval<C, E, number> & WriteContent<C, E>;

/** Writes to several elements of a list, or of all others. */
export type WriteElements<C extends Next, E> = NotAwaitable &
  ElementRemoval<C, E[], number[]> &
  OtherElementRemoval<C, E>;

/** Writes to the places that a path leads to: values of type `V`. */
export type WritePath<C extends Next, V> = NotAwaitable & PathWrites<C> & PathSteps<C, V, WriteSelections<C>>;

/** Writes to the places of a path that `andWhere` can narrow down. */
export type WriteStep<C extends Next, V, K> = WritePath<C, V> & PathNarrowing<C, V, K, WriteSelections<C>>;

/** The families of writes to bins, and to what lists and maps hold. @internal */
const CONTENT_WRITES: readonly Family[] = [StringWrites, ListWrites, MapWrites];
/** The families of writes to what a selector names. @internal */
export const REMOVALS: readonly Family[] = [EntryRemoval, OtherEntryRemoval];
/** The families of writes to one place. @internal */
export const PLACE_WRITES: readonly Family[] = [EntrySetting, NumberSetting, ...REMOVALS, ...CONTENT_WRITES];
/** The families of writes to a bin. @internal */
export const BIN_WRITES: readonly Family[] = [
  AnyWrites,
  NumberWrites,
  TextWrites,
  GeoWrites,
  BitWrites,
  HllWrites,
  ...CONTENT_WRITES,
];

class WritePlace extends PlaceSpot<Next> {}
takeMethods(WritePlace, ...PLACE_WRITES, ...NAVIGATION, ...PATH_ENTRIES);

class WriteRange extends RangeSpot<Next> {}
takeMethods(WriteRange, ...REMOVALS);
refuseOnePlace(WriteRange, [...PLACE_WRITES, ...NAVIGATION, ...PATH_ENTRIES]);

class WriteWholeBin extends BinSpot<Next> {}
takeMethods(WriteWholeBin, ...BIN_WRITES, ...NAVIGATION, ...PATH_ENTRIES);

class WritePathSpot extends PathSpot<Next> {}
takeMethods(WritePathSpot, PathWrites, ...PATH_WAYS);

giveSelections(WriteWholeBin, { OnePlace: WritePlace, SeveralPlaces: WriteRange, Path: WritePathSpot });

/** Makes the writes to one bin; each gives the builder one operation and returns what that returns. */
export function writeBin<C extends Next, V, D = never>(bin: string, builder: OpTaker): WriteBin<C, V, D>;
export function writeBin(bin: string, builder: OpTaker): object {
  return new WriteWholeBin(new Place(bin, builder));
}
