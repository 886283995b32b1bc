import { checkUdfName } from "../../protocol/check/check-names.js";
import { checkValue } from "../../protocol/value/check-value.js";
import { within } from "../../protocol/value/invalid-value.js";
import type { Value } from "../../protocol/value/value.js";
import type { DataSet } from "../data/data-set.js";
import { forgottenExecute, NotAwaitable } from "../policy/not-awaitable.js";
import { DurableDelete, durableDeleteOf } from "../records/builders/durable-delete.js";
import { Expiry } from "../records/builders/expiry.js";
import { TimeToLive } from "../records/builders/time-to-live.js";
import { takeMethods } from "../records/take-methods.js";
import { BackgroundBuilder } from "./background-builder.js";
import type { BackgroundContext } from "./background-context.js";
import type { BackgroundWork } from "./background-work.js";
import { NEVER_IN_BACKGROUND, refuse } from "./refuse.js";

/** Names the Lua function of a background task. */
export class BackgroundUdfFunctionBuilder extends NotAwaitable {
  readonly #context: BackgroundContext;
  readonly #dataSet: DataSet<unknown>;

  /** @internal */
  constructor(context: BackgroundContext, dataSet: DataSet<unknown>) {
    super();
    this.#context = context;
    this.#dataSet = dataSet;
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenExecute('session.backgroundTask().executeUdf(…).function("package", "name")');
  }

  /**
   * The function to call on each record, which it gets as its first argument.
   * @param packageName the registered module without `.lua`, 1 to 127 bytes
   * @param functionName 1 to 127 bytes
   * @throws TypeError or RangeError naming which of the two is wrong
   */
  function(packageName: string, functionName: string): BackgroundUdfBuilder {
    checkUdfName(packageName, functionName);
    return new BackgroundUdfBuilder(this.#context, this.#dataSet, packageName, functionName);
  }
}

export interface BackgroundUdfBuilder extends Expiry, DurableDelete {}

/**
 * A background task that calls a Lua function on every record. What the function returns is dropped; a call that
 * fails counts as a failed record. Records that it updates keep their time to live unless an expiry method, or the
 * function by `record.set_ttl`, says otherwise. Servers to 8.1.2 give what it sets for one record to those that come later,
 * too: a function that calls it should do so for each.
 */
export class BackgroundUdfBuilder extends BackgroundBuilder {
  readonly #namespace: string;
  readonly #packageName: string;
  readonly #functionName: string;
  #args: readonly Value[] = [];

  /** @internal */
  constructor(context: BackgroundContext, dataSet: DataSet<unknown>, packageName: string, functionName: string) {
    super(context, dataSet, "executeUdf");
    this.#namespace = dataSet.namespace;
    this.#packageName = packageName;
    this.#functionName = functionName;
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
    this.#args = args;
    return this;
  }

  /** @internal */
  protected override work(): BackgroundWork {
    return {
      kind: "udf",
      action: {
        type: "udf",
        call: { package: this.#packageName, function: this.#functionName, args: this.#args },
      },
      ttl: this.terms.ttl?.() ?? TimeToLive.UNCHANGED,
      durableDelete:
        durableDeleteOf(this.terms) ??
        this.context.policy("writeNonRetryable", "query", this.#namespace).durableDeletes,
    };
  }
}

takeMethods(BackgroundUdfBuilder, Expiry, DurableDelete);
refuse(BackgroundUdfBuilder, {
  ...NEVER_IN_BACKGROUND,
  bin: "the function does the writing; use update() for bin operations",
});
