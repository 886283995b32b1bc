import { INVERTED } from "../../../protocol/cdt/flags.js";
import type { ListSelector, MapSelector, Selector } from "../../../protocol/cdt/selector.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import type { Place } from "./place.js";

/** What a selector names in a list or map: the selector works on `from`, operations on the element itself on `to`. */
export interface Selected<P, T extends Selector> {
  readonly from: Place<P>;
  readonly selector: T;
  readonly to: Place<P>;
}

/** What a selector of several elements names. */
export interface SelectedRange<P, T extends Selector> {
  readonly from: Place<P>;
  readonly selector: T;
}

/** What to make of the place that a selector of one element names, should it be set. */
export interface Settable<P> {
  readonly set: (value: unknown) => P;
  readonly increment: (amount: unknown) => P;
}

/** The builders that the `on…` methods return, by kind of selector. */
export interface Selections {
  /** onMapKey: one entry, which can be set. */
  readonly mapKey: unknown;
  /** onMapIndex, onMapRank: one entry. */
  readonly mapEntry: unknown;
  /** onMapValue: all entries with a value; going further in means the first. */
  readonly mapMatches: unknown;
  /** Ranges and lists of keys and values. */
  readonly mapRange: unknown;
  /** onListIndex: one element, which can be set. */
  readonly listIndex: unknown;
  /** onListRank: one element. */
  readonly listElement: unknown;
  /** onListValue: all elements with a value; going further in means the first. */
  readonly listMatches: unknown;
  /** Ranges and lists of values. */
  readonly listRange: unknown;
}

/** How the builders of {@link Selections} are made. */
export interface SelectionFactories<P, S extends Selections> {
  mapKey(selected: Selected<P, MapSelector>, settable: Settable<P>): S["mapKey"];
  mapEntry(selected: Selected<P, MapSelector>): S["mapEntry"];
  mapMatches(selected: Selected<P, MapSelector>): S["mapMatches"];
  mapRange(selected: SelectedRange<P, MapSelector>): S["mapRange"];
  listIndex(selected: Selected<P, ListSelector>, settable: Settable<P>): S["listIndex"];
  listElement(selected: Selected<P, ListSelector>): S["listElement"];
  listMatches(selected: Selected<P, ListSelector>): S["listMatches"];
  listRange(selected: SelectedRange<P, ListSelector>): S["listRange"];
}

/** INVERTED has methods of its own; added to a return type it would remove the opposite. */
export function checkPlainReturnType(returnType: number): number {
  if ((returnType & INVERTED) !== 0) {
    throw new TypeError(
      `expected a plain returnType, got ${describe(returnType)}, which is inverted: use removeAllOthers()`,
    );
  }
  return returnType;
}
