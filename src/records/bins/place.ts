import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { type CdtCall, callOp, inContext } from "../../../protocol/cdt/call.js";
import type { CTX } from "../../../protocol/cdt/context.js";
import { INVERTED, MapReturnType } from "../../../protocol/cdt/flags.js";
import { checkNumber } from "../../../protocol/cdt/param.js";
import type { ExpNode } from "../../../protocol/exp/node.js";
import { pathOp } from "../../../protocol/exp/path-op.js";
import type { Op, PayloadOp, ResultForm } from "../../../protocol/message/op.js";
import { checkValue } from "../../../protocol/value/check-value.js";
import type { Double } from "../../../protocol/value/double.js";
import { describe, within } from "../../../protocol/value/invalid-value.js";
import { checkMapKey, isPlainObject } from "../../../protocol/value/pack.js";
import type { MapKey, Value } from "../../../protocol/value/value.js";
import type { RecordCodec } from "../../data/record-codec.js";
import { pathStep } from "../../exp/call.js";
import type { Did, Found, Next } from "./next.js";

/** Takes operations: a builder, with itself as what the methods of its bins return. */
export interface OpTaker {
  /** @internal */
  addOp(op: Op): unknown;
  /** How whole values of its bins are stored; undefined, as they are. @internal */
  readonly codec?: RecordCodec | undefined;
  /** Bins that are known to hold DOUBLE. */
  readonly doubles?: ReadonlySet<string> | undefined;
}

const WHOLE_BIN: readonly CTX[] = [];

/** A bin, or a list or map inside of it, and where operations on it go. */
export class Place<out C extends Next> {
  readonly bin: string;
  readonly context: readonly CTX[];
  readonly #builder: OpTaker;

  constructor(bin: string, builder: OpTaker, context: readonly CTX[] = WHOLE_BIN) {
    this.bin = bin;
    this.context = context;
    this.#builder = builder;
  }

  get isWholeBin(): boolean {
    return this.context.length === 0;
  }

  /** Adds an operation on the bin that returns an `X`. */
  add<X = null>(op: Op): Did<C, X> {
    // What comes next is what the builder says it is.
    return this.#builder.addOp(op) as Did<C, X>;
  }

  /** Adds an operation on the bin that returns an `X` where there is such a bin. */
  read<X>(op: Op): Found<C, X> {
    return this.#builder.addOp(op) as Found<C, X>;
  }

  /** Adds an operation on what is here that returns an `X`. */
  does<X = null>(call: CdtCall): Did<C, X> {
    return this.add(this.#opOf(call));
  }

  /** Adds an operation on what is here that returns an `X` where there is such a bin. */
  finds<X>(call: CdtCall): Found<C, X> {
    return this.read(this.#opOf(call));
  }

  /** Adds an operation that returns counts or positions: plain numbers, however integers come back. */
  counts(call: CdtCall): Did<C, number> {
    return this.add({ ...this.#opOf(call), as: "numbers" });
  }

  /** Adds an operation that returns counts or positions where there is such a bin. */
  findsCounts<X = number>(call: CdtCall): Found<C, X> {
    return this.read({ ...this.#opOf(call), as: "numbers" });
  }

  /** Adds a selection that returns what its return type says. */
  findsBy<X>(call: CdtCall, returnType: number): Found<C, X> {
    const op = this.#opOf(call);
    const as = formOf(returnType);
    return this.read(as === undefined ? op : { ...op, as });
  }

  /** Adds an operation on all places that a path leads to. */
  doesAlong(flags: number, change: ExpNode): Did<C> {
    return this.add(this.#pathOp(flags, change));
  }

  /** Adds a read of all places that a path leads to. */
  findsAlong<X>(flags: number, as?: ResultForm): Found<C, X> {
    const op = this.#pathOp(flags);
    return this.read(as === undefined ? op : { ...op, as });
  }

  /** The place one step further in. */
  step(next: CTX): Place<C> {
    return new Place(this.bin, this.#builder, [...this.context, next]);
  }

  /** The same place, which is created when it is missing, as is the list or map that it is in. */
  creating(pad = false): Place<C> {
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

  /** Bins of the data set that are known to hold DOUBLE. */
  get doubles(): ReadonlySet<string> | undefined {
    return this.#builder.doubles;
  }

  /** What is stored for a value of the whole bin. */
  binValue(value: unknown): Value {
    const { codec } = this.#builder;
    return this.value(codec === undefined ? value : codec.encodeBin(this.bin, value));
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
  items(items: unknown): ReadonlyMap<MapKey, Value> {
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

  #opOf(call: CdtCall): PayloadOp {
    try {
      return callOp(this.bin, inContext(call, this.context));
    } catch (error) {
      throw within(`bin "${this.bin}", `, error);
    }
  }

  #pathOp(flags: number, change?: ExpNode): PayloadOp {
    return this.explained(() => pathOp(this.bin, this.context.map(pathStep), flags, change));
  }

  /** Lets an error of a path say of which bin it is. */
  explained<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof RangeError) throw new RangeError(`bin "${this.bin}": ${error.message}`);
      throw error instanceof TypeError ? new TypeError(`bin "${this.bin}": ${error.message}`) : error;
    }
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

/** The form in which the result of a return type comes back; undefined for that in which values do. */
function formOf(returnType: number): ResultForm | undefined {
  switch (returnType & ~INVERTED) {
    case MapReturnType.VALUE:
    case MapReturnType.KEY:
    case MapReturnType.UNORDERED_MAP:
      return undefined;
    case MapReturnType.KEY_VALUE:
      return "pairs";
    case MapReturnType.ORDERED_MAP:
      return "map";
    default:
      return "numbers";
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
