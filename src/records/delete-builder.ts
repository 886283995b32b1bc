import { type RecordOperation, remove } from "../../protocol/command/record-operation.js";
import type { Key } from "../data/key.js";
import type { SessionContext } from "../policy/session-context.js";
import { DurableDelete } from "./durable-delete.js";
import { GenerationBuilder } from "./generation-builder.js";
import type { KeyVerb, OperationRequest } from "./key-command-builder.js";

const VERB: KeyVerb = { name: "delete", kind: "writeNonRetryable", needsRecord: false, answersEveryKey: true };

/**
 * Deletes records; see `session.delete`. Every key has a row: `asBool()` says whether there was a record.
 *
 * @example
 * const stream = await session.delete(users.id(1)).execute();
 * const existed = (await stream.first())?.asBool();
 */
export class DeleteBuilder<T> extends GenerationBuilder<T, T> {
  readonly #durable = new DurableDelete();

  /** @internal */
  constructor(context: SessionContext, keys: readonly Key<T>[]) {
    super(context, VERB, keys);
  }

  /** Leaves a tombstone, so that the record can't come back from a node that was away. Enterprise Edition. */
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

  /** @internal */
  protected override operationFor({ policy, filter, accepts }: OperationRequest): RecordOperation {
    return remove(
      { commitLevel: policy.commitLevel },
      {
        filter,
        accepts,
        generation: this.generation,
        durableDelete: this.#durable.said ?? policy.durableDeletes,
      },
    );
  }
}
