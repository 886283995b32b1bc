import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { CTX } from "../../../protocol/cdt/context.js";
import { ListOrderType, ListWriteFlags, type MapOrder } from "../../../protocol/cdt/flags.js";
import { listIncrement, listSet } from "../../../protocol/cdt/list.js";
import * as listBy from "../../../protocol/cdt/list-selectors.js";
import { mapIncrement, mapPut } from "../../../protocol/cdt/map.js";
import * as mapBy from "../../../protocol/cdt/map-selectors.js";
import { checkNumber } from "../../../protocol/cdt/param.js";
import type { Selector } from "../../../protocol/cdt/selector.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { SearchValue } from "../../../protocol/value/pack.js";
import type { MapKey } from "../../../protocol/value/value.js";
import { NotAwaitable } from "../../policy/not-awaitable.js";
import { forgottenOperation, type Place } from "./place.js";
import type { SelectedRange, SelectionFactories, Selections, Settable } from "./selection.js";

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
 * The ways into a list or map. Indexes count from 0, negative ones from the end; ranks are indexes in value order, a
 * map's indexes are in key order. Ranges leave out their end; `null` leaves an end open.
 */
export abstract class Navigation<P, S extends Selections> extends NotAwaitable {
  /** @internal */
  readonly place: Place<P>;
  /** @internal */
  protected readonly selections: SelectionFactories<P, S>;

  /** @internal */
  constructor(place: Place<P>, selections: SelectionFactories<P, S>) {
    super();
    this.place = place;
    this.selections = selections;
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenOperation(this.place.bin);
  }

  /**
   * The entry with a key.
   * @throws TypeError when the key is no 64-bit integer, string or Uint8Array
   * @example .bin("profile").onMapKey("visits").add(1)
   */
  onMapKey(key: MapKey, options: OnMapKeyOptions = {}): S["mapKey"] {
    checkOptions<OnMapKeyOptions>("onMapKey", options, { createType: true });
    const from = this.place;
    const { createType } = options;
    const checked = from.key(key);
    const step = createType === undefined ? CTX.mapKey(checked) : CTX.mapKeyCreate(checked, createType);
    return this.selections.mapKey(
      { from, selector: mapBy.mapByKey(checked), to: from.step(step) },
      settableEntry(from, checked, createType),
    );
  }

  /** The entry at an index in key order. */
  onMapIndex(index: AnyInteger): S["mapEntry"] {
    const from = this.place;
    return this.selections.mapEntry({ from, selector: mapBy.mapByIndex(index), to: from.step(CTX.mapIndex(index)) });
  }

  /** The entry of a rank: 0 has the least value, −1 the greatest. */
  onMapRank(rank: AnyInteger): S["mapEntry"] {
    const from = this.place;
    return this.selections.mapEntry({ from, selector: mapBy.mapByRank(rank), to: from.step(CTX.mapRank(rank)) });
  }

  /** The entries with a value; going further in, the first of them. */
  onMapValue(value: SearchValue): S["mapMatches"] {
    const from = this.place;
    const to = from.step(from.named("value", () => CTX.mapValue(value)));
    return this.selections.mapMatches({ from, selector: mapBy.mapByValue(value), to });
  }

