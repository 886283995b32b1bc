import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import { Info2 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { ResultCode } from "../result-code.js";
import { beginWrite, NO_WRITE_POLICY } from "./begin-write.js";
import type { RecordCommand } from "./command.js";
import { expectOk, skipRest } from "./record-reply.js";
import type { WritePolicy } from "./write-policy.js";

// A delete of one record: header and fields as in begin-write.ts with info2 DELETE, no ops.

/**
 * Deletes a record; answers whether there was one.
 * @example new DeleteCommand(key, { generation: { expect: "equal", generation: 3 } })
 */
export class DeleteCommand implements RecordCommand<boolean> {
  readonly name = "delete";
  readonly isWrite = true;
  readonly key: RecordKey;
  readonly #policy: WritePolicy;

  constructor(key: RecordKey, policy: WritePolicy = NO_WRITE_POLICY) {
    this.key = key;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    beginWrite(w, this.key, this.#policy, timeoutMs, { info2: Info2.DELETE }).finish();
  }

  decode(message: MessageReader): boolean {
    const existed = message.resultCode !== ResultCode.KEY_NOT_FOUND;
    if (existed) expectOk(message);
    skipRest(message);
    return existed;
  }
}
