import type { Op } from "../../../protocol/message/op.js";
import type { Value } from "../../../protocol/value/value.js";
import { type BinReads, binReads } from "./bin-reads.js";
import { BinWritesOf } from "./bin-writes.js";
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
import {
  type ListRemoval,
  type MapRemoval,
  MatchWrites,
  NestedWrites,
  RangeWrites,
  SettableWrites,
} from "./nested-writes.js";
import { Place } from "./place.js";
import type { SelectionFactories, Selections } from "./selection.js";

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

/** Makes the writes and reads of one bin; each calls `add` once and answers what that answers. */
export function operateBin<P, V = Value>(
  bin: string,
  add: (op: Op) => P,
  toExpression: ToExpression,
): OperateBin<P, V> {
  const place = new Place(bin, add);
  const writes = new BinWritesOf<P, V, OperateSelections<P>>(place, operateSelections<P>(), toExpression);
  return Object.assign(writes, binReads(place, toExpression));
}

function operateSelections<P>(): SelectionFactories<P, OperateSelections<P>> {
  const factories: SelectionFactories<P, OperateSelections<P>> = {
    mapKey: (selected, settable) =>
      Object.assign(
        new SettableWrites<P, OperateSelections<P>, MapRemoval>(selected, settable, factories),
        entryReads(selected),
        contentReads(selected.to),
      ),
    mapEntry: (selected) =>
      Object.assign(
        new NestedWrites<P, OperateSelections<P>, MapRemoval>(selected, factories),
        entryReads(selected),
        contentReads(selected.to),
      ),
    mapMatches: (selected) =>
      Object.assign(
        new MatchWrites<P, OperateSelections<P>, MapRemoval>(selected, factories),
        entryReads(selected),
        otherEntryReads(selected),
        contentReads(selected.to),
      ),
    mapRange: (selected) =>
      Object.assign(new RangeWrites<P, MapRemoval>(selected), entryReads(selected), otherEntryReads(selected)),
    listIndex: (selected, settable) =>
      Object.assign(
        new SettableWrites<P, OperateSelections<P>, ListRemoval>(selected, settable, factories),
        elementReads(selected),
        contentReads(selected.to),
      ),
    listElement: (selected) =>
      Object.assign(
        new NestedWrites<P, OperateSelections<P>, ListRemoval>(selected, factories),
        elementReads(selected),
        contentReads(selected.to),
      ),
    listMatches: (selected) =>
      Object.assign(
        new MatchWrites<P, OperateSelections<P>, ListRemoval>(selected, factories),
        elementReads(selected),
        otherElementReads(selected),
        contentReads(selected.to),
      ),
    listRange: (selected) =>
      Object.assign(new RangeWrites<P, ListRemoval>(selected), elementReads(selected), otherElementReads(selected)),
  };
  return factories;
}
