import { checkBinName } from "../../protocol/check/check-names.js";
import { MAX_OPS } from "../../protocol/limits.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import type { Value } from "../../protocol/value/value.js";
import type { BinName } from "../data/bin-types.js";
import type { DataSet } from "../data/data-set.js";
import type { BinDeclaredIn } from "../data/declared.js";
import type { NextIs, WriteBin } from "../records/bins/index.js";
import { writeBin } from "../records/bins/write-bin.js";
import { Expiry } from "../records/builders/expiry.js";
import { TimeToLive } from "../records/builders/time-to-live.js";
import { takeMethods } from "../records/take-methods.js";
import { BackgroundBuilder } from "./background-builder.js";
import type { BackgroundContext } from "./background-context.js";
import type { BackgroundWork } from "./background-work.js";
import { NEVER_IN_BACKGROUND, NO_DURABLE_DELETE, refuse } from "./refuse.js";

// biome-ignore lint/correctness/noUnusedVariables: the declarations of class and interface have to agree.
export interface BackgroundOperationBuilder<T> extends Expiry {}

/**
 * A background task that writes bins: {@link BackgroundTaskSession.update} and `replaceIfExists`. Each `bin(name)`
 * adds one operation; they run in order on every record. Records keep their time to live unless an expiry method
 * says otherwise.
 */
export class BackgroundOperationBuilder<T> extends BackgroundBuilder {
  readonly #kind: "update" | "replace";
  readonly #ops: Op[] = [];

  /** @internal */
  constructor(context: BackgroundContext, dataSet: DataSet<T>, kind: "update" | "replace") {
    super(context, dataSet, kind === "update" ? "update" : "replaceIfExists");
    this.#kind = kind;
  }

  /**
   * Names the bin that the next operation writes.
   * @param name 1 to 15 bytes of UTF-8
   * @throws RangeError for a longer name
   */
  bin<N extends BinName<T>>(name: N): BackgroundWriteBinBuilder<this, T[N], BinDeclaredIn<T, N>> {
    checkBinName(name);
    return writeBin<NextIs<this>, T[N], BinDeclaredIn<T, N>>(name, this);
  }

  /** @internal */
  addOp(op: Op): this {
    if (this.#kind === "replace") refuseInReplace(op);
    if (this.#ops.length === MAX_OPS) throw new RangeError(`A background task has at most ${MAX_OPS} operations`);
    this.#ops.push(this.codec === undefined ? op : this.codec.opOf(op));
    return this;
  }

  /** @internal */
  protected override work(): BackgroundWork {
    if (this.#ops.length === 0) {
      const example = this.#kind === "update" ? 'bin("score").add(1)' : 'bin("score").setTo(0)';
      throw new TypeError(`The background ${this.#kind} has no operations; add at least one, such as ${example}`);
    }
    return {
      kind: this.#kind,
      action: { type: "operations", ops: [...this.#ops] },
      ttl: this.terms.ttl?.() ?? TimeToLive.UNCHANGED,
      durableDelete: false,
    };
  }
}

takeMethods(BackgroundOperationBuilder, Expiry);
refuse(BackgroundOperationBuilder, { ...NEVER_IN_BACKGROUND, ...NO_DURABLE_DELETE });

/** A replaced record starts empty, so an operation on what was there would fail on every record. */
function refuseInReplace(op: Op): void {
  const writesWhole = op.code === OpCode.WRITE && op.value !== null;
  if (writesWhole || op.code === OpCode.EXP_MODIFY) return;
  throw new TypeError(
    `replaceIfExists: bin "${op.bin}": a replace takes setTo() with a value and expression writes only; ` +
      "the other operations need the old bin",
  );
}

/**
 * What a background task can do to one bin: every write, no reads. Each method adds one operation and returns the
 * builder of the task.
 */
export type BackgroundWriteBinBuilder<P, V = Value | undefined, D = never> = WriteBin<NextIs<P>, V, D>;
