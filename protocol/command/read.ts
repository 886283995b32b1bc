import type { Writer } from "../bytes/writer.js";
import { checkBinName } from "../check/check-names.js";
import type { RecordKey } from "../key/record-key.js";
import { Info1 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { OpCode } from "../message/op.js";
import { ResultCode } from "../result-code.js";
import { beginRead, NO_READ_POLICY } from "./begin-read.js";
import type { RecordCommand } from "./command.js";
import type { ReadPolicy } from "./read-policy.js";
import { expectOk, type RecordData, type RecordMeta, readMeta, readRecord, skipRest } from "./record-reply.js";

// Reads of one record: header and fields as in begin-read.ts, then
//   all bins     info1 READ | GET_ALL        no ops
//   some bins    info1 READ                  a READ op for each name
//   header       info1 READ | GET_NO_BINS    no ops

/**
 * Reads a record, all bins or the named ones. A record that does not exist is a ResultError with KEY_NOT_FOUND (2).
 * @example new ReadCommand(key, ["name", "age"])
 */
export class ReadCommand implements RecordCommand<RecordData> {
  readonly name = "get";
  readonly isWrite = false;
  readonly key: RecordKey;
  readonly #binNames: readonly string[] | undefined;
  readonly #policy: ReadPolicy;

  /**
   * Throws TypeError or RangeError when a bin has a bad name.
   * @param binNames the bins to read, at least one; undefined for all
   */
  constructor(key: RecordKey, binNames?: readonly string[], policy: ReadPolicy = NO_READ_POLICY) {
    if (binNames?.length === 0)
      throw new TypeError("The bin names are none: name a bin, or leave them out to read all");
    for (const bin of binNames ?? []) checkBinName(bin);
    this.key = key;
    this.#binNames = binNames;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    const names = this.#binNames;
    const m = beginRead(w, this.key, this.#policy, timeoutMs, { info1: names === undefined ? Info1.GET_ALL : 0 });
    for (const bin of names ?? []) m.op({ code: OpCode.READ, bin });
    m.finish();
  }

  decode(message: MessageReader): RecordData {
    expectOk(message);
    return readRecord(message, this.#policy.decode);
  }
}

/** Reads a record's generation and void-time without its bins. A missing record is a ResultError with KEY_NOT_FOUND (2). */
export class ReadHeaderCommand implements RecordCommand<RecordMeta> {
  readonly name = "get header";
  readonly isWrite = false;
  readonly key: RecordKey;
  readonly #policy: ReadPolicy;

  constructor(key: RecordKey, policy: ReadPolicy = NO_READ_POLICY) {
    this.key = key;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    beginRead(w, this.key, this.#policy, timeoutMs, { info1: Info1.GET_NO_BINS }).finish();
  }

  decode(message: MessageReader): RecordMeta {
    expectOk(message);
    return readMeta(message);
  }
}

/** Whether a record exists. */
export class ExistsCommand implements RecordCommand<boolean> {
  readonly name = "exists";
  readonly isWrite = false;
  readonly key: RecordKey;
  readonly #policy: ReadPolicy;

  constructor(key: RecordKey, policy: ReadPolicy = NO_READ_POLICY) {
    this.key = key;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    beginRead(w, this.key, this.#policy, timeoutMs, { info1: Info1.GET_NO_BINS }).finish();
  }

  decode(message: MessageReader): boolean {
    const exists = message.resultCode !== ResultCode.KEY_NOT_FOUND;
    if (exists) expectOk(message);
    skipRest(message);
    return exists;
  }
}
