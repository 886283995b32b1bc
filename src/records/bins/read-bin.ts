import type { Hll } from "../../../protocol/value/hll.js";
import type { UnlessMapped } from "../../data/declared.js";
import type { NotAwaitable } from "../../policy/not-awaitable.js";
import { takeMethods } from "../take-methods.js";
import { AnyReads, BitReads, HllReads } from "./bin-reads.js";
import { ListReads, MapReads } from "./content-reads.js";
import { type ElementReads, EntryReads, type OtherElementReads, OtherEntryReads } from "./element-reads.js";
import { type ListNavigation, type MapNavigation, NAVIGATION } from "./navigation.js";
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
} from "./paths.js";
import { type OpTaker, Place } from "./place.js";
import type { ElementOf, IfCanBe, IfContainer, IfList, IfMap, MapsIn, Read } from "./place-types.js";
import type { Selections } from "./selection.js";
import { BinSpot, type Family, giveSelections, PathSpot, PlaceSpot, RangeSpot, refuseOnePlace } from "./spots.js";
import { StringReads } from "./string-reads.js";

/**
 * The reads of one bin of a command that writes nothing: those that make sense for values of type `V`. Each adds one
 * operation and returns the builder that the bin belongs to.
 *
 * @typeParam D what the data set declares of the bin
 */
export type ReadBin<C extends Next, V, D = never> = NotAwaitable &
  AnyReads<C, V> &
  UnlessMapped<D, BinReads<C, V> & ReadContent<Inside<C, V>, V>>;

/** The reads of a whole bin that its type decides, without the ways into its lists and maps. */
export type BinReads<C extends Next, V> = IfCanBe<V, Uint8Array, BitReads<C>> & IfCanBe<V, Hll, HllReads<C>>;

/** The reads of strings, lists and maps, and the ways into them. */
export type ReadContent<C extends Next, V> = IfCanBe<V, string, StringReads<C>> &
  IfList<V, ReadList<C, ElementOf<V>>> &
  IfMap<V, ReadMap<C, MapsIn<V>>> &
  IfContainer<V, EachChild<C, V, ReadSelections<C>>>;

interface ReadList<out C extends Next, E> extends ListReads<C, E>, ListNavigation<C, E, ReadSelections<C>> {}
interface ReadMap<out C extends Next, M>
  extends MapReads<C>,
    MapNavigation<C, M, ReadSelections<C>>,
    KeysIn<C, M, ReadSelections<C>> {}

/** The builders of the `on…` methods that only read. */
export interface ReadSelections<out C extends Next> extends Selections {
  readonly mapKey: ReadEntry<C, this["value"], this["key"], this["map"]>;
  readonly mapEntry: ReadEntry<C, this["value"], this["key"], this["map"]>;
  readonly mapMatches: ReadEntries<C, this["value"], this["key"], this["map"]> & ReadContent<C, this["value"]>;
  readonly mapRange: ReadEntries<C, this["value"], this["key"], this["map"]>;
  readonly listIndex: ReadElement<C, this["value"]>;
  readonly listElement: ReadElement<C, this["value"]>;
  readonly listMatches: ReadElements<C, this["value"]> & ReadContent<C, this["value"]>;
  readonly listRange: ReadElements<C, this["value"]>;
  readonly children: ReadPath<C, this["value"], this["key"]>;
  readonly step: ReadStep<C, this["value"], this["key"]>;
}

/** Reads of one entry of maps `M`: with a value of type `V` under a key of type `K`. */
export type ReadEntry<C extends Next, V, K, M> = NotAwaitable &
  EntryReads<C, Read<V>, number, K, M> &
  ReadContent<C, V>;

/** Reads of several entries of maps `M`, or of all others. */
export type ReadEntries<C extends Next, V, K, M> = NotAwaitable &
  EntryReads<C, V[], number[], K[], M> &
  OtherEntryReads<C, M>;

/** Reads of one element of a list. */
export type ReadElement<C extends Next, E> = NotAwaitable & ElementReads<C, E, number> & ReadContent<C, E>;

/** Reads of several elements of a list, or of all others. */
export type ReadElements<C extends Next, E> = NotAwaitable & ElementReads<C, E[], number[]> & OtherElementReads<C, E>;

/** Reads of the places that a path leads to: values of type `V`, under keys of type `K` if they are in maps. */
export type ReadPath<C extends Next, V, K> = NotAwaitable &
  PathReads<C, V> &
  IfKeys<K, PathKeyReads<C, K, V>> &
  PathSteps<C, V, ReadSelections<C>>;

/** Reads of the places of a path that `andWhere` can narrow down. */
export type ReadStep<C extends Next, V, K> = ReadPath<C, V, K> & PathNarrowing<C, V, K, ReadSelections<C>>;

/** The families of reads of bins, and of what lists and maps hold. @internal */
export const CONTENT_READS: readonly Family[] = [StringReads, ListReads, MapReads];
/** The families of reads of what a selector names. @internal */
export const ELEMENT_READS: readonly Family[] = [EntryReads, OtherEntryReads];
/** The families of reads of a bin. @internal */
export const BIN_READS: readonly Family[] = [AnyReads, BitReads, HllReads, ...CONTENT_READS];

class ReadPlace extends PlaceSpot<Next> {}
takeMethods(ReadPlace, ...ELEMENT_READS, ...CONTENT_READS, ...NAVIGATION, ...PATH_ENTRIES);

class ReadRange extends RangeSpot<Next> {}
takeMethods(ReadRange, ...ELEMENT_READS);
refuseOnePlace(ReadRange, [...CONTENT_READS, ...NAVIGATION, ...PATH_ENTRIES]);

class ReadWholeBin extends BinSpot<Next> {}
takeMethods(ReadWholeBin, ...BIN_READS, ...NAVIGATION, ...PATH_ENTRIES);

class ReadPathSpot extends PathSpot<Next> {}
takeMethods(ReadPathSpot, ...PATH_READS, ...PATH_WAYS);

giveSelections(ReadWholeBin, { OnePlace: ReadPlace, SeveralPlaces: ReadRange, Path: ReadPathSpot });

/** Makes the reads of one bin; each gives the builder one operation and returns what that returns. */
export function readBin<C extends Next, V, D = never>(bin: string, builder: OpTaker): ReadBin<C, V, D>;
export function readBin(bin: string, builder: OpTaker): object {
  return new ReadWholeBin(new Place(bin, builder));
}
