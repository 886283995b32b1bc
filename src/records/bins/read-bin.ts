import type { ListSelector, MapSelector, Selector } from "../../../protocol/cdt/selector.js";
import { NotAwaitable } from "../../policy/not-awaitable.js";
import { takeMethods } from "../take-methods.js";
import { BinReads } from "./bin-reads.js";
import { ContentReads, ElementReads, EntryReads, OtherElementReads, OtherEntryReads } from "./element-reads.js";
import { Navigation } from "./navigation.js";
import { forgottenOperation, type OpTaker, Place } from "./place.js";
import type { Selected, SelectedRange, SelectionFactories, Selections } from "./selection.js";

/** The ways into a list or map of a builder that only reads. */
export class ReadNavigation<P> extends Navigation<P, ReadSelections<P>> {}

/** The builders of the `on…` methods that only read. */
export interface ReadSelections<P> extends Selections {
  readonly mapKey: ReadNavigation<P> & EntryReads<P> & ContentReads<P>;
  readonly mapEntry: ReadNavigation<P> & EntryReads<P> & ContentReads<P>;
  readonly mapMatches: ReadNavigation<P> & EntryReads<P> & OtherEntryReads<P> & ContentReads<P>;
  readonly mapRange: EntryReads<P> & OtherEntryReads<P>;
  readonly listIndex: ReadNavigation<P> & ElementReads<P> & ContentReads<P>;
  readonly listElement: ReadNavigation<P> & ElementReads<P> & ContentReads<P>;
  readonly listMatches: ReadNavigation<P> & ElementReads<P> & OtherElementReads<P> & ContentReads<P>;
  readonly listRange: ElementReads<P> & OtherElementReads<P>;
}

/** The reads of one bin of a command that writes nothing. */
export type ReadBin<P> = ReadNavigation<P> & BinReads<P>;

/** Makes the reads of one bin; each gives the builder one operation and returns what that returns. */
export function readBin<P>(bin: string, builder: OpTaker<P>): ReadBin<P> {
  return new WholeBin<P>(new Place(bin, builder), FACTORIES);
}

/** @internal */
export interface WholeBin<P> extends BinReads<P> {}
/** @internal */
export class WholeBin<P> extends ReadNavigation<P> {}
takeMethods(WholeBin, BinReads);

/** One place in a list or map. */
class ReadPlace<P> extends ReadNavigation<P> {
  readonly selected: SelectedRange<P, Selector>;

  constructor(selected: Selected<P, Selector>, selections: ReadFactories<P>) {
    super(selected.to, selections);
    this.selected = selected;
  }
}

/** @internal */
export interface ReadEntry<P> extends EntryReads<P>, ContentReads<P> {}
/** @internal */
export class ReadEntry<P> extends ReadPlace<P> {}
takeMethods(ReadEntry, EntryReads, ContentReads);

/** @internal */
export interface ReadEntryMatches<P> extends OtherEntryReads<P> {}
/** @internal */
export class ReadEntryMatches<P> extends ReadEntry<P> {}
takeMethods(ReadEntryMatches, OtherEntryReads);

/** @internal */
export interface ReadElement<P> extends ElementReads<P>, ContentReads<P> {}
/** @internal */
export class ReadElement<P> extends ReadPlace<P> {}
takeMethods(ReadElement, ElementReads, ContentReads);

/** @internal */
export interface ReadElementMatches<P> extends OtherElementReads<P> {}
/** @internal */
export class ReadElementMatches<P> extends ReadElement<P> {}
takeMethods(ReadElementMatches, OtherElementReads);

/** Several places in a list or map; there is no way further in. */
class ReadRange<P> extends NotAwaitable {
  readonly selected: SelectedRange<P, Selector>;

  constructor(selected: SelectedRange<P, Selector>) {
    super();
    this.selected = selected;
  }

  protected override get forgotten(): string {
    return forgottenOperation(this.selected.from.bin);
  }
}

/** @internal */
export interface ReadElementRange<P> extends ElementReads<P>, OtherElementReads<P> {}
/** @internal */
export class ReadElementRange<P> extends ReadRange<P> {}
takeMethods(ReadElementRange, ElementReads, OtherElementReads);

/** @internal */
export interface ReadEntryRange<P> extends EntryReads<P>, OtherEntryReads<P> {}
/** @internal */
export class ReadEntryRange<P> extends ReadRange<P> {}
takeMethods(ReadEntryRange, EntryReads, OtherEntryReads);

class ReadFactories<P> implements SelectionFactories<P, ReadSelections<P>> {
  mapKey(selected: Selected<P, MapSelector>): ReadEntry<P> {
    return new ReadEntry(selected, this);
  }

  mapEntry(selected: Selected<P, MapSelector>): ReadEntry<P> {
    return new ReadEntry(selected, this);
  }

  mapMatches(selected: Selected<P, MapSelector>): ReadEntryMatches<P> {
    return new ReadEntryMatches(selected, this);
  }

  mapRange(selected: SelectedRange<P, MapSelector>): ReadEntryRange<P> {
    return new ReadEntryRange(selected);
  }

  listIndex(selected: Selected<P, ListSelector>): ReadElement<P> {
    return new ReadElement(selected, this);
  }

  listElement(selected: Selected<P, ListSelector>): ReadElement<P> {
    return new ReadElement(selected, this);
  }

  listMatches(selected: Selected<P, ListSelector>): ReadElementMatches<P> {
    return new ReadElementMatches(selected, this);
  }

  listRange(selected: SelectedRange<P, ListSelector>): ReadElementRange<P> {
    return new ReadElementRange(selected);
  }
}

/** They have no state; what they make for no parent, they make for any. */
const FACTORIES = new ReadFactories<never>();
