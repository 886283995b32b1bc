import type { Writer } from "../bytes/writer.js";
import { checkBinName } from "../check/check-names.js";
import type { RecordKey } from "../key/record-key.js";
import type { MessageReader } from "../message/message-reader.js";
import { OpCode } from "../message/op.js";
import type { Value } from "../value/value.js";
import { beginWrite, NO_WRITE_POLICY } from "./begin-write.js";
import type { RecordCommand } from "./command.js";
import { expectOk, type RecordMeta, readMeta } from "./record-reply.js";
import type { RecordExistsAction, WritePolicy } from "./write-policy.js";

// A write of whole bins: header and fields as in begin-write.ts, then a WRITE op for each bin.

/** Bins to write by name; `null` removes a bin, `undefined` counts as absent. */
export type BinsToWrite = Readonly<Record<string, Value | undefined>>;

const VERBS: Readonly<Record<RecordExistsAction, string>> = {
  update: "upsert",
  updateOnly: "update",
  createOnly: "insert",
  replace: "replace",
  replaceOnly: "replaceIfExists",
};

/**
 * Writes whole bins.
 * @example new WriteCommand(key, { name: "Ada", age: 36 }, { recordExists: "createOnly" })
 */
export class WriteCommand implements RecordCommand<RecordMeta> {
  /** The verb of what is asked: "upsert", "insert", "update", "replace" or "replaceIfExists". */
  readonly name: string;
  readonly isWrite = true;
  readonly key: RecordKey;
  readonly #bins: BinsToWrite;
  readonly #policy: WritePolicy;

  constructor(key: RecordKey, bins: BinsToWrite, policy: WritePolicy = NO_WRITE_POLICY) {
    this.name = VERBS[policy.recordExists ?? "update"];
    this.key = key;
    this.#bins = bins;
    this.#policy = policy;
  }

  /** Throws TypeError or RangeError when there is no bin, a bin has a bad name or a value is of no Aerospike type. */
  encode(w: Writer, timeoutMs: number): void {
    const m = beginWrite(w, this.key, this.#policy, timeoutMs);
    const bins = this.#bins;
    let written = 0;
    for (const bin of Object.keys(bins)) {
      const value = bins[bin];
      if (value === undefined) continue;
      checkBinName(bin);
      m.op({ code: OpCode.WRITE, bin, value });
      written++;
    }
    if (written === 0) throw new TypeError("The bins to write are none: a write takes at least one bin");
    m.finish();
  }

  decode(message: MessageReader): RecordMeta {
    expectOk(message);
    return readMeta(message);
  }
}
