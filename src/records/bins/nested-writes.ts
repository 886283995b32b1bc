import { INVERTED, type ListReturnType, type MapReturnType } from "../../../protocol/cdt/flags.js";
import { type ListSelector, type MapSelector, removeBy, type Selector } from "../../../protocol/cdt/selector.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { Double } from "../../../protocol/value/double.js";
import type { Value } from "../../../protocol/value/value.js";
import { NotAwaitable } from "../../policy/not-awaitable.js";
import { methodsOf } from "../take-methods.js";
import { CollectionWrites } from "./collection-writes.js";
import { forgottenOperation } from "./place.js";
import {
  checkPlainReturnType,
  type Selected,
  type SelectedRange,
  type SelectionFactories,
  type Selections,
  type Settable,
} from "./selection.js";

/** What a removal returns, where the command returns anything. */
export interface RemoveOptions<R> {
  /** Default: NONE. */
  readonly returnType?: R;
}

/** What a removal from a list can return. */
export type ListRemoval = Exclude<ListReturnType, typeof INVERTED>;
/** What a removal from a map can return. */
export type MapRemoval = Exclude<MapReturnType, typeof INVERTED>;

/** One place in a list or map: it can be removed, and what it holds, a list or map again, can be written. */
export class NestedWrites<P, S extends Selections, R extends number> extends CollectionWrites<P, Value, S> {
  /** @internal */
  readonly selected: SelectedRange<P, Selector>;

  /** @internal */
  constructor(selected: Selected<P, Selector>, selections: SelectionFactories<P, S>) {
    super(selected.to, selections);
    this.selected = selected;
  }

  /** Removes what is selected. */
  remove(options: RemoveOptions<R> = {}): P {
    return removeSelected(this.selected, returnTypeOf("remove", options));
  }
}

/** One place in a list or map that has an index or a key: it can be set as well. */
export class SettableWrites<P, S extends Selections, R extends number> extends NestedWrites<P, S, R> {
  readonly #settable: Settable<P>;

  /** @internal */
  constructor(selected: Selected<P, Selector>, settable: Settable<P>, selections: SelectionFactories<P, S>) {
    super(selected, selections);
    this.#settable = settable;
  }

  /**
   * Puts a value there; `null` puts nil. An entry is created when there is none, an element only at the end of the list
   * (further on with `pad`).
   */
  setTo(value: Value): P {
    return this.#settable.set(value);
  }

  /** Adds to the number that is there, or puts it there. */
  add(amount: number | bigint | Double): P {
    return this.#settable.increment(amount);
  }
}

/** All places with a value: they can be removed, or everything else; going further in means the first of them. */
export class MatchWrites<P, S extends Selections, R extends number> extends NestedWrites<P, S, R> {
  /** Removes everything but what is selected. */
  removeAllOthers(options: RemoveOptions<R> = {}): P {
    return removeUnselected(this.selected, returnTypeOf("removeAllOthers", options));
  }
}

/** Several places in a list or map: they can be removed, or everything else. There is no way further in. */
export class RangeWrites<P, R extends number> extends NotAwaitable {
  // Without a type checker, an operation on the parent would be easy to expect here, and would hit all of it.
  static {
    const names = methodsOf(CollectionWrites.prototype).map(([name]) => name);
    for (const method of ["setTo", "add", ...names]) {
      if (method in RangeWrites.prototype) continue;
      Object.defineProperty(RangeWrites.prototype, method, {
        configurable: true,
        value: () => {
          throw new TypeError(`${method}() has no one place to work on after a selector of several`);
        },
      });
    }
  }

  /** @internal */
  readonly selected: SelectedRange<P, Selector>;

  /** @internal */
  constructor(selected: SelectedRange<P, Selector>) {
    super();
    this.selected = selected;
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenOperation(this.selected.from.bin);
  }

  /** Removes what is selected. */
  remove(options: RemoveOptions<R> = {}): P {
    return removeSelected(this.selected, returnTypeOf("remove", options));
  }

  /**
   * Removes everything but what is selected.
   * @throws RangeError for an empty list of keys or values on a map, which can bring a server down
   */
  removeAllOthers(options: RemoveOptions<R> = {}): P {
    return removeUnselected(this.selected, returnTypeOf("removeAllOthers", options));
  }
}

function returnTypeOf(method: string, options: RemoveOptions<number>): number {
  checkOptions<RemoveOptions<number>>(method, options, { returnType: true });
  return checkPlainReturnType(options.returnType ?? 0);
}

function removeSelected<P>({ from, selector }: SelectedRange<P, Selector>, returnType: number): P {
  return from.call(removeBy(selector, returnType));
}

function removeUnselected<P>({ from, selector }: SelectedRange<P, Selector>, returnType: number): P {
  return from.call(removeBy(selector, returnType | INVERTED));
}

/** The builders of the `on…` methods that only write. */
export interface WriteSelections<P> extends Selections {
  readonly mapKey: SettableWrites<P, WriteSelections<P>, MapRemoval>;
  readonly mapEntry: NestedWrites<P, WriteSelections<P>, MapRemoval>;
  readonly mapMatches: MatchWrites<P, WriteSelections<P>, MapRemoval>;
  readonly mapRange: RangeWrites<P, MapRemoval>;
  readonly listIndex: SettableWrites<P, WriteSelections<P>, ListRemoval>;
  readonly listElement: NestedWrites<P, WriteSelections<P>, ListRemoval>;
  readonly listMatches: MatchWrites<P, WriteSelections<P>, ListRemoval>;
  readonly listRange: RangeWrites<P, ListRemoval>;
}

/** Makes the builders of {@link WriteSelections}. @internal */
export class WriteFactories<P> implements SelectionFactories<P, WriteSelections<P>> {
  mapKey(selected: Selected<P, MapSelector>, settable: Settable<P>): WriteSelections<P>["mapKey"] {
    return new SettableWrites(selected, settable, this);
  }

  mapEntry(selected: Selected<P, MapSelector>): WriteSelections<P>["mapEntry"] {
    return new NestedWrites(selected, this);
  }

  mapMatches(selected: Selected<P, MapSelector>): WriteSelections<P>["mapMatches"] {
    return new MatchWrites(selected, this);
  }

  mapRange(selected: SelectedRange<P, MapSelector>): WriteSelections<P>["mapRange"] {
    return new RangeWrites(selected);
  }

  listIndex(selected: Selected<P, ListSelector>, settable: Settable<P>): WriteSelections<P>["listIndex"] {
    return new SettableWrites(selected, settable, this);
  }

  listElement(selected: Selected<P, ListSelector>): WriteSelections<P>["listElement"] {
    return new NestedWrites(selected, this);
  }

  listMatches(selected: Selected<P, ListSelector>): WriteSelections<P>["listMatches"] {
    return new MatchWrites(selected, this);
  }

  listRange(selected: SelectedRange<P, ListSelector>): WriteSelections<P>["listRange"] {
    return new RangeWrites(selected);
  }
}
