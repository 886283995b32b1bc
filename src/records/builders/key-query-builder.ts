import { checkBinName } from "../../../protocol/check/check-names.js";
import type { Op } from "../../../protocol/message/op.js";
import type { BinName } from "../../data/bin-types.js";
import type { BinDeclaredIn } from "../../data/declared.js";
import { binNamesOf } from "../bin-names.js";
import type { Next, NoBin, ReadBin } from "../bins/index.js";
import { readBin } from "../bins/read-bin.js";
import type { OperationBins, OperationResults, Operations, Results } from "../row-types.js";
import { addOp } from "../segment.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

/**
 * Reads records by their keys; what is read of them has been said.
 *
 * @typeParam T the bins of the data sets of the chain's keys
 * @typeParam B the bins of the chain's rows
 * @typeParam R their results, see `operationResults`
 */
export class KeyReadBuilder<T, out B, out R extends Results> extends KeyCommandBuilder<T, B, R> {
  /** Gives a row to keys whose record is missing, or left out by `where`, too: with result code 2 or 27. */
  includeMissingKeys(): this {
    this.segment.includeMissingKeys = true;
    return this;
  }
}

/**
 * Reads by operations: each row has what they returned in `operationResults`, in the order of the calls, and by bin in its
 * record.
 *
 * @typeParam T the bins of the data set
 * @typeParam AT the bins of the data sets of all of the chain's keys
 * @typeParam EB the bins of the rows of the chain's earlier segments
 * @typeParam ER their results
 * @typeParam Ops the operations so far, whose results the rows have
 */
export class KeyReadOperationsBuilder<
  T,
  AT = T,
  out EB = never,
  out ER extends Results = never,
  Ops extends Operations = Operations,
> extends KeyReadBuilder<AT, EB | OperationBins<Ops>, ER | OperationResults<Ops>> {
  /**
   * Another operation, on the same bin or on another one, which the next call names.
   * @example session.query(users.id(1)).bin("tags").listSize().bin("tags").onListIndex(-1).getValues()
   */
  bin<N extends BinName<T>>(name: N): ReadBin<NextRead<T, AT, EB, ER, Ops, N>, T[N], BinDeclaredIn<T, N>> {
    checkBinName(name);
    return readBin<NextRead<T, AT, EB, ER, Ops, N>, T[N], BinDeclaredIn<T, N>>(name, this);
  }

  /** @internal */
  addOp(op: Op): this {
    for (const { codec } of this.segment.keys) codec?.opOf(op);
    addOp(this.segment, op);
    return this;
  }
}

/** The builder after an operation on the bin `N`. */
export interface NextRead<T, AT, out EB, out ER extends Results, Ops extends Operations, N extends BinName<T>>
  extends Next {
  readonly always: KeyReadOperationsBuilder<T, AT, EB, ER, [...Ops, readonly [N, this["result"]]]>;
  readonly found: KeyReadOperationsBuilder<T, AT, EB, ER, [...Ops, readonly [N, this["result"] | NoBin<T[N]>]]>;
}

/**
 * Reads records by their keys; see `session.query`. Without a further word, rows have all bins. Records that are missing
 * or left out by `where` have no row, unless `includeMissingKeys` is called; `index` tells which key a row belongs to.
 * What is read is said once, by `bins`, `withNoBins` or `bin`: it changes the type of the rows, so another builder takes
 * over.
 *
 * @typeParam T the bins of the data set
 * @typeParam AT the bins of the data sets of all of the chain's keys
 * @typeParam EB the bins of the rows of the chain's earlier segments
 * @typeParam ER their results
 *
 * @example
 * const stream = await session.query(users.ids(1, 2, 3)).bins("name").execute();
 * for await (const row of stream) console.log(row.index, row.recordOrThrow().bins.name);
 */
export class KeyQueryBuilder<T, AT = T, out EB = never, out ER extends Results = never> extends KeyReadBuilder<
  AT,
  EB | T,
  ER | readonly []
> {
  /**
   * Reads these bins only. A bin that a record does not have is absent from its row.
   * @throws TypeError or RangeError when there is no name, a bad one, or one twice
   */
  bins<N extends BinName<T>>(names: readonly N[]): KeyReadBuilder<AT, EB | Pick<T, N>, ER | readonly []>;
  bins<N extends BinName<T>>(...names: readonly [N, ...N[]]): KeyReadBuilder<AT, EB | Pick<T, N>, ER | readonly []>;
  bins<N extends BinName<T>>(
    ...names: readonly (N | readonly N[])[]
  ): KeyReadBuilder<AT, EB | Pick<T, N>, ER | readonly []> {
    const selection = binNamesOf<N>(names, "; see withNoBins()");
    this.leaveTo("bins");
    this.segment.selection = selection;
    return new KeyReadBuilder<AT, EB | Pick<T, N>, ER | readonly []>(this.soFar, this.segment);
  }

  /** Reads generation and time to live only. */
  withNoBins(): KeyReadBuilder<AT, EB | Pick<T, never>, ER | readonly []> {
    this.leaveTo("withNoBins");
    this.segment.selection = "noBins";
    return new KeyReadBuilder<AT, EB | Pick<T, never>, ER | readonly []>(this.soFar, this.segment);
  }

  /**
   * Reads what an operation on a bin returns, which the next call names; more may follow. Operations that only read
   * travel as a read, and are repeated as one when a node is lost.
   * @example const row = await session.query(users.id(1)).bin("tags").listSize().firstOrThrow();
   */
  bin<N extends BinName<T>>(name: N): ReadBin<NextRead<T, AT, EB, ER, [], N>, T[N], BinDeclaredIn<T, N>> {
    checkBinName(name);
    this.leaveTo("bin");
    return new KeyReadOperationsBuilder<T, AT, EB, ER, []>(this.soFar, this.segment).bin(name);
  }
}
