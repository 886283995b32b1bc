import { checkBinName } from "../../../protocol/check/check-names.js";
import type { Op } from "../../../protocol/message/op.js";
import type { BinName } from "../../data/bin-types.js";
import type { DataSet } from "../../data/data-set.js";
import type { BinDeclaredIn } from "../../data/declared.js";
import type { SessionContext } from "../../policy/session-context.js";
import type { AnyReads, Next, NoBin, ReadBin } from "../bins/index.js";
import { readBin } from "../bins/read-bin.js";
import type { OperationBins, OperationResults, Operations } from "../row-types.js";
import { ComputedRecord } from "./computed-record.js";
import { DataSetReadBuilder } from "./data-set-read-builder.js";
import type { QueryTerms } from "./query-terms.js";

/** A bin that no record has: only an expression gives it a value. */
export type ComputedBin<C extends Next> = Pick<AnyReads<C, unknown>, "selectFrom">;

/**
 * Reads of the records of a set what operations return: each record has it in `operationResults`, in the order of the
 * calls, and by bin in `bins`.
 *
 * @typeParam T the bins of the data set
 * @typeParam Ops the operations so far, whose results the records have
 */
export class DataSetOperationsBuilder<T, Ops extends Operations = Operations> extends DataSetReadBuilder<
  T,
  ComputedRecord<T, OperationBins<Ops>, OperationResults<Ops>>
> {
  /** @internal */
  constructor(context: SessionContext, dataSet: DataSet<T>, terms: QueryTerms) {
    super(context, dataSet, terms, (row, key, { ops }) =>
      ComputedRecord.of<T, OperationBins<Ops>, OperationResults<Ops>>(row, key, context.cluster.runtime, ops),
    );
  }

  /**
   * Another operation, on the same bin or on another one, which the next call names.
   * @throws TypeError for a name that can't be a bin's
   */
  bin<N extends BinName<T>>(name: N): ReadBin<NextComputed<T, Ops, N>, T[N], BinDeclaredIn<T, N>>;
  /** What an expression returns, under a name of your own. */
  bin<N extends string>(name: N): ComputedBin<NextOwn<T, Ops, N>>;
  bin<N extends BinName<T>>(name: N): ReadBin<NextComputed<T, Ops, N>, T[N], BinDeclaredIn<T, N>> {
    checkBinName(name);
    return readBin<NextComputed<T, Ops, N>, T[N], BinDeclaredIn<T, N>>(name, this);
  }

  /** @internal */
  get doubles(): ReadonlySet<string> | undefined {
    return this.dataSet.codec?.doubles;
  }

  /** @internal */
  addOp(op: Op): this {
    const { codec } = this.dataSet;
    this.terms.ops = [...this.terms.ops, codec === undefined ? op : codec.opOf(op)];
    return this;
  }
}

/** The builder after an operation on the bin `N`. */
export interface NextComputed<T, Ops extends Operations, N extends BinName<T>> extends Next {
  readonly always: DataSetOperationsBuilder<T, [...Ops, readonly [N, this["result"]]]>;
  readonly found: DataSetOperationsBuilder<T, [...Ops, readonly [N, this["result"] | NoBin<T[N]>]]>;
}

/** The builder after an expression under the name `N`. */
export interface NextOwn<T, Ops extends Operations, N extends string> extends Next {
  readonly always: DataSetOperationsBuilder<T, [...Ops, readonly [N, this["result"]]]>;
  readonly found: this["always"];
}
