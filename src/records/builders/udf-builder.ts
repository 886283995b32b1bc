import { checkUdfName } from "../../../protocol/check/check-names.js";
import type { UdfCall } from "../../../protocol/command/udf-call.js";
import { checkValue } from "../../../protocol/value/check-value.js";
import { within } from "../../../protocol/value/invalid-value.js";
import type { Value } from "../../../protocol/value/value.js";
import type { Key } from "../../data/key.js";
import { forgottenExecute, NotAwaitable } from "../../policy/not-awaitable.js";
import type { ChainSoFar } from "../chain.js";
import type { Results, UdfResults } from "../row-types.js";
import { newSegment } from "../segment.js";
import { takeMethods } from "../take-methods.js";
import { EXECUTE_UDF } from "../verbs.js";
import { DurableDelete } from "./durable-delete.js";
import { Expiry } from "./expiry.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

/** Names the Lua function that is called on records; see `session.executeUdf`. */
export class UdfFunctionBuilder<T, out B = never, out R extends Results = UdfResults> extends NotAwaitable {
  readonly #soFar: ChainSoFar<T>;
  readonly #keys: readonly Key<T>[];

  /** @internal */
  constructor(soFar: ChainSoFar<T>, keys: readonly Key<T>[]) {
    super();
    this.#soFar = soFar;
    this.#keys = keys;
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenExecute('session.executeUdf(…).function("package", "name")');
  }

  /**
   * The function to call on each record, which it gets as its first argument.
   * @param packageName the registered module without `.lua`, 1 to 127 bytes
   * @param functionName 1 to 127 bytes
   * @throws TypeError or RangeError naming which of the two is wrong
   */
  function(packageName: string, functionName: string): UdfBuilder<T, B, R> {
    checkUdfName(packageName, functionName);
    return new UdfBuilder(this.#soFar, this.#keys, { package: packageName, function: functionName, args: [] });
  }
}

// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface UdfBuilder<T, out B, out R extends Results> extends Expiry, DurableDelete {}

/**
 * Calls a Lua function on records; see `session.executeUdf`. Every key has a row: `udfResult` is what the function
 * returned. An error of the function is a UdfError with file, line and Lua's message, whole. A call is a write: it is never sent twice.
 *
 * @example
 * const stream = await session.executeUdf(users.ids(1, 2)).function("scores", "sum").passing(7).execute();
 * for await (const row of stream) console.log(row.index, row.udfResult);
 */
export class UdfBuilder<T, out B = never, out R extends Results = UdfResults> extends KeyCommandBuilder<T, B, R> {
  readonly #call: UdfCall;

  /** @internal */
  constructor(soFar: ChainSoFar<T>, keys: readonly Key<T>[], call: UdfCall) {
    super(soFar, newSegment(EXECUTE_UDF, keys, soFar));
    this.#call = call;
    this.segment.udf = call;
  }

  /**
   * Arguments after the record. A second call replaces them.
   * @throws TypeError naming the argument that has no Aerospike type
   */
  passing(...args: readonly Value[]): this {
    for (const [i, arg] of args.entries()) {
      try {
        checkValue(arg);
      } catch (error) {
        throw within(`passing: argument ${i + 1}`, error);
      }
    }
    this.segment.udf = { ...this.#call, args };
    return this;
  }
}

takeMethods(UdfBuilder, Expiry, DurableDelete);
