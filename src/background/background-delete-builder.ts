import { OpCode } from "../../protocol/message/op.js";
import type { DataSet } from "../data/data-set.js";
import { DurableDelete, durableDeleteOf } from "../records/builders/durable-delete.js";
import { takeMethods } from "../records/take-methods.js";
import { BackgroundBuilder } from "./background-builder.js";
import type { BackgroundContext } from "./background-context.js";
import type { BackgroundWork } from "./background-work.js";
import { NEVER_IN_BACKGROUND, NO_BIN_OPERATIONS, NO_EXPIRY, refuse } from "./refuse.js";

export interface BackgroundDeleteBuilder extends DurableDelete {}

/** A background task that deletes every record that its `where` keeps; without a `where`, the whole set. */
export class BackgroundDeleteBuilder extends BackgroundBuilder {
  readonly #namespace: string;

  /** @internal */
  constructor(context: BackgroundContext, dataSet: DataSet<unknown>) {
    super(context, dataSet, "delete");
    this.#namespace = dataSet.namespace;
  }

  /** @internal */
  protected override work(): BackgroundWork {
    return {
      kind: "delete",
      action: { type: "operations", ops: [{ code: OpCode.DELETE_ALL, bin: "" }] },
      ttl: 0,
      durableDelete:
        durableDeleteOf(this.terms) ??
        this.context.policy("writeNonRetryable", "query", this.#namespace).durableDeletes,
    };
  }
}

takeMethods(BackgroundDeleteBuilder, DurableDelete);
refuse(BackgroundDeleteBuilder, { ...NEVER_IN_BACKGROUND, ...NO_BIN_OPERATIONS, ...NO_EXPIRY });
