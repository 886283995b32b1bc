import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import type { MessageReader } from "../message/message-reader.js";
import { OpCode } from "../message/op.js";
import { beginWrite, NO_WRITE_POLICY } from "./begin-write.js";
import type { RecordCommand } from "./command.js";
import { expectOk, type RecordMeta, readMeta } from "./record-reply.js";
import type { WritePolicy } from "./write-policy.js";

// A touch: header and fields as in begin-write.ts, then one TOUCH op without name and value.

/**
 * Renews a record's time to live and raises its generation; a missing record is a ResultError with KEY_NOT_FOUND (2).
 * @example new TouchCommand(key, { ttl: 3600 })
 */
export class TouchCommand implements RecordCommand<RecordMeta> {
  readonly name = "touch";
  readonly isWrite = true;
  readonly key: RecordKey;
  readonly #policy: WritePolicy;

  constructor(key: RecordKey, policy: WritePolicy = NO_WRITE_POLICY) {
    this.key = key;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = beginWrite(w, this.key, this.#policy, timeoutMs);
    m.op({ code: OpCode.TOUCH, bin: "" });
    m.finish();
  }

  decode(message: MessageReader): RecordMeta {
    expectOk(message);
    return readMeta(message);
  }
}
