import { INVERTED, MapReturnType } from "../../../protocol/cdt/flags.js";
import { getBy } from "../../../protocol/cdt/selector.js";
import type { Found, Next } from "./next.js";
import type { KeyOf, MapOf, SomeOf, ValueOf } from "./place-types.js";
import type { Selected } from "./selection.js";

// Families of methods that the builders of places take; see take-methods.ts.

/**
 * Reads what a selector names: one result each, a list of them where the selector names several places.
 *
 * @typeParam X the value, or the list of values
 * @typeParam I the index or rank, or the list of them
 */
export abstract class ElementReads<out C extends Next, X, I> {
  /** @internal */
  declare readonly selected: Selected<C>;

  /** The values themselves. */
  getValues(): Found<C, X> {
    return get(this.selected, MapReturnType.VALUE);
  }

  /** How many there are: 0 or 1 for a selector of one place. */
  count(): Found<C, number> {
    return get(this.selected, MapReturnType.COUNT);
  }

  /** Whether there is any. Needs server 6.1. */
  exists(): Found<C, boolean> {
    return get(this.selected, MapReturnType.EXISTS);
  }

  /** Indexes: positions in a list, in key order in a map. */
  getIndexes(): Found<C, I> {
    return get(this.selected, MapReturnType.INDEX);
  }

  /** Indexes counted from the end. */
  getReverseIndexes(): Found<C, I> {
    return get(this.selected, MapReturnType.REVERSE_INDEX);
  }

  /** Ranks: positions in value order. */
  getRanks(): Found<C, I> {
    return get(this.selected, MapReturnType.RANK);
  }

  /** Ranks counted from the greatest. */
  getReverseRanks(): Found<C, I> {
    return get(this.selected, MapReturnType.REVERSE_RANK);
  }
}

/**
 * Reads what a selector names in a map.
 *
 * @typeParam X the value, or the list of values
 * @typeParam I the index or rank, or the list of them
 * @typeParam K the key, or the list of keys
 * @typeParam M the maps
 */
export abstract class EntryReads<out C extends Next, X, I, K, M> extends ElementReads<C, X, I> {
  /** The keys of the entries. */
  getKeys(): Found<C, K> {
    return get(this.selected, MapReturnType.KEY);
  }

  /** Entries as pairs of key and value, in the order in which they were found. */
  getKeysAndValues(): Found<C, [KeyOf<M>, ValueOf<M>][]> {
    return get(this.selected, MapReturnType.KEY_VALUE);
  }

  /** Entries as a map, in the form in which maps come back. Needs server 6.3. */
  getAsMap(): Found<C, SomeOf<M>> {
    return get(this.selected, MapReturnType.UNORDERED_MAP);
  }

  /** Entries as a Map in key order. Needs server 6.3. */
  getAsOrderedMap(): Found<C, MapOf<M>> {
    return get(this.selected, MapReturnType.ORDERED_MAP);
  }
}

/**
 * Reads everything but what a selector names.
 *
 * @typeParam E the elements
 */
export abstract class OtherElementReads<out C extends Next, E> {
  /** @internal */
  declare readonly selected: Selected<C>;

  /** The values of the others. */
  getAllOtherValues(): Found<C, E[]> {
    return get(this.selected, MapReturnType.VALUE | INVERTED);
  }

  /** How many others there are. */
  countAllOthers(): Found<C, number> {
    return get(this.selected, MapReturnType.COUNT | INVERTED);
  }

  /** Their indexes: positions in a list, in key order in a map. */
  getAllOtherIndexes(): Found<C, number[]> {
    return get(this.selected, MapReturnType.INDEX | INVERTED);
  }

  /** Their indexes counted from the end. */
  getAllOtherReverseIndexes(): Found<C, number[]> {
    return get(this.selected, MapReturnType.REVERSE_INDEX | INVERTED);
  }

  /** Their ranks: positions in value order. */
  getAllOtherRanks(): Found<C, number[]> {
    return get(this.selected, MapReturnType.RANK | INVERTED);
  }

  /** Their ranks counted from the greatest. */
  getAllOtherReverseRanks(): Found<C, number[]> {
    return get(this.selected, MapReturnType.REVERSE_RANK | INVERTED);
  }
}

/**
 * Reads everything in a map but what a selector names.
 *
 * @typeParam M the maps
 */
export abstract class OtherEntryReads<out C extends Next, M> extends OtherElementReads<C, ValueOf<M>> {
  /** The keys of the other entries. */
  getAllOtherKeys(): Found<C, KeyOf<M>[]> {
    return get(this.selected, MapReturnType.KEY | INVERTED);
  }

  /** The other entries as a map, in the form in which maps come back. Needs server 6.3. */
  getAllOthersAsMap(): Found<C, SomeOf<M>> {
    return get(this.selected, MapReturnType.UNORDERED_MAP | INVERTED);
  }

  /** The other entries as a Map in key order. Needs server 6.3. */
  getAllOthersAsOrderedMap(): Found<C, MapOf<M>> {
    return get(this.selected, MapReturnType.ORDERED_MAP | INVERTED);
  }

  /** The other entries as pairs of key and value, in the order in which they were found. */
  getAllOtherKeysAndValues(): Found<C, [KeyOf<M>, ValueOf<M>][]> {
    return get(this.selected, MapReturnType.KEY_VALUE | INVERTED);
  }
}

function get<C extends Next, X>({ from, selector }: Selected<C>, returnType: number): Found<C, X> {
  return from.findsBy(getBy(selector, returnType), returnType);
}
