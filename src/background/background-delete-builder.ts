import { OpCode } from "../../protocol/message/op.js";
import type { DataSet } from "../data/data-set.js";
import type { SessionContext } from "../policy/session-context.js";
import { DurableDelete } from "../records/durable-delete.js";
import { BackgroundBuilder } from "./background-builder.js";
import type { BackgroundWork } from "./background-work.js";
import { NEVER_IN_BACKGROUND, NO_BIN_OPERATIONS, NO_EXPIRY, refuse } from "./refuse.js";

/** A background task that deletes every record that its `where` keeps; without a `where`, the whole set. */
export class BackgroundDeleteBuilder extends BackgroundBuilder {
  readonly #namespace: string;
  readonly #durable = new DurableDelete();

  /** @internal */
  constructor(context: SessionContext, dataSet: DataSet<unknown>) {
    super(context, dataSet);
    this.#namespace = dataSet.namespace;
  }

  /** Leaves tombstones, so that a deleted record can't come back. Enterprise Edition; on others each record fails. */
  withDurableDelete(): this {
    this.#durable.override = true;
    return this;
  }

  /** Leaves no tombstones. Strong-consistency namespaces refuse that for each record unless configured otherwise. */
  withoutDurableDelete(): this {
    this.#durable.override = false;
    return this;
  }

  /** Durable unless {@link withoutDurableDelete} says otherwise. */
  defaultWithDurableDelete(): this {
    this.#durable.fallback = true;
    return this;
  }

  /** Not durable unless {@link withDurableDelete} says otherwise. */
  defaultWithoutDurableDelete(): this {
    this.#durable.fallback = false;
    return this;
  }

  /** @internal */
  protected override work(): BackgroundWork {
    return {
      kind: "delete",
      action: { type: "operations", ops: [{ code: OpCode.DELETE_ALL, bin: "" }] },
      ttl: 0,
      durableDelete:
        this.#durable.said ?? this.context.policy("writeNonRetryable", "query", this.#namespace).durableDeletes,
    };
  }
}

refuse(BackgroundDeleteBuilder, { ...NEVER_IN_BACKGROUND, ...NO_BIN_OPERATIONS, ...NO_EXPIRY });
