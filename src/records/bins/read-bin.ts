import type { Op } from "../../../protocol/message/op.js";
import { type BinReads, binReads } from "./bin-reads.js";
import {
  type ContentReads,
  contentReads,
  type ElementReads,
  type EntryReads,
  elementReads,
  entryReads,
  type OtherElementReads,
  type OtherEntryReads,
  otherElementReads,
  otherEntryReads,
} from "./element-reads.js";
import type { ToExpression } from "./expression.js";
import { Navigation } from "./navigation.js";
import { Place } from "./place.js";
import type { SelectionFactories, Selections } from "./selection.js";

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

/** Makes the reads of one bin; each calls `add` once and answers what that answers. */
export function readBin<P>(bin: string, add: (op: Op) => P, toExpression: ToExpression): ReadBin<P> {
  const place = new Place(bin, add);
  return Object.assign(new ReadNavigation(place, readSelections<P>()), binReads(place, toExpression));
}

function readSelections<P>(): SelectionFactories<P, ReadSelections<P>> {
  const into = (place: Place<P>) => Object.assign(new ReadNavigation(place, factories), contentReads(place));
  const factories: SelectionFactories<P, ReadSelections<P>> = {
    mapKey: (selected) => Object.assign(into(selected.to), entryReads(selected)),
    mapEntry: (selected) => Object.assign(into(selected.to), entryReads(selected)),
    mapMatches: (selected) => Object.assign(into(selected.to), entryReads(selected), otherEntryReads(selected)),
    mapRange: (selected) => ({ ...entryReads(selected), ...otherEntryReads(selected) }),
    listIndex: (selected) => Object.assign(into(selected.to), elementReads(selected)),
    listElement: (selected) => Object.assign(into(selected.to), elementReads(selected)),
    listMatches: (selected) => Object.assign(into(selected.to), elementReads(selected), otherElementReads(selected)),
    listRange: (selected) => ({ ...elementReads(selected), ...otherElementReads(selected) }),
  };
  return factories;
}
