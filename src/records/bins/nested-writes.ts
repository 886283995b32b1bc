import { INVERTED, type ListReturnType, type MapReturnType } from "../../../protocol/cdt/flags.js";
import { removeBy } from "../../../protocol/cdt/selector.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import type { Did, Found, Next } from "./next.js";
import type { Amount, KeyOf, MapOf, NumberIn, SomeOf, Stored, ValueOf } from "./place-types.js";
import type { Selected, SelectedPlace } from "./selection.js";
import { EntryTarget, type Target } from "./target.js";
import { type EntryWriteOptions, entryWriteFlags } from "./write-options.js";

/** What a removal returns, where the command returns anything. */
export interface RemoveOptions<R> {
  /** Default: NONE. */
  readonly returnType?: R;
}

/** What a removal from a list can return. */
export type ListRemoval = Exclude<ListReturnType, typeof INVERTED>;
/** What a removal from a map can return. */
export type MapRemoval = Exclude<MapReturnType, typeof INVERTED>;

/** What is returned of what was removed: `X` its values, `I` its indexes, `K` its keys, of maps `M`. */
export type Removed<R, X, I, K = never, M = never> = R extends typeof MapReturnType.NONE
  ? null
  : R extends typeof MapReturnType.VALUE
    ? X
    : R extends typeof MapReturnType.KEY
      ? K
      : R extends typeof MapReturnType.COUNT
        ? number
        : R extends typeof MapReturnType.EXISTS
          ? boolean
          : R extends typeof MapReturnType.KEY_VALUE
            ? [KeyOf<M>, ValueOf<M>][]
            : R extends typeof MapReturnType.UNORDERED_MAP
              ? SomeOf<M>
              : R extends typeof MapReturnType.ORDERED_MAP
                ? MapOf<M>
                : R extends RangeReturnType
                  ? [start: number, count: number]
                  : I;

type RangeReturnType =
  | typeof MapReturnType.INDEX_RANGE
  | typeof MapReturnType.REVERSE_INDEX_RANGE
  | typeof MapReturnType.RANK_RANGE
  | typeof MapReturnType.REVERSE_RANK_RANGE;

/** Removes what a selector names in a list: values of type `X`, with indexes of type `I`. */
export abstract class ElementRemoval<out C extends Next, X, I> {
  /** @internal */
  declare readonly selected: Selected<C>;

  /** Removes what is selected. */
  remove<R extends ListRemoval = typeof ListReturnType.NONE>(
    options: RemoveOptions<R> = {},
  ): Found<C, Removed<R, X, I>> {
    return remove(this.selected, returnTypeOf("remove", options));
  }
}

/** Removes what a selector names in maps `M`: values of type `X` under keys of type `K`, with indexes of type `I`. */
export abstract class EntryRemoval<out C extends Next, X, I, K, M> {
  /** @internal */
  declare readonly selected: Selected<C>;

  /** Removes what is selected. */
  remove<R extends MapRemoval = typeof MapReturnType.NONE>(
    options: RemoveOptions<R> = {},
  ): Found<C, Removed<R, X, I, K, M>> {
    return remove(this.selected, returnTypeOf("remove", options));
  }
}

/** Removes everything from a list but what a selector names. */
export abstract class OtherElementRemoval<out C extends Next, E> {
  /** @internal */
  declare readonly selected: Selected<C>;

  /** Removes everything but what is selected. */
  removeAllOthers<R extends ListRemoval = typeof ListReturnType.NONE>(
    options: RemoveOptions<R> = {},
  ): Found<C, Removed<R, E[], number[]>> {
    return remove(this.selected, returnTypeOf("removeAllOthers", options) | INVERTED);
  }
}

/** Removes everything from maps `M` but what a selector names. */
export abstract class OtherEntryRemoval<out C extends Next, M> {
  /** @internal */
  declare readonly selected: Selected<C>;

  /**
   * Removes everything but what is selected.
   * @throws RangeError for an empty list of keys or values, which can bring a server down
   */
  removeAllOthers<R extends MapRemoval = typeof MapReturnType.NONE>(
    options: RemoveOptions<R> = {},
  ): Found<C, Removed<R, ValueOf<M>[], number[], KeyOf<M>[], M>> {
    return remove(this.selected, returnTypeOf("removeAllOthers", options) | INVERTED);
  }
}

/** Sets an element of a list that has an index. */
export abstract class ElementSetting<out C extends Next, V> {
  /** @internal */
  declare readonly selected: SelectedPlace<C>;

  /** Puts a value there; `null` puts nil. A new element goes only to the end of the list (further on with `pad`). */
  setTo(value: Stored<V>): Did<C> {
    return targetOf("setTo", this.selected).set(value) as Did<C>;
  }
}

/** Sets the entry of a map that has a key. Each method returns how many entries the map has then. */
export abstract class EntrySetting<out C extends Next, V> {
  /** @internal */
  declare readonly selected: SelectedPlace<C>;

  /** Puts a value there, whether there is one or not; `null` puts nil. */
  setTo(value: Stored<V>): Did<C, number> {
    return targetOf("setTo", this.selected).set(value) as Did<C, number>;
  }

  /** Puts a value there when there is none (else result code 24). */
  insert(value: Stored<V>, options: EntryWriteOptions = {}): Did<C, number> {
    return entryOf("insert", this.selected).insert(value, entryWriteFlags("insert", options));
  }

  /** Puts a value there when there is one (else result code 23). */
  update(value: Stored<V>, options: EntryWriteOptions = {}): Did<C, number> {
    return entryOf("update", this.selected).update(value, entryWriteFlags("update", options));
  }
}

/** Adds to a number that has a key or an index. */
export abstract class NumberSetting<out C extends Next, V> {
  /** @internal */
  declare readonly selected: SelectedPlace<C>;

  /** Adds to the number that is there, or puts it there, and returns the sum. */
  add(amount: Amount<V>): Did<C, NumberIn<V>> {
    return targetOf("add", this.selected).increment(amount) as Did<C, NumberIn<V>>;
  }
}

function targetOf<C extends Next>(method: string, { from, target }: SelectedPlace<C>): Target<C> {
  if (target !== undefined) return target;
  throw new TypeError(`bin "${from.bin}": ${method}() needs a place with a key or an index, and no rank or value`);
}

function entryOf<C extends Next>(method: string, selected: SelectedPlace<C>): EntryTarget<C> {
  const target = targetOf(method, selected);
  if (target instanceof EntryTarget) return target;
  throw new TypeError(`bin "${selected.from.bin}": ${method}() is for an entry of a map; a list has setTo()`);
}

function returnTypeOf(method: string, options: RemoveOptions<number>): number {
  checkOptions<RemoveOptions<number>>(method, options, { returnType: true });
  const { returnType = 0 } = options;
  // Added to a return type it would remove the opposite.
  if ((returnType & INVERTED) !== 0) {
    throw new TypeError(
      `expected a plain returnType, got ${describe(returnType)}, which is inverted: use removeAllOthers()`,
    );
  }
  return returnType;
}

function remove<C extends Next, X>(selected: Selected<C>, returnType: number): Found<C, X> {
  return selected.from.findsBy(removeBy(selected.selector, returnType), returnType);
}
