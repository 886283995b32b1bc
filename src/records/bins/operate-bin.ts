import type { UnlessMapped, WrittenOf } from "../../data/declared.js";
import type { NotAwaitable } from "../../policy/not-awaitable.js";
import { takeMethods } from "../take-methods.js";
import type { AnyReads } from "./bin-reads.js";
import type { AnyWrites } from "./bin-writes.js";
import type { ListReads, MapReads } from "./content-reads.js";
import type { ElementReads, EntryReads } from "./element-reads.js";
import type { ListWrites } from "./list-writes.js";
import type { MapWrites } from "./map-writes.js";
import { type ListNavigation, type MapNavigation, NAVIGATION } from "./navigation.js";
import type { ElementRemoval, ElementSetting, EntryRemoval, EntrySetting, NumberSetting } from "./nested-writes.js";
import type { Inside, Next } from "./next.js";
import {
  type EachChild,
  type IfKeys,
  type KeysIn,
  PATH_ENTRIES,
  PATH_READS,
  PATH_WAYS,
  type PathKeyReads,
  type PathNarrowing,
  type PathReads,
  type PathSteps,
  PathWrites,
} from "./paths.js";
import { type OpTaker, Place } from "./place.js";
import type { ElementOf, IfCanBe, IfContainer, IfList, IfMap, MapsIn, Numeric, Read } from "./place-types.js";
import {
  BIN_READS,
  type BinReads,
  CONTENT_READS,
  ELEMENT_READS,
  type ReadElements,
  type ReadEntries,
} from "./read-bin.js";
import type { Selections } from "./selection.js";
import { BinSpot, giveSelections, PathSpot, PlaceSpot, RangeSpot, refuseOnePlace } from "./spots.js";
import type { StringReads } from "./string-reads.js";
import type { StringWrites } from "./string-writes.js";
import {
  BIN_WRITES,
  type BinWrites,
  PLACE_WRITES,
  REMOVALS,
  type WriteElements,
  type WriteEntries,
} from "./write-bin.js";

/**
 * The writes to and reads of one bin of a command on keys: those that make sense for values of type `V`. Each adds one
 * operation and returns the builder that the bin belongs to; wrong arguments throw at once, before anything is sent.
 *
 * @typeParam D what the data set declares of the bin
 */
export type OperateBin<C extends Next, V, D = never> = NotAwaitable &
  AnyWrites<C, V, WrittenOf<D>> &
  AnyReads<C, V> &
  UnlessMapped<D, BinWrites<C, V> & BinReads<C, V> & OperateContent<Inside<C, V>, V>>;

/** The writes to and reads of strings, lists and maps, and the ways into them. */
export type OperateContent<C extends Next, V> = IfCanBe<V, string, StringWrites<C> & StringReads<C>> &
  IfList<V, OperateList<C, ElementOf<V>>> &
  IfMap<V, OperateMap<C, MapsIn<V>>> &
  IfContainer<V, EachChild<C, V, OperateSelections<C>>>;

interface OperateList<out C extends Next, E>
  extends ListWrites<C, E>,
    ListReads<C, E>,
    ListNavigation<C, E, OperateSelections<C>> {}
interface OperateMap<out C extends Next, M>
  extends MapWrites<C, M>,
    MapReads<C>,
    MapNavigation<C, M, OperateSelections<C>>,
    KeysIn<C, M, OperateSelections<C>> {}

/** The builders of the `on…` methods that write and read. */
export interface OperateSelections<out C extends Next> extends Selections {
  readonly mapKey: OperateKey<C, this["value"], this["key"], this["map"]>;
  readonly mapEntry: OperateEntry<C, this["value"], this["key"], this["map"]>;
  readonly mapMatches: OperateEntries<C, this["value"], this["key"], this["map"]> & OperateContent<C, this["value"]>;
  readonly mapRange: OperateEntries<C, this["value"], this["key"], this["map"]>;
  readonly listIndex: OperateIndex<C, this["value"]>;
  readonly listElement: OperateElement<C, this["value"]>;
  readonly listMatches: OperateElements<C, this["value"]> & OperateContent<C, this["value"]>;
  readonly listRange: OperateElements<C, this["value"]>;
  readonly children: OperatePath<C, this["value"], this["key"]>;
  readonly step: OperateStep<C, this["value"], this["key"]>;
}

/** Writes to and reads of what maps `M` have under a key: a value of type `V`. */
export type OperateKey<C extends Next, V, K, M> = OperateEntry<C, V, K, M> &
  EntrySetting<C, V> &
  IfCanBe<V, Numeric, NumberSetting<C, V>>;

/** Writes to and reads of one entry of maps `M`. */
export type OperateEntry<C extends Next, V, K, M> = NotAwaitable &
  EntryRemoval<C, Read<V>, number, K, M> &
  EntryReads<C, Read<V>, number, K, M> &
  OperateContent<C, V>;

/** Writes to and reads of several entries of maps `M`, or of all others. */
export type OperateEntries<C extends Next, V, K, M> = WriteEntries<C, V, K, M> & ReadEntries<C, V, K, M>;

/** Writes to and reads of what a list has at an index. */
export type OperateIndex<C extends Next, E> = OperateElement<C, E> &
  ElementSetting<C, E> &
  IfCanBe<E, Numeric, NumberSetting<C, E>>;

/** Writes to and reads of one element of a list. */
export type OperateElement<C extends Next, E> = NotAwaitable &
  ElementRemoval<C, E, number> &
  ElementReads<C, E, number> &
  OperateContent<C, E>;

/** Writes to and reads of several elements of a list, or of all others. */
export type OperateElements<C extends Next, E> = WriteElements<C, E> & ReadElements<C, E>;

/** Writes to and reads of the places that a path leads to: values of type `V`, under keys of type `K` if they are in maps. */
export type OperatePath<C extends Next, V, K> = NotAwaitable &
  PathReads<C, V> &
  IfKeys<K, PathKeyReads<C, K, V>> &
  PathWrites<C> &
  PathSteps<C, V, OperateSelections<C>>;

/** Writes to and reads of the places of a path that `andWhere` can narrow down. */
export type OperateStep<C extends Next, V, K> = OperatePath<C, V, K> & PathNarrowing<C, V, K, OperateSelections<C>>;

class OperatePlace extends PlaceSpot<Next> {}
takeMethods(OperatePlace, ...PLACE_WRITES, ...ELEMENT_READS, ...CONTENT_READS, ...NAVIGATION, ...PATH_ENTRIES);

class OperateRange extends RangeSpot<Next> {}
takeMethods(OperateRange, ...REMOVALS, ...ELEMENT_READS);
refuseOnePlace(OperateRange, [...PLACE_WRITES, ...CONTENT_READS, ...NAVIGATION, ...PATH_ENTRIES]);

class OperateWholeBin extends BinSpot<Next> {}
takeMethods(OperateWholeBin, ...BIN_WRITES, ...BIN_READS, ...NAVIGATION, ...PATH_ENTRIES);

class OperatePathSpot extends PathSpot<Next> {}
takeMethods(OperatePathSpot, ...PATH_READS, PathWrites, ...PATH_WAYS);

giveSelections(OperateWholeBin, { OnePlace: OperatePlace, SeveralPlaces: OperateRange, Path: OperatePathSpot });

/** Makes the writes and reads of one bin; each gives the builder one operation and returns what that returns. */
export function operateBin<C extends Next, V, D = never>(bin: string, builder: OpTaker): OperateBin<C, V, D>;
export function operateBin(bin: string, builder: OpTaker): object {
  return new OperateWholeBin(new Place(bin, builder));
}
