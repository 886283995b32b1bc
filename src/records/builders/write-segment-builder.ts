import { checkBinName } from "../../../protocol/check/check-names.js";
import type { Op } from "../../../protocol/message/op.js";
import type { BinName, BinsInput, OperationBins } from "../../data/bin-types.js";
import { type OperateBin, operateBin } from "../bins/index.js";
import { addOp } from "../segment.js";
import { takeMethods } from "../take-methods.js";
import { checkOpOfVerb } from "../verbs.js";
import { writtenBins } from "../written-bins.js";
import { DurableDelete } from "./durable-delete.js";
import { Expiry } from "./expiry.js";
import { Generation } from "./generation.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface WriteSegmentBuilder<T, AT, AB> extends Generation, Expiry, DurableDelete {}

/**
 * Writes bins of one or several records; see `session.upsert` and its siblings. All operations on a record happen in
 * the order of the calls, and all or none of them.
 *
 * Each row has the record with its new generation and time to live; its bins are what operations returned, by bin, and
 * `operationResults` is the same by position. Whether deletes are durable matters when the operations leave no bin, which
 * deletes the record.
 *
 * @typeParam T the bins of the data set
 * @typeParam AT the bins of the data sets of all of the chain's keys
 * @typeParam AB the bins of all of the chain's rows
 *
 * @example
 * await session.upsert(users.id(1)).put({ name: "Ada", age: 36 }).execute();
 * await session.update(users.id(1)).bin("age").add(1).bin("name").append("!").execute();
 */
export class WriteSegmentBuilder<T, AT = T, AB = OperationBins> extends KeyCommandBuilder<AT, AB> {
  /**
   * Writes whole bins: one for each property. `null` removes the bin; a property that is undefined is left alone.
   * @throws TypeError or RangeError naming bin and path of what can't be stored
   */
  put(bins: BinsInput<T>): this {
    for (const op of writtenBins("put", bins)) this.addOp(op);
    return this;
  }

  /**
   * An operation on one bin, which the next call names.
   * @example session.update(users.id(1)).bin("visits").add(1).bin("log").listAppend("login")
   */
  bin<N extends BinName<T>>(name: N): OperateBin<this, T[N]> {
    checkBinName(name);
    return operateBin<this, T[N]>(name, this);
  }

  /** @internal */
  addOp(op: Op): this {
    checkOpOfVerb(this.segment.verb, op);
    addOp(this.segment, op);
    return this;
  }
}

takeMethods(WriteSegmentBuilder, Generation, Expiry, DurableDelete);
