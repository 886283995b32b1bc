import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import type { MessageReader } from "../message/message-reader.js";
import { beginMessage } from "../message/message-writer.js";
import { beginOp, endOp, OpCode } from "../message/op.js";
import type { ParticleType } from "../value/particle-type.js";
import type { RecordCommand } from "./command.js";
import type { ReadPolicy } from "./read-policy.js";
import { writeCommand } from "./record-command.js";
import { type RecordOperation, read, write } from "./record-operation.js";
import { expectOk, skipRest } from "./record-reply.js";
import type { WritePolicy } from "./write-policy.js";

// A record as it is stored, without looking into its values: what is read and written again is the same to the last bit,
// where values of JavaScript would lose that 2.0 in a list was no integer.

/** The value of a bin, as it stands in an op. */
export interface StoredBin {
  readonly name: string;
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Reads all bins of a record as they are stored. */
export class ReadStoredCommand implements RecordCommand<readonly StoredBin[]> {
  readonly name = "read stored";
  readonly isWrite = false;
  readonly key: RecordKey;
  readonly #operation: RecordOperation;

  constructor(key: RecordKey, policy: ReadPolicy) {
    this.key = key;
    this.#operation = read(undefined, policy);
  }

  encode(w: Writer, timeoutMs: number): void {
    writeCommand(w, this.key, this.#operation, timeoutMs);
  }

  decode(message: MessageReader): readonly StoredBin[] {
    expectOk(message);
    const bins: StoredBin[] = [];
    message.skipFields();
    message.ops((_code, name, type, value, size) => bins.push({ name, type, bytes: value.copy(size) }));
    return bins;
  }
}

/** Writes a whole record, in place of what was there. */
export class WriteStoredCommand implements RecordCommand<void> {
  readonly name = "write stored";
  readonly isWrite = true;
  readonly isRepeatable = true;
  readonly key: RecordKey;
  readonly recordTtl: number;
  readonly #bins: readonly StoredBin[];
  readonly #operation: RecordOperation;

  /** @param ttl in seconds */
  constructor(key: RecordKey, bins: readonly StoredBin[], ttl: number, policy: WritePolicy) {
    this.key = key;
    this.recordTtl = ttl;
    this.#bins = bins;
    this.#operation = write({}, policy, { ttl, recordExists: "replace" });
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = beginMessage(w, this.#operation, timeoutMs);
    m.address(this.key);
    for (const { name, type, bytes } of this.#bins) {
      const at = beginOp(w, name);
      w.bytes(bytes);
      // A server sent it.
      endOp(w, at, OpCode.WRITE, type as ParticleType);
      m.countOp();
    }
    m.finish();
  }

  decode(message: MessageReader): void {
    expectOk(message);
    skipRest(message);
  }
}
