import { OpCode } from "../../protocol/message/op.js";
import type { DataSet } from "../data/data-set.js";
import { Expiry } from "../records/builders/expiry.js";
import { TimeToLive } from "../records/builders/time-to-live.js";
import { takeMethods } from "../records/take-methods.js";
import { BackgroundBuilder } from "./background-builder.js";
import type { BackgroundContext } from "./background-context.js";
import type { BackgroundWork } from "./background-work.js";
import { NEVER_IN_BACKGROUND, NO_BIN_OPERATIONS, NO_DURABLE_DELETE, refuse } from "./refuse.js";

export interface BackgroundTouchBuilder extends Expiry {}

/**
 * A background task that renews records without changing a bin: their time to live starts again, from the default of
 * the set or namespace unless an expiry method says otherwise, and their generation goes up by one.
 */
export class BackgroundTouchBuilder extends BackgroundBuilder {
  /** @internal */
  constructor(context: BackgroundContext, dataSet: DataSet<unknown>) {
    super(context, dataSet, "touch");
  }

  /** @internal */
  protected override work(): BackgroundWork {
    return {
      kind: "touch",
      action: { type: "operations", ops: [{ code: OpCode.TOUCH, bin: "" }] },
      ttl: this.terms.ttl?.() ?? TimeToLive.SERVER_DEFAULT,
      durableDelete: false,
    };
  }
}

takeMethods(BackgroundTouchBuilder, Expiry);
refuse(BackgroundTouchBuilder, { ...NEVER_IN_BACKGROUND, ...NO_BIN_OPERATIONS, ...NO_DURABLE_DELETE });
