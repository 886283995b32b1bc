import { checkOptions } from "../../../protocol/check/check-options.js";
import { ExpWriteFlags, expressionWriteOp } from "../../../protocol/exp/expression-op.js";
import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { OpCode } from "../../../protocol/message/op.js";
import { GeoJson } from "../../../protocol/value/geojson.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import { isBytes } from "../../../protocol/value/pack.js";
import type { Value } from "../../../protocol/value/value.js";
import type { BinInput } from "../../data/bin-types.js";
import type { Amount, Extension } from "./bin-value.js";
import { BitWrites } from "./bit-writes.js";
import { expressionOf } from "./expression.js";
import { WriteFactories, type WriteSelections } from "./nested-writes.js";
import { type OpTaker, Place } from "./place.js";
import type { Selections } from "./selection.js";

/** When and how an expression's result is stored. */
export interface ExpressionWriteOptions {
  /** A bin that exists or is missing against the method's rule is no error. Default: false. */
  readonly ignoreOpFailure?: boolean;
  /** An expression that can't be worked out leaves the bin alone instead of failing (result code 26). Default: false. */
  readonly ignoreEvalFailure?: boolean;
  /** A result of nil removes the bin instead of failing (result code 26). Default: false. */
  readonly deleteIfNull?: boolean;
}

/**
 * The writes to one bin. Each method adds one operation and returns the builder `P` that the bin belongs to; wrong
 * arguments throw at once, before anything is sent.
 *
 * @typeParam V what the bin holds, where its data set says so; numbers, text and lists are checked against it
 */
export class BinWritesOf<P, V, S extends Selections> extends BitWrites<P, V, S> {
  /**
   * Replaces the bin's value; `null` removes the bin.
   * @throws TypeError naming bin and path of what has no Aerospike type
   */
  setTo(value: BinInput<V>): P {
    return this.place.add({ code: OpCode.WRITE, bin: this.place.bin, value: this.place.value(value) });
  }

  /**
   * Replaces the bin's value by a GeoJSON geometry; the server checks it (result code 160).
   * @param json its text, or the object
   */
  setToGeoJson(json: string | object): P {
    return this.place.add({ code: OpCode.WRITE, bin: this.place.bin, value: new GeoJson(json) });
  }

  /**
   * Adds to the bin's number, or creates it. Integers and doubles don't mix (result code 12): `double(1)` adds 1.0.
   * @throws TypeError for anything but a number, bigint or double(), RangeError for an integer that is not exact
   * @example .bin("score").add(1)
   */
  add(amount: Amount<V>): P {
    return this.place.add({ code: OpCode.INCR, bin: this.place.bin, value: this.place.amount(amount) });
  }

  /** Appends text to text, or bytes to bytes; creates a bin that is missing. Other types are an error (result code 12). */
  append(value: Extension<V>): P {
    return this.place.add({ code: OpCode.APPEND, bin: this.place.bin, value: extensionFor(this.place, value) });
  }

  /** Prepends text to text, or bytes to bytes; creates a bin that is missing. Other types are an error (result code 12). */
  prepend(value: Extension<V>): P {
    return this.place.add({ code: OpCode.PREPEND, bin: this.place.bin, value: extensionFor(this.place, value) });
  }

  /** Removes the bin; a record without bins is removed with it. */
  remove(): P {
    return this.place.add({ code: OpCode.WRITE, bin: this.place.bin, value: null });
  }

  /**
   * Stores what an expression returns in a bin that is missing (else result code 6).
   * @param expression AEL text or an expression built in code
   */
  insertFrom(expression: string | PackedExpression, options: ExpressionWriteOptions = {}): P {
    return storeFrom(this.place, "insertFrom", expression, options, ExpWriteFlags.CREATE_ONLY);
  }

  /** Stores what an expression returns in a bin that exists (else result code 17). */
  updateFrom(expression: string | PackedExpression, options: ExpressionWriteOptions = {}): P {
    return storeFrom(this.place, "updateFrom", expression, options, ExpWriteFlags.UPDATE_ONLY);
  }

  /**
   * Stores what an expression returns, whether the bin exists or not.
   * @example .bin("total").upsertFrom("$.price * $.quantity")
   */
  upsertFrom(expression: string | PackedExpression, options: ExpressionWriteOptions = {}): P {
    return storeFrom(this.place, "upsertFrom", expression, options, ExpWriteFlags.DEFAULT);
  }
}

function storeFrom<P>(
  place: Place<P>,
  method: string,
  expression: string | PackedExpression,
  options: ExpressionWriteOptions,
  rule: number,
): P {
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
  const { bin } = place;
  return place.add(expressionWriteOp(bin, expressionOf(expression, bin), flags));
}

/** What can be appended or prepended. */
function extensionFor(place: Place<unknown>, value: unknown): Value {
  if (typeof value === "string" || (typeof value === "object" && value !== null && isBytes(value))) {
    return place.value(value);
  }
  throw new TypeError(`bin "${place.bin}": expected value to be a string or a Uint8Array, got ${describe(value)}`);
}

/** The writes to one bin of a builder that only writes, such as a background task. */
export class BinWrites<P, V = Value> extends BinWritesOf<P, V, WriteSelections<P>> {
  /** @internal */
  constructor(bin: string, builder: OpTaker<P>) {
    super(new Place(bin, builder), new WriteFactories<P>());
  }
}
