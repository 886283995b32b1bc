import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { CTX } from "../../../protocol/cdt/context.js";
import { ListOrderType, type MapOrder } from "../../../protocol/cdt/flags.js";
import * as listBy from "../../../protocol/cdt/list-selectors.js";
import * as mapBy from "../../../protocol/cdt/map-selectors.js";
import type { Selector } from "../../../protocol/cdt/selector.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { Next } from "./next.js";
import type { Place } from "./place.js";
import type { KeyBoundOf, KeyOf, KindOf, Sought, ValueOf } from "./place-types.js";
import type { AllEntries, Elements, EntryUnder, SelectedPlace, SelectionFactory, Selections } from "./selection.js";
import { ElementTarget, EntryTarget } from "./target.js";

/** How the way to a map entry is made where there is none. */
export interface OnMapKeyOptions {
  /** Creates the map in which the key is looked up, in this order, when it is missing. Default: create none. */
  readonly createType?: MapOrder;
}

/** How the way to a list element is made where there is none. */
export interface OnListIndexOptions {
  /** Creates the list in which the index is looked up, in this order, when it is missing. Default: create none. */
  readonly order?: ListOrderType;
  /**
   * Fills the list with nil up to the index when it ends before, creating it if need be. For unordered lists.
   * Default: false; an index beyond the end is an error (result code 26).
   */
  readonly pad?: boolean;
}

/**
 * The ways into a map. Indexes are in key order, ranks in value order; both count from 0, negative ones from the end. Ranges
 * leave out their end; `null` leaves an end open.
 *
 * @typeParam M the maps, as objects or Maps
 */
export abstract class MapNavigation<out C extends Next, M, S extends Selections> {
  /** @internal */
  declare readonly place: Place<C>;
  /** @internal */
  declare readonly selections: SelectionFactory;

  /**
   * The entry with a key.
   * @throws TypeError when the key is no 64-bit integer, string or Uint8Array
   * @example .bin("profile").onMapKey("visits").add(1)
   */
  onMapKey<const K extends KeyOf<M>>(key: K, options: OnMapKeyOptions = {}): EntryUnder<S, M, K> {
    checkOptions<OnMapKeyOptions>("onMapKey", options, { createType: true });
    const from = this.place;
    const { createType } = options;
    const checked = from.key(key);
    const step = createType === undefined ? CTX.mapKey(checked) : CTX.mapKeyCreate(checked, createType);
    const target = new EntryTarget(from, checked, createType);
    return place(this, { from, selector: mapBy.mapByKey(checked), to: from.step(step), target });
  }

  /** The entry at an index in key order. */
  onMapIndex(index: AnyInteger): AllEntries<S, "mapEntry", M> {
    const from = this.place;
    const to = from.step(CTX.mapIndex(index));
    return place(this, { from, selector: mapBy.mapByIndex(index), to, target: undefined });
  }

  /** The entry of a rank: 0 has the least value, −1 the greatest. */
  onMapRank(rank: AnyInteger): AllEntries<S, "mapEntry", M> {
    const from = this.place;
    const to = from.step(CTX.mapRank(rank));
    return place(this, { from, selector: mapBy.mapByRank(rank), to, target: undefined });
  }

  /** The entries with a value; going further in, the first of them. */
  onMapValue(value: Sought<ValueOf<M>>): AllEntries<S, "mapMatches", M> {
    const from = this.place;
    const to = from.step(from.named("value", () => CTX.mapValue(value)));
    return place(this, { from, selector: mapBy.mapByValue(value), to, target: undefined });
  }

  /** `count` entries from an index on, or all that follow. */
  onMapIndexRange(index: AnyInteger, count?: AnyInteger): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByIndexRange(index, count));
  }

  /** `count` entries from a rank on, or all that follow. */
  onMapRankRange(rank: AnyInteger, count?: AnyInteger): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByRankRange(rank, count));
  }

  /** The entries with `start <= key < end`. */
  onMapKeyRange(start: KeyBoundOf<KeyOf<M>>, end: KeyBoundOf<KeyOf<M>>): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByKeyRange(start, end));
  }

  /** The entries with `start <= value < end`. */
  onMapValueRange(start: Sought<ValueOf<M>>, end: Sought<ValueOf<M>>): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByValueRange(start, end));
  }

  /** `count` entries from an index on that is counted from where the key stands, or would stand. */
  onMapKeyRelativeIndexRange(
    key: KindOf<KeyOf<M>>,
    index: AnyInteger,
    count?: AnyInteger,
  ): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByKeyRelIndexRange(key, index, count));
  }

  /** `count` entries from a rank on that is counted from where the value stands, or would stand. */
  onMapValueRelativeRankRange(
    value: Sought<ValueOf<M>>,
    rank: AnyInteger,
    count?: AnyInteger,
  ): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByValueRelRankRange(value, rank, count));
  }

  /** The entries with any of the keys. */
  onMapKeyList(keys: readonly KeyOf<M>[]): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByKeyList(keys));
  }

  /** The entries with any of the values. */
  onMapValueList(values: readonly Sought<ValueOf<M>>[]): AllEntries<S, "mapRange", M> {
    return range(this, () => mapBy.mapByValueList(values));
  }
}

