import { FieldType } from "../../protocol/message/field-type.js";
import { Info2 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import type { CommandKind } from "../faults/command-kind.js";
import { isRead } from "./op-kind.js";
import type { Request } from "./request.js";

/** What a message that is no batch asks for, in the words of a client. */
export function commandKind(request: Request): CommandKind {
  const isWrite = (request.info2 & Info2.WRITE) !== 0;
  const isUdf = request.field(FieldType.UDF_FILENAME) !== undefined;
  if (request.field(FieldType.DIGEST) === undefined) return isWrite ? "background" : "query";
  if (!isWrite) return request.ops.some((op) => op.code !== OpCode.READ) ? "operate" : "read";
  if (request.info2 & Info2.DELETE) return "delete";
  if (isUdf) return "udf";
  return writeKind(request);
}

function writeKind(request: Request): CommandKind {
  if (request.ops.length === 1 && request.ops[0]?.code === OpCode.TOUCH) return "touch";
  const isPlain = request.ops.every((op) => isPlainWrite(op.code) && !isRead(op.code, request.release));
  return isPlain ? "write" : "operate";
}

function isPlainWrite(code: number): boolean {
  return code === OpCode.WRITE || code === OpCode.INCR || code === OpCode.APPEND || code === OpCode.PREPEND;
}
