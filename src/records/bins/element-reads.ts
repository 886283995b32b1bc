import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { INVERTED, MapReturnType } from "../../../protocol/cdt/flags.js";
import { listGet, listGetRange, listSize } from "../../../protocol/cdt/list.js";
import { mapSize } from "../../../protocol/cdt/map.js";
import { getBy, type Selector } from "../../../protocol/cdt/selector.js";
import type { Place } from "./place.js";
import type { SelectedRange } from "./selection.js";

// Families of methods that the builders of places take; see take-methods.ts.

/** Reads what a selector names: one result each, a list of them where the selector names several places. */
export abstract class ElementReads<P> {
  /** @internal */
  declare readonly selected: SelectedRange<P, Selector>;

  /** The values themselves. */
  getValues(): P {
    return get(this.selected, MapReturnType.VALUE);
  }

  /** How many there are: 0 or 1 for a selector of one place. */
  count(): P {
    return get(this.selected, MapReturnType.COUNT);
  }

  /** Whether there is any. Needs server 6.1. */
  exists(): P {
    return get(this.selected, MapReturnType.EXISTS);
  }

  /** Indexes: positions in a list, in key order in a map. */
  getIndexes(): P {
    return get(this.selected, MapReturnType.INDEX);
  }

  /** Indexes counted from the end. */
  getReverseIndexes(): P {
    return get(this.selected, MapReturnType.REVERSE_INDEX);
  }

  /** Ranks: positions in value order. */
  getRanks(): P {
    return get(this.selected, MapReturnType.RANK);
  }

  /** Ranks counted from the greatest. */
  getReverseRanks(): P {
    return get(this.selected, MapReturnType.REVERSE_RANK);
  }
}

/** Reads what a selector names in a map. */
export abstract class EntryReads<P> extends ElementReads<P> {
  /** The keys of the entries. */
  getKeys(): P {
    return get(this.selected, MapReturnType.KEY);
  }

  /** Entries, in the order in which they were found. */
  getKeysAndValues(): P {
    return get(this.selected, MapReturnType.KEY_VALUE);
  }
}

/** Reads everything but what a selector names. */
export abstract class OtherElementReads<P> {
  /** @internal */
  declare readonly selected: SelectedRange<P, Selector>;

  /** The values of the others. */
  getAllOtherValues(): P {
    return get(this.selected, MapReturnType.VALUE | INVERTED);
  }

  /** How many others there are. */
  countAllOthers(): P {
    return get(this.selected, MapReturnType.COUNT | INVERTED);
  }

  /** Their indexes: positions in a list, in key order in a map. */
  getAllOtherIndexes(): P {
    return get(this.selected, MapReturnType.INDEX | INVERTED);
  }

  /** Their indexes counted from the end. */
  getAllOtherReverseIndexes(): P {
    return get(this.selected, MapReturnType.REVERSE_INDEX | INVERTED);
  }

  /** Their ranks: positions in value order. */
  getAllOtherRanks(): P {
    return get(this.selected, MapReturnType.RANK | INVERTED);
  }

  /** Their ranks counted from the greatest. */
  getAllOtherReverseRanks(): P {
    return get(this.selected, MapReturnType.REVERSE_RANK | INVERTED);
  }
}

/** Reads everything in a map but what a selector names. */
export abstract class OtherEntryReads<P> extends OtherElementReads<P> {
  /** The keys of the other entries. */
  getAllOtherKeys(): P {
    return get(this.selected, MapReturnType.KEY | INVERTED);
  }

  /** The other entries, in the order in which they were found. */
  getAllOtherKeysAndValues(): P {
    return get(this.selected, MapReturnType.KEY_VALUE | INVERTED);
  }
}

/** Reads the list or map at a place. */
export abstract class ContentReads<P> {
  /** @internal */
  declare readonly place: Place<P>;

  /** How many elements the list has. */
  listSize(): P {
    return this.place.call(listSize());
  }

  /** The element at an index; result code 26 when there is none. */
  listGet(index: AnyInteger): P {
    return this.place.call(listGet(index));
  }

  /** `count` elements from an index on, or all that follow. */
  listGetRange(index: AnyInteger, count?: AnyInteger): P {
    return this.place.call(listGetRange(index, count));
  }

  /** How many entries the map has. */
  mapSize(): P {
    return this.place.call(mapSize());
  }
}

function get<P>({ from, selector }: SelectedRange<P, Selector>, returnType: number): P {
  return from.call(getBy(selector, returnType));
}