/**
 * The ways into a list. Indexes and ranks, which are indexes in value order, count from 0, negative ones from the end.
 * Ranges leave out their end; `null` leaves an end open.
 *
 * @typeParam E the elements of the list
 */
export abstract class ListNavigation<out C extends Next, E, S extends Selections> {
  /** @internal */
  declare readonly place: Place<C>;
  /** @internal */
  declare readonly selections: SelectionFactory;

  /**
   * The element at an index.
   * @param index at least −1 with `order`, at least 0 with `pad`
   * @example .bin("scores").onListIndex(-1).setTo(10)
   */
  onListIndex(index: AnyInteger, options: OnListIndexOptions = {}): Elements<S, "listIndex", E> {
    checkOptions<OnListIndexOptions>("onListIndex", options, { order: true, pad: true });
    const from = this.place;
    const { order, pad = false } = options;
    const creates = order !== undefined || pad;
    const step = creates ? CTX.listIndexCreate(index, order ?? ListOrderType.UNORDERED, pad) : CTX.listIndex(index);
    const target = new ElementTarget(from, index, options);
    return place(this, { from, selector: listBy.listByIndex(index), to: from.step(step), target });
  }

  /** The element of a rank: 0 is the least, −1 the greatest. */
  onListRank(rank: AnyInteger): Elements<S, "listElement", E> {
    const from = this.place;
    const to = from.step(CTX.listRank(rank));
    return place(this, { from, selector: listBy.listByRank(rank), to, target: undefined });
  }

  /** The elements with a value; going further in, the first of them. */
  onListValue(value: Sought<E>): Elements<S, "listMatches", E> {
    const from = this.place;
    const to = from.step(from.named("value", () => CTX.listValue(value)));
    return place(this, { from, selector: listBy.listByValue(value), to, target: undefined });
  }

  /** `count` elements from an index on, or all that follow. */
  onListIndexRange(index: AnyInteger, count?: AnyInteger): Elements<S, "listRange", E> {
    return range(this, () => listBy.listByIndexRange(index, count));
  }

  /** `count` elements from a rank on, or all that follow. */
  onListRankRange(rank: AnyInteger, count?: AnyInteger): Elements<S, "listRange", E> {
    return range(this, () => listBy.listByRankRange(rank, count));
  }

  /** The elements with `start <= value < end`. */
  onListValueRange(start: Sought<E>, end: Sought<E>): Elements<S, "listRange", E> {
    return range(this, () => listBy.listByValueRange(start, end));
  }

  /** `count` elements from a rank on that is counted from where the value stands, or would stand. */
  onListValueRelativeRankRange(value: Sought<E>, rank: AnyInteger, count?: AnyInteger): Elements<S, "listRange", E> {
    return range(this, () => listBy.listByValueRelRankRange(value, rank, count));
  }

  /** The elements with any of the values. */
  onListValueList(values: readonly Sought<E>[]): Elements<S, "listRange", E> {
    return range(this, () => listBy.listByValueList(values));
  }
}

/** The ways into lists and maps. @internal */
export const NAVIGATION = [ListNavigation, MapNavigation] as const;

interface Way {
  readonly place: Place<Next>;
  readonly selections: SelectionFactory;
}

/** The builder of one place, which is of the type that the method says. */
function place<X>({ selections }: Way, selected: SelectedPlace<Next>): X {
  return selections.place(selected) as X;
}

/** The builder of several places, which is of the type that the method says. */
function range<X>({ place, selections }: Way, select: () => Selector): X {
  return selections.range({ from: place, selector: place.named("", select) }) as X;
}
