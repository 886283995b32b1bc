import { checkBinName } from "../../../protocol/check/check-names.js";
import { type Op, OpCode } from "../../../protocol/message/op.js";
import type { BinName, BinsInput } from "../../data/bin-types.js";
import type { BinDeclaredIn } from "../../data/declared.js";
import type { RecordCodec } from "../../data/record-codec.js";
import type { Next, NoBin, OperateBin } from "../bins/index.js";
import { operateBin } from "../bins/operate-bin.js";
import { codecOfKeys } from "../codec-of-keys.js";
import type { OperationBins, OperationResults, Operations, Results } from "../row-types.js";
import { addOp, addPut } from "../segment.js";
import { takeMethods } from "../take-methods.js";
import { checkOpOfVerb } from "../verbs.js";
import { storedBins, writtenBins } from "../written-bins.js";
import { DurableDelete } from "./durable-delete.js";
import { Expiry } from "./expiry.js";
import { Generation } from "./generation.js";
import { KeyCommandBuilder } from "./key-command-builder.js";

// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface WriteSegmentBuilder<T, AT, out EB, out ER extends Results, Ops extends Operations>
  extends Generation,
    Expiry,
    DurableDelete {}

/**
 * Writes bins of one or several records; see `session.upsert` and its siblings. All operations on a record happen in
 * the order of the calls, and all or none of them.
 *
 * Each row has the record with its new generation and time to live; its bins are what operations returned, by bin, and
 * `operationResults` is the same in the order of the calls, `null` where one returns nothing. Whether deletes are durable matters when the operations leave no bin, which
 * deletes the record.
 *
 * @typeParam T the bins of the data set
 * @typeParam AT the bins of the data sets of all of the chain's keys
 * @typeParam EB the bins of the rows of the chain's earlier segments
 * @typeParam ER their results
 * @typeParam Ops the operations so far, whose results the rows have. A builder that takes operations in a loop is one with
 *   any: `let builder: WriteSegmentBuilder<User> = session.update(key)`
 *
 * @example
 * await session.upsert(users.id(1)).put({ name: "Ada", age: 36 }).execute();
 * await session.update(users.id(1)).bin("age").add(1).bin("name").append("!").execute();
 */
export class WriteSegmentBuilder<
  T,
  AT = T,
  out EB = never,
  out ER extends Results = never,
  Ops extends Operations = Operations,
> extends KeyCommandBuilder<AT, EB | OperationBins<Ops>, ER | OperationResults<Ops>> {
  /**
   * Writes whole bins: one for each property. `null` removes the bin; a property that is undefined is left alone. Among the
   * results it counts as one call.
   * @throws TypeError or RangeError naming bin and path of what can't be stored; SchemaError for what the data set's
   *   schemas do not allow
   */
  put(bins: BinsInput<T>): WriteSegmentBuilder<T, AT, EB, ER, [...Ops, readonly [never, null]]>;
  put(bins: BinsInput<T>): unknown {
    const { keys } = this.segment;
    const ops = writtenBins(
      storedBins("put", bins, { codec: this.codec, key: keys.length === 1 ? keys[0] : undefined }),
    );
    if (ops.length !== 1) addPut(this.segment, ops.length);
    for (const op of ops) this.addOp(op);
    return this;
  }

  /**
   * An operation on one bin, which the next call names.
   * @example session.update(users.id(1)).bin("visits").add(1).bin("log").listAppend("login")
   */
  bin<N extends BinName<T>>(name: N): OperateBin<NextWrite<T, AT, EB, ER, Ops, N>, T[N], BinDeclaredIn<T, N>> {
    checkBinName(name);
    return operateBin<NextWrite<T, AT, EB, ER, Ops, N>, T[N], BinDeclaredIn<T, N>>(name, this);
  }

  /** @internal */
  get codec(): RecordCodec | undefined {
    return codecOfKeys(this.segment.verb.name, this.segment.keys);
  }

  /**
   * Removes all bins. A record that has none when all operations are done is deleted; those that follow may write new ones.
   * Reads that come before see what was there: so a record is read and deleted in one. A record that does not exist stays
   * so, with a row of result code 2, or with RecordNotFoundError from `update`.
   * @throws TypeError behind `replace` and `replaceIfExists`, which remove all bins by themselves
   * @example
   * const last = await session.update(users.id(1)).bin("name").get().deleteRecord().firstOrThrow();
   */
  deleteRecord(): WriteSegmentBuilder<T, AT, EB, ER, [...Ops, readonly [never, null]]>;
  deleteRecord(): unknown {
    return this.addOp({ code: OpCode.DELETE_ALL, bin: "" });
  }

  /**
   * Renews the record's time to live, as any write does, also when no other operation writes. A record that does not exist
   * is not created: its row has result code 2, or `update` throws RecordNotFoundError.
   * @throws TypeError behind `insert`, `replace` and `replaceIfExists`, which don't go on with the record that there is
   * @example await session.update(users.id(1)).bin("name").get().touchRecord().expireRecordAfterSeconds(60).execute();
   */
  touchRecord(): WriteSegmentBuilder<T, AT, EB, ER, [...Ops, readonly [never, null]]>;
  touchRecord(): unknown {
    return this.addOp({ code: OpCode.TOUCH, bin: "" });
  }

  /** @internal */
  addOp(op: Op): this {
    checkOpOfVerb(this.segment.verb, op);
    const { codec } = this;
    addOp(this.segment, codec === undefined ? op : codec.opOf(op));
    return this;
  }
}

/** The builder after an operation on the bin `N`. */
export interface NextWrite<T, AT, out EB, out ER extends Results, Ops extends Operations, N extends BinName<T>>
  extends Next {
  readonly always: WriteSegmentBuilder<T, AT, EB, ER, [...Ops, readonly [N, this["result"]]]>;
  readonly found: WriteSegmentBuilder<T, AT, EB, ER, [...Ops, readonly [N, this["result"] | NoBin<T[N]>]]>;
}

takeMethods(WriteSegmentBuilder, Generation, Expiry, DurableDelete);
