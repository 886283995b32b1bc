import { checkBinName } from "../../protocol/check/check-names.js";
import { operate, type RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import { isReadOp, type Op, OpCode } from "../../protocol/message/op.js";
import { parseAel } from "../ael/compile.js";
import { requireVersionOfOps } from "../cluster/require-version.js";
import type { BinName, BinsInput, OperationBins } from "../data/bin-types.js";
import type { Key } from "../data/key.js";
import type { SessionContext } from "../policy/session-context.js";
import { type OperateBin, operateBin } from "./bins/index.js";
import { DurableDelete } from "./durable-delete.js";
import { ExpiryBuilder } from "./expiry-builder.js";
import type { OperationRequest } from "./key-command-builder.js";
import { recordOfReply } from "./record-of-reply.js";
import { RecordResult } from "./record-result.js";
import { checkOpOfVerb, type WriteVerb } from "./write-verb.js";
import { writtenBins } from "./written-bins.js";

/**
 * Writes bins of one or several records; see `session.upsert` and its siblings. All operations on a record happen in
 * the order of the calls, and all or none of them.
 *
 * Each row has the record with its new generation and time to live; its bins are what operations answered, by bin, and
 * `operationResults` is the same by position.
 *
 * @typeParam T the bins of the data set
 *
 * @example
 * await session.upsert(users.id(1)).put({ name: "Ada", age: 36 }).execute();
 * await session.update(users.id(1)).bin("age").add(1).bin("name").append("!").execute();
 */
export class WriteSegmentBuilder<T> extends ExpiryBuilder<T, OperationBins> {
  readonly #verb: WriteVerb;
  readonly #ops: Op[] = [];
  readonly #durable = new DurableDelete();

  /** @internal */
  constructor(context: SessionContext, verb: WriteVerb, keys: readonly Key<T>[]) {
    super(context, verb, keys);
    this.#verb = verb;
  }

  /**
   * Writes whole bins: one for each property. `null` removes the bin; a property that is undefined is left alone.
   * @throws TypeError or RangeError naming bin and path of what can't be stored
   */
  put(bins: BinsInput<T>): this {
    for (const op of writtenBins("put", bins)) this.#add(op);
    return this;
  }

  /** The same as {@link put}. */
  setBins(bins: BinsInput<T>): this {
    for (const op of writtenBins("setBins", bins)) this.#add(op);
    return this;
  }

  /**
   * An operation on one bin, which the next call names.
   * @example session.update(users.id(1)).bin("visits").add(1).bin("log").listAppend("login")
   */
  bin<N extends BinName<T>>(name: N): OperateBin<this, T[N]> {
    checkBinName(name);
    return operateBin<this, T[N]>(
      name,
      (op) => this.#add(op),
      (text) => parseAel(text),
    );
  }

  /**
   * When the operations leave no bin, and so delete the record: leaves a tombstone, so that it can't come back from a
   * node that was away. Enterprise Edition.
   */
  withDurableDelete(): this {
    this.#durable.override = true;
    return this;
  }

  /** Leaves no tombstone. */
  withoutDurableDelete(): this {
    this.#durable.override = false;
    return this;
  }

  /** As `withDurableDelete`, unless the other one is called. */
  defaultWithDurableDelete(): this {
    this.#durable.fallback = true;
    return this;
  }

  /** As `withoutDurableDelete`, unless the other one is called. */
  defaultWithoutDurableDelete(): this {
    this.#durable.fallback = false;
    return this;
  }

  #add(op: Op): this {
    checkOpOfVerb(this.#verb, op);
    this.#ops.push(op);
    return this;
  }

  /** @internal */
  protected override operationFor({ policy, filter, accepts }: OperationRequest): RecordOperation {
    const { name, recordExists } = this.#verb;
    if (this.#ops.length === 0) throw new TypeError(`${name}: there is nothing to write; use put() or bin() first`);
    const ops = [...this.#ops];
    requireVersionOfOps(this.context.cluster.minVersion, ops);
    return operate(ops, policy, {
      name,
      filter,
      accepts,
      recordExists,
      generation: this.generation,
      ttl: this.ttl,
      durableDelete: this.#durable.said ?? (policy.durableDeletes && ops.some(canDelete)),
      // Rows for each of them would only make the reply longer.
      respondAllOps: ops.some(hasResult),
    });
  }

  /** @internal */
  protected override readRow(reply: RecordReply, key: Key<T>, index: number): RecordResult<T, OperationBins> {
    const record = recordOfReply<T, OperationBins>(reply, key, this.context.cluster.runtime);
    const results = this.#ops.some(hasResult) ? reply.results.map((result) => result.value) : this.#ops.map(() => null);
    return RecordResult.ok(this.#verb.name, key, index, record, results);
  }
}

function canDelete(op: Op): boolean {
  return op.code === OpCode.EXP_MODIFY || (op.code === OpCode.WRITE && op.value === null);
}

function hasResult(op: Op): boolean {
  return isReadOp(op) || op.code === OpCode.CDT_MODIFY || op.code === OpCode.HLL_MODIFY;
}