  /** `count` entries from an index on, or all that follow. */
  onMapIndexRange(index: AnyInteger, count?: AnyInteger): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByIndexRange(index, count)));
  }

  /** `count` entries from a rank on, or all that follow. */
  onMapRankRange(rank: AnyInteger, count?: AnyInteger): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByRankRange(rank, count)));
  }

  /** The entries with `start <= key < end`. */
  onMapKeyRange(start: mapBy.KeyBound, end: mapBy.KeyBound): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByKeyRange(start, end)));
  }

  /** The entries with `start <= value < end`. */
  onMapValueRange(start: SearchValue, end: SearchValue): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByValueRange(start, end)));
  }

  /** `count` entries from an index on that is counted from where the key stands, or would stand. */
  onMapKeyRelativeIndexRange(key: MapKey, index: AnyInteger, count?: AnyInteger): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByKeyRelIndexRange(key, index, count)));
  }

  /** `count` entries from a rank on that is counted from where the value stands, or would stand. */
  onMapValueRelativeRankRange(value: SearchValue, rank: AnyInteger, count?: AnyInteger): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByValueRelRankRange(value, rank, count)));
  }

  /** The entries with any of the keys. */
  onMapKeyList(keys: readonly MapKey[]): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByKeyList(keys)));
  }

  /** The entries with any of the values. */
  onMapValueList(values: readonly SearchValue[]): S["mapRange"] {
    return this.selections.mapRange(range(this.place, () => mapBy.mapByValueList(values)));
  }

  /**
   * The element at an index.
   * @param index at least −1 with `order`, at least 0 with `pad`
   * @example .bin("scores").onListIndex(-1).setTo(10)
   */
  onListIndex(index: AnyInteger, options: OnListIndexOptions = {}): S["listIndex"] {
    checkOptions<OnListIndexOptions>("onListIndex", options, { order: true, pad: true });
    const from = this.place;
    const { order, pad = false } = options;
    const creates = order !== undefined || pad;
    const step = creates ? CTX.listIndexCreate(index, order ?? ListOrderType.UNORDERED, pad) : CTX.listIndex(index);
    return this.selections.listIndex(
      { from, selector: listBy.listByIndex(index), to: from.step(step) },
      settableElement(from, index, options),
    );
  }

  /** The element of a rank: 0 is the least, −1 the greatest. */
  onListRank(rank: AnyInteger): S["listElement"] {
    const from = this.place;
    return this.selections.listElement({ from, selector: listBy.listByRank(rank), to: from.step(CTX.listRank(rank)) });
  }

  /** The elements with a value; going further in, the first of them. */
  onListValue(value: SearchValue): S["listMatches"] {
    const from = this.place;
    const to = from.step(from.named("value", () => CTX.listValue(value)));
    return this.selections.listMatches({ from, selector: listBy.listByValue(value), to });
  }

  /** `count` elements from an index on, or all that follow. */
  onListIndexRange(index: AnyInteger, count?: AnyInteger): S["listRange"] {
    return this.selections.listRange(range(this.place, () => listBy.listByIndexRange(index, count)));
  }

  /** `count` elements from a rank on, or all that follow. */
  onListRankRange(rank: AnyInteger, count?: AnyInteger): S["listRange"] {
    return this.selections.listRange(range(this.place, () => listBy.listByRankRange(rank, count)));
  }

  /** The elements with `start <= value < end`. */
  onListValueRange(start: SearchValue, end: SearchValue): S["listRange"] {
    return this.selections.listRange(range(this.place, () => listBy.listByValueRange(start, end)));
  }

  /** `count` elements from a rank on that is counted from where the value stands, or would stand. */
  onListValueRelativeRankRange(value: SearchValue, rank: AnyInteger, count?: AnyInteger): S["listRange"] {
    return this.selections.listRange(range(this.place, () => listBy.listByValueRelRankRange(value, rank, count)));
  }

  /** The elements with any of the values. */
  onListValueList(values: readonly SearchValue[]): S["listRange"] {
    return this.selections.listRange(range(this.place, () => listBy.listByValueList(values)));
  }
}

/** What a selector of several elements names. */
function range<P, T extends Selector>(from: Place<P>, select: () => T): SelectedRange<P, T> {
  return { from, selector: from.named("", select) };
}

function settableEntry<P>(map: Place<P>, key: MapKey, createType: MapOrder | undefined): Settable<P> {
  const policy = createType === undefined ? {} : { order: createType };
  return {
    set: (value) => map.call(mapPut(key, map.value(value), policy)),
    increment: (amount) => map.call(mapIncrement(key, checkNumber("amount", amount), policy)),
  };
}

function settableElement<P>(list: Place<P>, index: AnyInteger, options: OnListIndexOptions): Settable<P> {
  const order = options.order ?? ListOrderType.UNORDERED;
  const flags = options.pad ? ListWriteFlags.DEFAULT : ListWriteFlags.INSERT_BOUNDED;
  return {
    set: (value) => {
      if (order === ListOrderType.ORDERED) {
        throw new TypeError(`bin "${list.bin}": an ordered list puts values at their sorted place; use listAdd()`);
      }
      return list.call(listSet(index, list.value(value), flags));
    },
    increment: (amount) => list.call(listIncrement(index, checkNumber("amount", amount), { order, flags })),
  };
}
