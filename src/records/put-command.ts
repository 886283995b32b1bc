import type { Writer } from "../../protocol/bytes/writer.js";
import type { RecordCommand } from "../../protocol/command/command.js";
import { expectOk, skipRest } from "../../protocol/command/record-reply.js";
import { type BinsToWrite, WriteCommand } from "../../protocol/command/write.js";
import type { WritePolicy } from "../../protocol/command/write-policy.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import type { MessageReader } from "../../protocol/message/message-reader.js";

/** Writes whole bins; the answer is that it worked. */
export class PutCommand implements RecordCommand<void> {
  readonly name = "put";
  readonly isWrite = true;
  readonly key: RecordKey;
  readonly #write: WriteCommand;

  constructor(key: RecordKey, bins: BinsToWrite, policy: WritePolicy) {
    this.key = key;
    this.#write = new WriteCommand(key, bins, policy);
  }

  encode(w: Writer, timeoutMs: number): void {
    this.#write.encode(w, timeoutMs);
  }

  decode(message: MessageReader): void {
    expectOk(message);
    skipRest(message);
  }
}
