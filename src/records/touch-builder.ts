import { TouchCommand } from "../../protocol/command/touch.js";
import type { Key } from "../data/key.js";
import type { SessionContext } from "../policy/session-context.js";
import { ExpiryBuilder } from "./expiry-builder.js";
import type { KeyVerb } from "./key-command-builder.js";
import { type CommandMaker, type CommandRequest, commandsWithoutRecord } from "./row-command.js";

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
  protected override commandsFor(request: CommandRequest): CommandMaker<T, T> {
    const policy = {
      ...this.context.policy("writeNonRetryable", request.shape, request.namespace),
      filter: request.filter,
      generation: this.generation,
      ttl: this.ttl,
    };
    return commandsWithoutRecord(this.verb.name, request, (key) => new TouchCommand(key, policy));
  }
}
