import { Info1, Info2, Info3 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { hasBinName } from "./bin-name.js";
import { isArithmetic, isRead } from "./op-kind.js";
import type { Request, RequestOp } from "./request.js";

const MAX_OPS = 32 * 1024;

/** What the flags and ops of a write ask for. */
export interface WritePolicy {
  readonly mustExist: boolean;
  readonly isReplace: boolean;
}

/** Checks a write before any record is looked at: the policy, or the result code that refuses it. */
export function writePolicy(request: Request): WritePolicy | number {
  const { ops, info1, info2, info3 } = request;
  if (ops.length === 0 || ops.length > MAX_OPS) return ResultCode.PARAMETER_ERROR;
  const isReplace = (info3 & (Info3.CREATE_OR_REPLACE | Info3.REPLACE_ONLY)) !== 0;
  let mustExist = (info3 & (Info3.UPDATE_ONLY | Info3.REPLACE_ONLY)) !== 0;
  let readsAll = false;
  let reads = false;
  let hasRows = false;
  for (const op of ops) {
    if (op.code === OpCode.TOUCH) {
      if (isReplace) return ResultCode.PARAMETER_ERROR;
      mustExist = true;
      continue;
    }
    if (!hasBinName(op)) return ResultCode.BIN_NAME_TOO_LONG;
    if (isReplace && !mayReplace(op)) return ResultCode.PARAMETER_ERROR;
    if (isReadAll(op, request)) {
      if (readsAll || (info2 & Info2.RESPOND_ALL_OPS) !== 0) return ResultCode.PARAMETER_ERROR;
      readsAll = true;
    } else if (isRead(op.code, request.release)) {
      reads = true;
      hasRows = true;
    } else if (op.code === OpCode.CDT_MODIFY || op.code === OpCode.HLL_MODIFY) {
      hasRows = true;
    }
  }
  if ((reads || readsAll) && (info1 & Info1.READ) === 0) return ResultCode.PARAMETER_ERROR;
  if (readsAll && hasRows) return ResultCode.PARAMETER_ERROR;
  if ((info1 & Info1.GET_ALL) !== 0 && !readsAll) return ResultCode.PARAMETER_ERROR;
  return { mustExist, isReplace };
}

/** A READ without a name is "read all" when the request says so. */
export function isReadAll(op: RequestOp, request: Request): boolean {
  return op.code === OpCode.READ && op.nameBytes.length === 0 && (request.info1 & Info1.GET_ALL) !== 0;
}

/** Ops that make sense where the old bins are gone. */
function mayReplace(op: RequestOp): boolean {
  switch (op.code) {
    case OpCode.WRITE:
      return op.type !== ParticleType.NULL;
    case OpCode.DELETE_ALL:
    case OpCode.BITS_MODIFY:
    case OpCode.HLL_MODIFY:
    case OpCode.CDT_MODIFY:
      return false;
    default:
      return !isArithmetic(op.code);
  }
}
