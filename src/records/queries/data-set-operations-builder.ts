import { checkBinName } from "../../../protocol/check/check-names.js";
import type { Op } from "../../../protocol/message/op.js";
import type { AnyBins, BinName, OperationBins } from "../../data/bin-types.js";
import type { DataSet } from "../../data/data-set.js";
import type { SessionContext } from "../../policy/session-context.js";
import { type ReadBin, readBin } from "../bins/index.js";
import { ComputedRecord } from "./computed-record.js";
import type { QueryTerms } from "./data-set-query.js";
import { DataSetReadBuilder } from "./data-set-read-builder.js";

/** A bin that no record has: only an expression gives it a value. */
export type ComputedBin<P> = Pick<ReadBin<P>, "selectFrom">;

/**
 * Reads of the records of a set what operations return: each record has it in `operationResults`, in the order of the
 * calls, and by bin in `bins`.
 *
 * @typeParam T the bins of the data set
 */
export class DataSetOperationsBuilder<T = AnyBins> extends DataSetReadBuilder<T, ComputedRecord<T, OperationBins>> {
  /** @internal */
  constructor(context: SessionContext, dataSet: DataSet<T>, terms: QueryTerms) {
    super(context, dataSet, terms, (row, key) =>
      ComputedRecord.of<T, OperationBins>(row, key, context.cluster.runtime),
    );
  }

  /**
   * Another operation, on the same bin or on another one, which the next call names.
   * @throws TypeError for a name that can't be a bin's
   */
  bin<N extends BinName<T>>(name: N): ReadBin<this>;
  /** What an expression returns, under a name of your own. */
  bin(name: string): ComputedBin<this>;
  bin(name: string): ReadBin<this> {
    checkBinName(name);
    return readBin<this>(name, this);
  }

  /** @internal */
  addOp(op: Op): this {
    this.terms.ops = [...this.terms.ops, op];
    return this;
  }
}
