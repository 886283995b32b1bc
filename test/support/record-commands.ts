import type { ReadPolicy } from "../../protocol/command/read-policy.js";
import { type ReplyReader, SingleCommand } from "../../protocol/command/record-command.js";
import * as record from "../../protocol/command/record-operation.js";
import { type RecordReply, returnedValue } from "../../protocol/command/record-reply.js";
import type { UdfCall } from "../../protocol/command/udf-call.js";
import type { WritePolicy } from "../../protocol/command/write-policy.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import type { Op } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";

// Single commands whose result is the reply itself, or its plainest meaning.

/** Policy and options of an operation in one. */
export type How = ReadPolicy & WritePolicy & record.OperateOptions;

const whole: ReplyReader<RecordReply> = (reply) => reply;
const found: ReplyReader<boolean> = ({ resultCode }) => resultCode === ResultCode.OK;

export function readCommand(key: RecordKey, bins?: readonly string[], how: How = {}): SingleCommand<RecordReply> {
  return new SingleCommand(key, record.read(bins, how, how), whole);
}

export function existsCommand(key: RecordKey, how: How = {}): SingleCommand<boolean> {
  return new SingleCommand(key, record.exists(how, how), found);
}

export function writeCommand(key: RecordKey, bins: record.BinsToWrite, how: How = {}): SingleCommand<RecordReply> {
  return new SingleCommand(key, record.write(bins, how, how), whole);
}

export function operateCommand(key: RecordKey, ops: readonly Op[], how: How = {}): SingleCommand<RecordReply> {
  return new SingleCommand(key, record.operate(ops, how, how), whole);
}

export function deleteCommand(key: RecordKey, how: How = {}): SingleCommand<boolean> {
  return new SingleCommand(key, record.remove(how, how), found);
}

export function touchCommand(key: RecordKey, how: How = {}): SingleCommand<RecordReply> {
  return new SingleCommand(key, record.touch(how, how), whole);
}

export function udfCommand(key: RecordKey, call: UdfCall, how: How = {}): SingleCommand<unknown> {
  return new SingleCommand(key, record.udf(call, how, how), returnedValue);
}
