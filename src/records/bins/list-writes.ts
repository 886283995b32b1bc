import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { ListOrderType, type ListSortFlags } from "../../../protocol/cdt/flags.js";
import * as list from "../../../protocol/cdt/list.js";
import { checkNumber } from "../../../protocol/cdt/param.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { Did, Found, Next } from "./next.js";
import type { Place } from "./place.js";
import type { Amount, NumberIn, Stored } from "./place-types.js";
import { type ListItemsOptions, type ListWriteOptions, listItemsFlags, listWriteFlags } from "./write-options.js";

/** How a list is created. */
export interface ListCreateOptions {
  /**
   * Fills the list around it with nil up to the index where the new one goes. Only after `onListIndex`.
   * Default: false.
   */
  readonly pad?: boolean;
  /** Keep an index of the list in storage. Only where the list is the bin itself. Default: false. */
  readonly persistIndex?: boolean;
}

/**
 * Writes to a list: the bin itself or one inside of it. Appending, inserting and setting create a bin that is missing;
 * removing from one does nothing. A bin of another type is an error (result code 12).
 *
 * @typeParam E the elements of the list
 */
export abstract class ListWrites<out C extends Next, E> {
  /** @internal */
  declare readonly place: Place<C>;

  /**
   * Adds a value at the end; a list that it creates is unordered. In an ordered list it goes to its sorted place.
   * @example .bin("tags").listAppend("new", { unique: true, noFail: true })
   */
  listAppend(value: Stored<E>, options?: ListWriteOptions): Did<C, number> {
    return this.place.counts(list.listAppend(this.place.value(value), policyOf(listWriteFlags("listAppend", options))));
  }

  /** Adds a value to an ordered list, which it creates when there is none. */
  listAdd(value: Stored<E>, options?: ListWriteOptions): Did<C, number> {
    const policy = { order: ListOrderType.ORDERED, flags: listWriteFlags("listAdd", options) ?? 0 };
    return this.place.counts(list.listAppend(this.place.value(value), policy));
  }

  /** Adds values at the end; a list that it creates is unordered. */
  listAppendItems(values: readonly Stored<E>[], options?: ListItemsOptions): Did<C, number> {
    return this.place.counts(
      list.listAppendItems(this.place.values(values), policyOf(listItemsFlags("listAppendItems", options))),
    );
  }

  /** Adds values to an ordered list, which it creates when there is none. */
  listAddItems(values: readonly Stored<E>[], options?: ListItemsOptions): Did<C, number> {
    const policy = { order: ListOrderType.ORDERED, flags: listItemsFlags("listAddItems", options) ?? 0 };
    return this.place.counts(list.listAppendItems(this.place.values(values), policy));
  }

  /** Puts a value in front of the one at an index. Unordered lists only (result code 26). */
  listInsert(index: AnyInteger, value: Stored<E>, options?: ListWriteOptions): Did<C, number> {
    return this.place.counts(list.listInsert(index, this.place.value(value), listWriteFlags("listInsert", options)));
  }

  /** Puts values in front of the one at an index. Unordered lists only (result code 26). */
  listInsertItems(index: AnyInteger, values: readonly Stored<E>[], options?: ListItemsOptions): Did<C, number> {
    return this.place.counts(
      list.listInsertItems(index, this.place.values(values), listItemsFlags("listInsertItems", options)),
    );
  }

  /** Replaces the element at an index; beyond the end it pads with nil. Unordered lists only (result code 26). */
  listSet(index: AnyInteger, value: Stored<E>, options?: ListWriteOptions): Did<C> {
    return this.place.does(list.listSet(index, this.place.value(value), listWriteFlags("listSet", options)));
  }

  /** Adds to the number at an index. @param amount default 1 */
  listIncrement(index: AnyInteger, amount?: Amount<E>): Did<C, NumberIn<E>> {
    return this.place.does(list.listIncrement(index, amount === undefined ? 1 : checkNumber("amount", amount)));
  }

  /** Removes the element at an index; result code 26 when there is none. */
  listRemove(index: AnyInteger): Found<C, number> {
    return this.place.findsCounts(list.listRemove(index));
  }

  /** Removes `count` elements from an index on, or all that follow. */
  listRemoveRange(index: AnyInteger, count?: AnyInteger): Found<C, number> {
    return this.place.findsCounts(list.listRemoveRange(index, count));
  }

  /** Removes the element at an index and returns it, where the command returns anything. */
  listPop(index: AnyInteger): Found<C, E> {
    return this.place.finds(list.listPop(index));
  }

  /** Removes `count` elements from an index on, or all that follow, and returns them. */
  listPopRange(index: AnyInteger, count?: AnyInteger): Found<C, E[]> {
    return this.place.finds(list.listPopRange(index, count));
  }

  /** Keeps `count` elements from an index on and removes the rest. */
  listTrim(index: AnyInteger, count: AnyInteger): Found<C, number> {
    return this.place.findsCounts(list.listTrim(index, count));
  }

  /** Removes all elements; the list stays. */
  listClear(): Did<C> {
    return this.place.does(list.listClear());
  }

  /** Sorts by value. An ordered list is sorted already; a missing one is an error (result code 12). */
  listSort(flags?: ListSortFlags): Did<C> {
    return this.place.does(list.listSort(flags));
  }

  /**
   * Creates an empty list where there is none, together with the list or map around it.
   * @throws TypeError for an option that has no meaning here, and inside of a place that has neither index nor key
   */
  listCreate(order: ListOrderType, options: ListCreateOptions = {}): Did<C> {
    checkOptions<ListCreateOptions>("listCreate", options, { pad: true, persistIndex: true });
    const { pad = false, persistIndex = false } = options;
    if (pad && this.place.isWholeBin) throw new TypeError("pad is for a list inside of another one");
    this.place.refuseNestedIndex(persistIndex);
    return this.place.creating(pad).does(list.listSetOrder(order, persistIndex));
  }

  /** Changes the order of a list; one that becomes ordered is sorted. Creates a bin that is missing. */
  listSetOrder(order: ListOrderType): Did<C> {
    return this.place.does(list.listSetOrder(order));
  }
}

function policyOf(flags: number | undefined): { readonly flags: number } | undefined {
  return flags === undefined ? undefined : { flags };
}
