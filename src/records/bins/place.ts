import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { type CdtCall, callOp, inContext } from "../../../protocol/cdt/call.js";
import type { CTX } from "../../../protocol/cdt/context.js";
import { checkNumber } from "../../../protocol/cdt/param.js";
import type { Op } from "../../../protocol/message/op.js";
import { checkValue } from "../../../protocol/value/check-value.js";
import type { Double } from "../../../protocol/value/double.js";
import { describe, within } from "../../../protocol/value/invalid-value.js";
import { checkMapKey, isPlainObject } from "../../../protocol/value/pack.js";
import type { MapKey, Value } from "../../../protocol/value/value.js";

/** Entries of a map: a Map, a plain object, or pairs. */
export type MapItems =
  | ReadonlyMap<MapKey, Value>
  | readonly (readonly [MapKey, Value])[]
  | { readonly [key: string]: Value | undefined };

/** Takes operations: a builder, with itself as what the methods of its bins return. */
export interface OpTaker<P> {
  /** @internal */
  addOp(op: Op): P;
}

const WHOLE_BIN: readonly CTX[] = [];

/** A bin, or a list or map inside of it, and the builder that operations on it go to. */
export class Place<P> {
  readonly bin: string;
  readonly context: readonly CTX[];
  readonly #builder: OpTaker<P>;

  constructor(bin: string, builder: OpTaker<P>, context: readonly CTX[] = WHOLE_BIN) {
    this.bin = bin;
    this.context = context;
    this.#builder = builder;
  }

  get isWholeBin(): boolean {
    return this.context.length === 0;
  }

  /** Adds an operation on the bin. */
  add(op: Op): P {
    return this.#builder.addOp(op);
  }

  /** Adds an operation on what is here. */
  call(call: CdtCall): P {
    let op: Op;
    try {
      op = callOp(this.bin, inContext(call, this.context));
    } catch (error) {
      throw within(`bin "${this.bin}", `, error);
    }
    return this.#builder.addOp(op);
  }

  /** The place one step further in. */
  step(next: CTX): Place<P> {
    return new Place(this.bin, this.#builder, [...this.context, next]);
  }

  /** The same place, which is created when it is missing, as is the list or map that it is in. */
  creating(pad = false): Place<P> {
    const last = this.context.at(-1);
    if (last === undefined) return this;
    return new Place(this.bin, this.#builder, [...this.context.slice(0, -1), last.creating(pad)]);
  }

  /** The server drops the wish for a stored index inside of a bin without a word. */
  refuseNestedIndex(persistIndex: boolean | undefined): void {
    if (persistIndex && !this.isWholeBin) {
      throw new TypeError(`bin "${this.bin}": persistIndex is for whole bins, not for a list or map inside of one`);
    }
  }

  /** A value that can be stored here. */
  value(value: unknown, name = "value"): Value {
    try {
      checkValue(value);
      return value;
    } catch (error) {
      throw within(`bin "${this.bin}", ${name}`, error);
    }
  }

  /** A number to add to one that is here. */
  amount(amount: unknown): AnyInteger | Double {
    if (typeof amount === "number" && Number.isSafeInteger(amount)) return amount;
    const checked = checkNumber(`bin "${this.bin}", amount`, amount);
    this.value(checked, "amount");
    return checked;
  }

  /** Values that can be stored here. */
  values(values: readonly unknown[]): readonly Value[] {
    if (!Array.isArray(values)) {
      throw new TypeError(`bin "${this.bin}": expected values to be an array, got ${describe(values)}`);
    }
    return values.map((value, i) => this.value(value, `values[${i}]`));
  }

  /** Entries that can be stored here. */
  items(items: MapItems): ReadonlyMap<MapKey, Value> {
    const map = new Map<MapKey, Value>();
    for (const [each, value] of entriesOf(items)) {
      const key = this.key(each);
      if (map.has(key)) throw new TypeError(`bin "${this.bin}", items: the key ${describe(key)} occurs twice`);
      map.set(key, this.value(value, `items[${describe(key)}]`));
    }
    return map;
  }

  /** A key that a map here can hold. */
  key(key: unknown): MapKey {
    return this.named("key", () => checkMapKey(key));
  }

  /** Lets an error about a value say whose it is. */
  named<T>(name: string, make: () => T): T {
    try {
      return make();
    } catch (error) {
      throw within(`bin "${this.bin}", ${name}`, error);
    }
  }
}

/** The message for a builder that was awaited where an operation on the bin was still to be named. */
export function forgottenOperation(bin: string): string {
  return `bin("${bin}") was awaited without an operation and execute(), so nothing was sent: name an operation, such as setTo(1), and await execute()`;
}

/** The entries of what a user takes for a map; anything else must not pass for an empty one. */
function entriesOf(items: unknown): Iterable<readonly [unknown, unknown]> {
  if (items instanceof Map) return items;
  if (Array.isArray(items) && items.every((pair) => Array.isArray(pair) && pair.length === 2)) return items;
  if (typeof items === "object" && items !== null && isPlainObject(items)) {
    return Object.entries(items).filter(([, value]) => value !== undefined);
  }
  throw new TypeError(`expected items to be a Map, a plain object or an array of pairs, got ${describe(items)}`);
}
