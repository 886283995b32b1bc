import { NotAwaitable } from "../../policy/not-awaitable.js";
import { inherit, methodsOf } from "../take-methods.js";
import type { Next } from "./next.js";
import { forgottenOperation, type Place } from "./place.js";
import type { Selected, SelectedPlace, SelectionFactory } from "./selection.js";

// What builders of bins are made of. Their methods come in families, one class each, which the builders take over (see
// take-methods.ts): those that write, those that read, and those that do both.

/** A bin. */
export abstract class BinSpot<out C extends Next> extends NotAwaitable {
  readonly place: Place<C>;

  constructor(place: Place<C>) {
    super();
    this.place = place;
  }

  protected override get forgotten(): string {
    return forgottenOperation(this.place.bin);
  }
}

/** One place in a list or map. */
export abstract class PlaceSpot<out C extends Next> extends NotAwaitable {
  readonly selected: SelectedPlace<C>;
  readonly place: Place<C>;

  constructor(selected: SelectedPlace<C>) {
    super();
    this.selected = selected;
    this.place = selected.to;
  }

  protected override get forgotten(): string {
    return forgottenOperation(this.place.bin);
  }
}

/** Several places in a list or map; there is no way further in. */
export abstract class RangeSpot<out C extends Next> extends NotAwaitable {
  readonly selected: Selected<C>;

  constructor(selected: Selected<C>) {
    super();
    this.selected = selected;
  }

  protected override get forgotten(): string {
    return forgottenOperation(this.selected.from.bin);
  }
}

/** The places of a list or map that a path leads to. */
export abstract class PathSpot<out C extends Next> extends BinSpot<C> {}

/** Classes that builders take their methods from, or that take them; abstract ones too. */
export interface Family {
  readonly prototype: object;
}

/** The classes of the builders that `on…` methods make. */
interface SpotClasses {
  readonly OnePlace: new (selected: SelectedPlace<Next>) => object;
  readonly SeveralPlaces: new (selected: Selected<Next>) => object;
  readonly Path: new (place: Place<Next>) => object;
}

/** Lets the `on…` methods of bins, places and paths make builders of these classes. */
export function giveSelections(WholeBin: Family, { OnePlace, SeveralPlaces, Path }: SpotClasses): void {
  const selections: SelectionFactory = {
    place: (selected) => new OnePlace(selected),
    range: (selected) => new SeveralPlaces(selected),
    path: (place) => new Path(place),
  };
  for (const { prototype } of [WholeBin, OnePlace, Path]) {
    Object.defineProperty(prototype, "selections", { value: selections });
  }
}

/**
 * Without a type checker, an operation on the parent would be easy to expect after a selector of several, and would hit
 * all of it.
 */
export function refuseOnePlace(range: Family, families: readonly Family[]): void {
  const refused: PropertyDescriptorMap = {};
  for (const [method] of families.flatMap(({ prototype }) => methodsOf(prototype))) {
    if (method in range.prototype) continue;
    refused[method] = {
      configurable: true,
      value: () => {
        throw new TypeError(`${method}() has no one place to work on after a selector of several`);
      },
    };
  }
  inherit(range.prototype, refused);
}
