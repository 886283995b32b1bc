import { FieldType } from "../../protocol/message/field-type.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Request } from "../command/request.js";

const ID_SIZE = 8;
const VERSION_SIZE = 7;
const DEADLINE_SIZE = 4;

/** What a request says of a transaction. */
export interface TxnFields {
  readonly id: bigint | undefined;
  readonly version: bigint | undefined;
  /** Seconds since 2010-01-01. */
  readonly deadline: number | undefined;
}

/** The fields of a transaction, or the result code that refuses ones of a wrong size. */
export function txnFields(request: Request): TxnFields | number {
  const id = request.field(FieldType.MRT_ID);
  const version = request.field(FieldType.RECORD_VERSION);
  const deadline = request.field(FieldType.MRT_DEADLINE);
  if ((id?.length ?? ID_SIZE) !== ID_SIZE || (version?.length ?? VERSION_SIZE) !== VERSION_SIZE) {
    return ResultCode.PARAMETER_ERROR;
  }
  if ((deadline?.length ?? DEADLINE_SIZE) !== DEADLINE_SIZE) return ResultCode.PARAMETER_ERROR;
  return {
    id: id && littleEndian(id),
    version: version && littleEndian(version),
    deadline: deadline && Number(littleEndian(deadline)),
  };
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}
