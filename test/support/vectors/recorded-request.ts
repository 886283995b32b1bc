import { Reader } from "../../../protocol/bytes/reader.js";
import { FieldType } from "../../../protocol/message/field-type.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import type { OpCode, PayloadOp } from "../../../protocol/message/op.js";
import { type Entry, fromHex } from "./entry.js";

/** A recorded request taken apart, for what an intent gives in words alone: expressions, collection operations, ids. */
export interface RecordedRequest {
  readonly timeoutMs: number;
  readonly recordTtl: number;
  readonly taskId: bigint | undefined;
  readonly socketTimeoutMs: number | undefined;
  readonly filter: Uint8Array | undefined;
  readonly context: Uint8Array | undefined;
  readonly indexExpression: Uint8Array | undefined;
  readonly payloads: readonly Uint8Array[];
  readonly codes: readonly number[];
  readonly respondsAllOps: boolean;
}

export function recordedRequest(entry: Entry): RecordedRequest {
  const bytes = fromHex(entry.request);
  const message = new MessageReader();
  message.load(new Reader(bytes, 8));
  message.next();
  const fields = new Map<number, Uint8Array>();
  message.fields((type, data, size) => fields.set(type, data.copy(size)));
  const payloads: Uint8Array[] = [];
  const codes: number[] = [];
  message.ops((code, _bin, _type, value, size) => {
    codes.push(code);
    payloads.push(value.copy(size));
  });
  const taskId = fields.get(FieldType.TASK_ID);
  const socketTimeout = fields.get(FieldType.SOCKET_TIMEOUT);
  return {
    timeoutMs: message.transactionTtl,
    recordTtl: message.recordTtl | 0,
    taskId: taskId && new Reader(taskId).u64(),
    socketTimeoutMs: socketTimeout && new Reader(socketTimeout).u32(),
    filter: fields.get(FieldType.FILTER_EXPRESSION),
    context: fields.get(FieldType.INDEX_CONTEXT),
    indexExpression: fields.get(FieldType.INDEX_EXPRESSION),
    payloads,
    codes,
    respondsAllOps: (message.info2 & 0x80) !== 0,
  };
}

const PAYLOAD_CODES: readonly number[] = [3, 4, 7, 8, 12, 13, 15, 16] satisfies OpCode[];

export function isPayloadCode(code: number): code is PayloadOp["code"] {
  return PAYLOAD_CODES.includes(code);
}
