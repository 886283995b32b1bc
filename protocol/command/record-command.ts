import type { Writer } from "../bytes/writer.js";
import { checkBinName } from "../check/check-names.js";
import type { RecordKey } from "../key/record-key.js";
import type { MessageReader } from "../message/message-reader.js";
import { beginMessage, type MessageWriter } from "../message/message-writer.js";
import type { RecordCommand } from "./command.js";
import type { RecordOperation } from "./record-operation.js";
import { type RecordReply, readReply } from "./record-reply.js";
import { writeTxnFields } from "./txn-part.js";
import { writeUdfFields } from "./udf-call.js";

// A command on one record, a message of its own:
//   fields: NAMESPACE · SET · DIGEST · [fields of txn-part.ts] · [KEY] · [filter] · [fields of udf-call.ts]
//   ops: those of the operation

/**
 * Writes an operation on a record as a single command.
 * @param timeoutMs what the server may take, 0 for its own default
 * @throws TypeError or RangeError when there is no bin to write, a bin has a bad name or a value has no Aerospike type
 */
export function writeCommand(w: Writer, key: RecordKey, operation: RecordOperation, timeoutMs: number): void {
  const m = beginMessage(w, operation, timeoutMs);
  m.address(key);
  if (operation.txn !== undefined) writeTxnFields(m, operation.txn, operation.isWrite);
  if (operation.sendKey) m.userKey(key);
  m.filter(operation.filter);
  if (operation.udf !== undefined) writeUdfFields(m, operation.udf);
  writeOps(m, operation);
  m.finish();
}

/** Writes what follows the fields. */
export function writeOps(m: MessageWriter, { ops, bins }: RecordOperation): void {
  if (bins === undefined) {
    for (const op of ops) m.op(op);
    return;
  }
  let written = 0;
  for (const bin of Object.keys(bins)) {
    const value = bins[bin];
    if (value === undefined) continue;
    checkBinName(bin);
    m.write(bin, value);
    written++;
  }
  if (written === 0)
    throw new TypeError("There is no bin to write: a write takes at least one bin whose value is not undefined");
}

/** How a reply becomes what the caller gets. */
export type ReplyReader<T, K extends RecordKey = RecordKey> = (reply: RecordReply, key: K, index: number) => T;

/**
 * An operation on one record, as a command of its own.
 * @example new SingleCommand(key, read(["name", "age"]), ({ bins }) => bins)
 */
export class SingleCommand<T, K extends RecordKey = RecordKey> implements RecordCommand<T> {
  readonly key: K;
  readonly operation: RecordOperation;
  /** Position of the key among those of its call. */
  readonly index: number;
  readonly #toResult: ReplyReader<T, K>;

  constructor(key: K, operation: RecordOperation, toResult: ReplyReader<T, K>, index = 0) {
    this.key = key;
    this.operation = operation;
    this.index = index;
    this.#toResult = toResult;
  }

  get name(): string {
    return this.operation.name;
  }

  get isWrite(): boolean {
    return this.operation.isWrite;
  }

  get isRepeatable(): boolean {
    return this.operation.isRepeatable;
  }

  get recordTtl(): number {
    return this.operation.recordTtl;
  }

  /** The same command with its operation as part of something larger. */
  within(operation: RecordOperation): SingleCommand<T, K> {
    return new SingleCommand(this.key, operation, this.#toResult, this.index);
  }

  encode(w: Writer, timeoutMs: number): void {
    writeCommand(w, this.key, this.operation, timeoutMs);
  }

  decode(message: MessageReader): T {
    return this.#toResult(readReply(message, this.operation), this.key, this.index);
  }
}
