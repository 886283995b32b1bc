import type { Writer } from "../bytes/writer.js";
import { checkBinName } from "../check/check-names.js";
import type { RecordKey } from "../key/record-key.js";
import { Info1 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { beginMessage, type MessageWriter } from "../message/message-writer.js";
import { OpCode } from "../message/op.js";
import { ResultCode } from "../result-code.js";
import type { RecordCommand } from "./command.js";
import { type ReadPolicy, readInfo1, readInfo3 } from "./read-policy.js";
import { expectOk, type RecordData, type RecordMeta, readMeta, readRecord, skipRest } from "./record-reply.js";

// Reads of one record:
//   all bins     info1 READ | GET_ALL        no ops
//   some bins    info1 READ                  a READ op for each name
//   header       info1 READ | GET_NO_BINS    no ops
//   fields: NAMESPACE · SET · DIGEST · [KEY] · [filter]

const NO_POLICY: ReadPolicy = {};

function beginRead(w: Writer, info1: number, key: RecordKey, policy: ReadPolicy, timeoutMs: number): MessageWriter {
  const m = beginMessage(w, {
    info1: Info1.READ | info1 | readInfo1(policy),
    info3: readInfo3(policy),
    recordTtl: policy.readTouchTtlPercent ?? 0,
    transactionTtl: timeoutMs,
  });
  m.address(key);
  if (policy.sendKey) m.userKey(key);
  m.filter(policy.filter);
  return m;
}

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
  constructor(key: RecordKey, binNames?: readonly string[], policy: ReadPolicy = NO_POLICY) {
    if (binNames?.length === 0)
      throw new TypeError("The bin names are none: name a bin, or leave them out to read all");
    for (const bin of binNames ?? []) checkBinName(bin);
    this.key = key;
    this.#binNames = binNames;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    const names = this.#binNames;
    const m = beginRead(w, names === undefined ? Info1.GET_ALL : 0, this.key, this.#policy, timeoutMs);
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

  constructor(key: RecordKey, policy: ReadPolicy = NO_POLICY) {
    this.key = key;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    beginRead(w, Info1.GET_NO_BINS, this.key, this.#policy, timeoutMs).finish();
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

  constructor(key: RecordKey, policy: ReadPolicy = NO_POLICY) {
    this.key = key;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    beginRead(w, Info1.GET_NO_BINS, this.key, this.#policy, timeoutMs).finish();
  }

  decode(message: MessageReader): boolean {
    const exists = message.resultCode !== ResultCode.KEY_NOT_FOUND;
    if (exists) expectOk(message);
    skipRest(message);
    return exists;
  }
}
