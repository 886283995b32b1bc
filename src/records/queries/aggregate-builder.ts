import { checkUdfName } from "../../../protocol/check/check-names.js";
import { checkInteger } from "../../../protocol/check/check-numbers.js";
import type { UdfCall } from "../../../protocol/command/udf-call.js";
import { checkValue } from "../../../protocol/value/check-value.js";
import { describe, within } from "../../../protocol/value/invalid-value.js";
import type { Value } from "../../../protocol/value/value.js";
import type { DataSet } from "../../data/data-set.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions } from "../../policy/call-options.js";
import { forgottenExecute, NotAwaitable } from "../../policy/not-awaitable.js";
import { contextOfCall, type SessionContext } from "../../policy/session-context.js";
import type { AggregateRows } from "./aggregate-rows.js";
import type { QueryTerms } from "./query-terms.js";

/** Options of an aggregation. */
export interface AggregateOptions extends CallOptions {
  /**
   * Lua sources by the names of their modules, for the part that runs in the client. Those that are not here are read
   * from a server, which a user without the right to manage functions may not do.
   */
  readonly sources?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Most bytes that Lua and its values may take in the client. 1 MiB to 1 GiB; default 256 MiB. */
  readonly maxMemory?: number | undefined;
  /**
   * Most instructions of Lua between two values that the client's part takes: it blocks the program meanwhile. 10 000 to
   * 2^53-1; default 100 million, which take about a second.
   */
  readonly maxInstructions?: number | undefined;
}

const MIB = 1024 * 1024;

/**
 * Aggregates the records of a set with a Lua function on streams; see `aggregate` of a query. Nothing is sent before
 * `execute`, `collect` or `first`.
 *
 * @typeParam R what the function makes
 */
export class AggregateBuilder<R = Value> extends NotAwaitable {
  readonly #context: SessionContext;
  readonly #dataSet: DataSet<unknown>;
  readonly #terms: QueryTerms;
  readonly #call: UdfCall;

  /** @internal Made by `aggregate()`. */
  constructor(context: SessionContext, dataSet: DataSet<unknown>, terms: Readonly<QueryTerms>, call: UdfCall) {
    super();
    this.#context = context;
    this.#dataSet = dataSet;
    this.#terms = { ...terms };
    this.#call = call;
    checkTerms(terms);
    checkUdfName(call.package, call.function);
    for (const [i, arg] of call.args.entries()) {
      try {
        checkValue(arg);
      } catch (error) {
        throw within(`aggregate: argument ${i + 1}`, error);
      }
    }
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenExecute("session.query(…).aggregate(…)");
  }

  /**
   * Starts the aggregation, on every node at once.
   * @throws UdfError when there is no such module or function; AerospikeError when the package wasmoon is missing, or the
   *   `where` clause is more than a range of an index; InvalidNamespaceError; InvalidNodeError while partitions move;
   *   AbortError. What goes wrong later is thrown by the iteration.
   */
  async execute(options: AggregateOptions = {}): Promise<AggregateRows<R>> {
    const { sources = {}, maxMemory, maxInstructions } = checkAggregateOptions("execute", options);
    const context = contextOfCall(this.#context, options);
    const { runAggregation } = await import("./aggregation.js");
    return runAggregation<R>(
      context,
      this.#dataSet,
      this.#terms,
      {
        call: this.#call,
        sources,
        memoryBytes: maxMemory ?? 256 * MIB,
        instructions: maxInstructions ?? 100_000_000,
      },
      options.signal,
    );
  }

  /** All values, which have to fit into memory: one, or none when there was nothing, for a function that reduces. */
  async collect(options: AggregateOptions = {}): Promise<R[]> {
    return (await this.execute(checkAggregateOptions("collect", options))).collect();
  }

  /** The only value of a function that reduces; `null` when there was nothing to reduce. Of several, some one. */
  async first(options: AggregateOptions = {}): Promise<R | null> {
    for await (const value of await this.execute(checkAggregateOptions("first", options))) return value;
    return null;
  }
}

/** @throws TypeError for what servers can't do beside an aggregation */
function checkTerms({ where, filter, withoutIndex, limit, duration, partitions, resume }: QueryTerms): void {
  const refuse = (method: string, why: string): never => {
    throw new TypeError(`aggregate and ${method} don't go together: ${why}`);
  };
  const nodes = "a node aggregates all records that it is master of";
  if (limit !== undefined) refuse("limit", nodes);
  if (partitions !== undefined) refuse("onPartition", nodes);
  if (resume !== undefined) refuse("resumeFrom", nodes);
  if (duration !== undefined && duration !== "long") refuse("queryDuration", "it is a long query");
  if (where !== undefined && filter !== undefined) refuse("where beside filter", "servers apply the filter alone");
  if (where !== undefined && withoutIndex)
    refuse("where beside withoutIndex", "only an index can tell the records apart");
}

function checkAggregateOptions(method: string, options: AggregateOptions): AggregateOptions {
  checkCallOptions<AggregateOptions>(method, options, {
    ...CALL_OPTIONS,
    sources: true,
    maxMemory: true,
    maxInstructions: true,
  });
  const { sources, maxMemory, maxInstructions } = options;
  if (maxMemory !== undefined) checkInteger("maxMemory", maxMemory, MIB, 1024 * MIB);
  if (maxInstructions !== undefined) checkInteger("maxInstructions", maxInstructions, 10_000, Number.MAX_SAFE_INTEGER);
  if (sources === undefined) return options;
  if (typeof sources !== "object" || sources === null) {
    throw new TypeError(`${method}: expected sources to be an object of Lua sources, got ${describe(sources)}`);
  }
  for (const [name, source] of Object.entries(sources)) {
    if (typeof source === "string" || source instanceof Uint8Array) continue;
    throw new TypeError(`${method}: expected the source of module ${name} as text or bytes, got ${describe(source)}`);
  }
  return options;
}
