import { exists, type RecordOperation } from "../../protocol/command/record-operation.js";
import type { Key } from "../data/key.js";
import type { SessionContext } from "../policy/session-context.js";
import { KeyCommandBuilder, type KeyVerb, type OperationRequest } from "./key-command-builder.js";

const VERB: KeyVerb = { name: "exists", kind: "read", needsRecord: false, answersEveryKey: true };

/**
 * Asks whether records exist, without reading them; see `session.exists`. Every key has a row: `asBool()` says which.
 *
 * @example
 * const stream = await session.exists(users.ids(1, 2)).execute();
 * for await (const row of stream) console.log(row.key.userKey, row.asBool());
 */
export class ExistsBuilder<T> extends KeyCommandBuilder<T, T> {
  /** @internal */
  constructor(context: SessionContext, keys: readonly Key<T>[]) {
    super(context, VERB, keys);
  }

  /** @internal */
  protected override operationFor({ policy, filter, accepts }: OperationRequest): RecordOperation {
    return exists(policy, { filter, accepts });
  }
}
