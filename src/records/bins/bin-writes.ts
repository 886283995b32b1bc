import { checkOptions } from "../../../protocol/check/check-options.js";
import { ExpWriteFlags, expressionWriteOp } from "../../../protocol/exp/expression-op.js";
import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { OpCode } from "../../../protocol/message/op.js";
import { GeoJson } from "../../../protocol/value/geojson.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import { isBytes } from "../../../protocol/value/pack.js";
import type { Value } from "../../../protocol/value/value.js";
import type { BinInput } from "../../data/bin-types.js";
import { expressionOf } from "./expression.js";
import type { Did, Next } from "./next.js";
import type { Place } from "./place.js";
import type { Amount, Extension } from "./place-types.js";

/** When and how an expression's result is stored. */
export interface ExpressionWriteOptions {
  /** A bin that exists or is missing against the method's rule is no error. Default: false. */
  readonly ignoreOpFailure?: boolean;
  /** An expression that can't be worked out leaves the bin alone instead of failing (result code 26). Default: false. */
  readonly ignoreEvalFailure?: boolean;
  /** A result of nil removes the bin instead of failing (result code 26). Default: false. */
  readonly deleteIfNull?: boolean;
}

/** Writes that bins of any type take. */
export abstract class AnyWrites<out C extends Next, V, W = never> {
  /** @internal */
  declare readonly place: Place<C>;

  /**
   * Replaces the bin's value; `null` removes the bin.
   * @throws TypeError naming bin and path of what has no Aerospike type; SchemaError for what the data set's schema of
   *   the bin does not allow
   */
  setTo(value: BinInput<V> | BinInput<W>): Did<C> {
    return this.place.add({ code: OpCode.WRITE, bin: this.place.bin, value: this.place.binValue(value) });
  }

  /** Removes the bin; a record without bins is removed with it. */
  remove(): Did<C> {
    return this.place.add({ code: OpCode.WRITE, bin: this.place.bin, value: null });
  }

  /**
   * Stores what an expression returns in a bin that is missing (else result code 6).
   * @param expression AEL text or an expression built in code
   */
  insertFrom(expression: string | PackedExpression, options: ExpressionWriteOptions = {}): Did<C> {
    return storeFrom(this.place, "insertFrom", expression, options, ExpWriteFlags.CREATE_ONLY);
  }

  /** Stores what an expression returns in a bin that exists (else result code 17). */
  updateFrom(expression: string | PackedExpression, options: ExpressionWriteOptions = {}): Did<C> {
    return storeFrom(this.place, "updateFrom", expression, options, ExpWriteFlags.UPDATE_ONLY);
  }

  /**
   * Stores what an expression returns, whether the bin exists or not.
   * @example .bin("total").upsertFrom("$.price:FLOAT * $.quantity")
   */
  upsertFrom(expression: string | PackedExpression, options: ExpressionWriteOptions = {}): Did<C> {
    return storeFrom(this.place, "upsertFrom", expression, options, ExpWriteFlags.DEFAULT);
  }
}

/** Writes that bins with numbers take. */
export abstract class NumberWrites<out C extends Next, V> {
  /** @internal */
  declare readonly place: Place<C>;

  /**
   * Adds to the bin's number, or creates it. Integers and doubles don't mix (result code 12): `double(1)` adds 1.0.
   * @throws TypeError for anything but a number, bigint or double(), RangeError for an integer that is not exact
   * @example .bin("score").add(1)
   */
  add(amount: Amount<V>): Did<C> {
    return this.place.add({ code: OpCode.INCR, bin: this.place.bin, value: this.place.amount(amount) });
  }
}

/** Writes that bins with text or bytes take. */
export abstract class TextWrites<out C extends Next, V> {
  /** @internal */
  declare readonly place: Place<C>;

  /** Appends text to text, or bytes to bytes; creates a bin that is missing. Other types are an error (result code 12). */
  append(value: Extension<V>): Did<C> {
    return this.place.add({ code: OpCode.APPEND, bin: this.place.bin, value: extensionOf(this.place, value) });
  }

  /** Prepends text to text, or bytes to bytes; creates a bin that is missing. Other types are an error (result code 12). */
  prepend(value: Extension<V>): Did<C> {
    return this.place.add({ code: OpCode.PREPEND, bin: this.place.bin, value: extensionOf(this.place, value) });
  }
}

/** Writes that bins with geometries take. */
export abstract class GeoWrites<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /**
   * Replaces the bin's value by a GeoJSON geometry; the server checks it (result code 160).
   * @param json its text, or the object
   */
  setToGeoJson(json: string | object): Did<C> {
    return this.place.add({ code: OpCode.WRITE, bin: this.place.bin, value: this.place.binValue(new GeoJson(json)) });
  }
}

function storeFrom<C extends Next>(
  place: Place<C>,
  method: string,
  expression: string | PackedExpression,
  options: ExpressionWriteOptions,
  rule: number,
): Did<C> {
  checkOptions<ExpressionWriteOptions>(method, options, {
    ignoreOpFailure: true,
    ignoreEvalFailure: true,
    deleteIfNull: true,
  });
  const flags =
    rule |
    (options.ignoreOpFailure ? ExpWriteFlags.POLICY_NO_FAIL : 0) |
    (options.ignoreEvalFailure ? ExpWriteFlags.EVAL_NO_FAIL : 0) |
    (options.deleteIfNull ? ExpWriteFlags.ALLOW_DELETE : 0);
  return place.add(expressionWriteOp(place.bin, expressionOf(expression, place), flags));
}

function extensionOf(place: Place<Next>, value: unknown): Value {
  if (typeof value === "string" || (typeof value === "object" && value !== null && isBytes(value))) {
    return place.value(value);
  }
  throw new TypeError(`bin "${place.bin}": expected value to be a string or a Uint8Array, got ${describe(value)}`);
}
