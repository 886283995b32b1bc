import { FieldType } from "../../protocol/message/field-type.js";
import { Info2 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { applyFilter } from "./filter.js";
import { isExpectedGeneration } from "./generation.js";
import { type Outcome, outcome } from "./outcome.js";
import type { RecordContext } from "./record-context.js";
import type { Request } from "./request.js";
import { hasSetOf } from "./request-set.js";
import { isSameKey } from "./user-key.js";

/** A request with WRITE and DELETE. Ops are not looked at, an expired record is deleted like any other, and no reply shows metadata. */
export function remove(ctx: RecordContext, request: Request): Outcome {
  return outcome(removeRecord(ctx, request));
}

function removeRecord(ctx: RecordContext, request: Request): number {
  if (ctx.namespace.settings.rejectNonXdrWrites) return ResultCode.FORBIDDEN;
  if (request.info2 & Info2.DURABLE_DELETE) return ResultCode.ENTERPRISE_ONLY;
  const record = ctx.partition.get(ctx.digest);
  if (record === undefined) return ResultCode.KEY_NOT_FOUND;
  if (!hasSetOf(request, record)) return ResultCode.PARAMETER_ERROR;
  if (!isExpectedGeneration(request, record.generation)) return ResultCode.GENERATION_ERROR;
  const filtered = applyFilter(request, ctx.namespace.name, record, ctx.now);
  if (filtered !== ResultCode.OK) return filtered;
  const key = request.field(FieldType.KEY);
  if (key !== undefined && record.userKey !== undefined && !isSameKey(record.userKey, key)) {
    return ResultCode.KEY_MISMATCH;
  }
  ctx.partition.delete(ctx.digest);
  return ResultCode.OK;
}
