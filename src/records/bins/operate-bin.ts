import type { ListSelector, MapSelector } from "../../../protocol/cdt/selector.js";
import type { Value } from "../../../protocol/value/value.js";
import { takeMethods } from "../take-methods.js";
import { BinReads } from "./bin-reads.js";
import { BinWritesOf } from "./bin-writes.js";
import { ContentReads, ElementReads, EntryReads, OtherElementReads, OtherEntryReads } from "./element-reads.js";
import {
  type ListRemoval,
  type MapRemoval,
  MatchWrites,
  NestedWrites,
  RangeWrites,
  SettableWrites,
} from "./nested-writes.js";
import { type OpTaker, Place } from "./place.js";
import type { Selected, SelectedRange, SelectionFactories, Selections, Settable } from "./selection.js";

/** The builders of the `on…` methods that write and read. */
export interface OperateSelections<P> extends Selections {
  readonly mapKey: SettableWrites<P, OperateSelections<P>, MapRemoval> & EntryReads<P> & ContentReads<P>;
  readonly mapEntry: NestedWrites<P, OperateSelections<P>, MapRemoval> & EntryReads<P> & ContentReads<P>;
  readonly mapMatches: MatchWrites<P, OperateSelections<P>, MapRemoval> &
    EntryReads<P> &
    OtherEntryReads<P> &
    ContentReads<P>;
  readonly mapRange: RangeWrites<P, MapRemoval> & EntryReads<P> & OtherEntryReads<P>;
  readonly listIndex: SettableWrites<P, OperateSelections<P>, ListRemoval> & ElementReads<P> & ContentReads<P>;
  readonly listElement: NestedWrites<P, OperateSelections<P>, ListRemoval> & ElementReads<P> & ContentReads<P>;
  readonly listMatches: MatchWrites<P, OperateSelections<P>, ListRemoval> &
    ElementReads<P> &
    OtherElementReads<P> &
    ContentReads<P>;
  readonly listRange: RangeWrites<P, ListRemoval> & ElementReads<P> & OtherElementReads<P>;
}

/** The writes to and reads of one bin of a single-record command. */
export type OperateBin<P, V = Value> = BinWritesOf<P, V, OperateSelections<P>> & BinReads<P>;

/** Makes the writes and reads of one bin; each gives the builder one operation and returns what that returns. */
export function operateBin<P, V = Value>(bin: string, builder: OpTaker<P>): OperateBin<P, V> {
  return new WholeBin<P, V>(new Place(bin, builder), FACTORIES);
}

/** @internal */
// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface WholeBin<P, V> extends BinReads<P> {}
/** @internal */
export class WholeBin<P, V> extends BinWritesOf<P, V, OperateSelections<P>> {}
takeMethods(WholeBin, BinReads);

/** @internal */
export interface SettableEntry<P> extends EntryReads<P>, ContentReads<P> {}
/** @internal */
export class SettableEntry<P> extends SettableWrites<P, OperateSelections<P>, MapRemoval> {}
takeMethods(SettableEntry, EntryReads, ContentReads);

/** @internal */
export interface Entry<P> extends EntryReads<P>, ContentReads<P> {}
/** @internal */
export class Entry<P> extends NestedWrites<P, OperateSelections<P>, MapRemoval> {}
takeMethods(Entry, EntryReads, ContentReads);

/** @internal */
export interface EntryMatches<P> extends EntryReads<P>, OtherEntryReads<P>, ContentReads<P> {}
/** @internal */
export class EntryMatches<P> extends MatchWrites<P, OperateSelections<P>, MapRemoval> {}
takeMethods(EntryMatches, EntryReads, OtherEntryReads, ContentReads);

/** @internal */
export interface EntryRange<P> extends EntryReads<P>, OtherEntryReads<P> {}
/** @internal */
export class EntryRange<P> extends RangeWrites<P, MapRemoval> {}
takeMethods(EntryRange, EntryReads, OtherEntryReads);

/** @internal */
export interface SettableElement<P> extends ElementReads<P>, ContentReads<P> {}
/** @internal */
export class SettableElement<P> extends SettableWrites<P, OperateSelections<P>, ListRemoval> {}
takeMethods(SettableElement, ElementReads, ContentReads);

/** @internal */
export interface Element<P> extends ElementReads<P>, ContentReads<P> {}
/** @internal */
export class Element<P> extends NestedWrites<P, OperateSelections<P>, ListRemoval> {}
takeMethods(Element, ElementReads, ContentReads);

/** @internal */
export interface ElementMatches<P> extends ElementReads<P>, OtherElementReads<P>, ContentReads<P> {}
/** @internal */
export class ElementMatches<P> extends MatchWrites<P, OperateSelections<P>, ListRemoval> {}
takeMethods(ElementMatches, ElementReads, OtherElementReads, ContentReads);

/** @internal */
export interface ElementRange<P> extends ElementReads<P>, OtherElementReads<P> {}
/** @internal */
export class ElementRange<P> extends RangeWrites<P, ListRemoval> {}
takeMethods(ElementRange, ElementReads, OtherElementReads);

class OperateFactories<P> implements SelectionFactories<P, OperateSelections<P>> {
  mapKey(selected: Selected<P, MapSelector>, settable: Settable<P>): SettableEntry<P> {
    return new SettableEntry(selected, settable, this);
  }

  mapEntry(selected: Selected<P, MapSelector>): Entry<P> {
    return new Entry(selected, this);
  }

  mapMatches(selected: Selected<P, MapSelector>): EntryMatches<P> {
    return new EntryMatches(selected, this);
  }

  mapRange(selected: SelectedRange<P, MapSelector>): EntryRange<P> {
    return new EntryRange(selected);
  }

  listIndex(selected: Selected<P, ListSelector>, settable: Settable<P>): SettableElement<P> {
    return new SettableElement(selected, settable, this);
  }

  listElement(selected: Selected<P, ListSelector>): Element<P> {
    return new Element(selected, this);
  }

  listMatches(selected: Selected<P, ListSelector>): ElementMatches<P> {
    return new ElementMatches(selected, this);
  }

  listRange(selected: SelectedRange<P, ListSelector>): ElementRange<P> {
    return new ElementRange(selected);
  }
}

/** They have no state; what they make for no parent, they make for any. */
const FACTORIES = new OperateFactories<never>();
