import { type RecordOperation, touch } from "../../protocol/command/record-operation.js";
import type { Key } from "../data/key.js";
import type { SessionContext } from "../policy/session-context.js";
import { ExpiryBuilder } from "./expiry-builder.js";
import type { KeyVerb, OperationRequest } from "./key-command-builder.js";

const VERB: KeyVerb = { name: "touch", kind: "writeNonRetryable", needsRecord: false, answersEveryKey: true };

/**
 * Renews records: their generation goes up and their time to live starts anew; see `session.touch`. Every key has a
 * row: `asBool()` says whether there is a record.
 *
 * @example
 * await session.touch(users.id(1)).expireRecordAfterSeconds(3600).execute();
 */
export class TouchBuilder<T> extends ExpiryBuilder<T, T> {
  /** @internal */
  constructor(context: SessionContext, keys: readonly Key<T>[]) {
    super(context, VERB, keys);
  }

  /** @internal */
  protected override operationFor({ policy, filter, accepts }: OperationRequest): RecordOperation {
    return touch(policy, { filter, accepts, generation: this.generation, ttl: this.ttl });
  }
}
