import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import { FieldType } from "../../protocol/message/field-type.js";
import { Info2, Info3 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BinValue } from "../record/bin-value.js";
import { RECORD_LOCKED } from "../record/error-detail.js";
import type { StoredRecord } from "../record/stored-record.js";
import { RecordRun } from "../udf/record-run.js";
import { type UdfCall, udfCallOf } from "../udf/udf-call.js";
import type { UdfResult } from "../udf/udf-engine.js";
import type { UdfModules } from "../udf/udf-modules.js";
import { applyFilter } from "./filter.js";
import { type Outcome, outcome } from "./outcome.js";
import type { RecordContext } from "./record-context.js";
import type { Request } from "./request.js";
import { setOf } from "./request-set.js";
import { isSameKey, userKeyOf } from "./user-key.js";
import type { WriteGuard } from "./write.js";

const FORBIDDEN_INFO2 = Info2.GENERATION | Info2.GENERATION_GT | Info2.CREATE_ONLY;
const FORBIDDEN_INFO3 = Info3.UPDATE_ONLY | Info3.CREATE_OR_REPLACE | Info3.REPLACE_ONLY;
const SUCCESS = encodeUtf8("SUCCESS");
const FAILURE = encodeUtf8("FAILURE");

/** What a function needs besides its record. */
export interface UdfHost {
  readonly modules: UdfModules;
  /** When it must have ended, on the clock of the Runtime. */
  readonly deadline: number;
}

/** A request with WRITE and a UDF: the function runs whether or not the record exists. */
export function applyUdf(ctx: RecordContext, request: Request, host: UdfHost): Outcome {
  if (ctx.namespace.settings.rejectNonXdrWrites) return outcome(ResultCode.FORBIDDEN);
  const call = udfCallOf(request);
  if (call === undefined) return outcome(ResultCode.PARAMETER_ERROR);
  return callUdf(ctx, request, call, host);
}

/** The same for a job, which calls on records that exist, whatever their set, and after one more look at each. */
export function callUdf(
  ctx: RecordContext,
  request: Request,
  call: UdfCall,
  host: UdfHost,
  guard?: WriteGuard,
): Outcome {
  if (request.info2 & FORBIDDEN_INFO2 || request.info3 & FORBIDDEN_INFO3) return outcome(ResultCode.PARAMETER_ERROR);
  if (request.field(FieldType.MRT_ID) !== undefined) return outcome(ResultCode.ENTERPRISE_ONLY);
  if (ctx.partition.locked(ctx.digest) !== undefined) {
    request.details.say(RECORD_LOCKED);
    return outcome(ResultCode.MRT_BLOCKED);
  }
  const found = ctx.partition.get(ctx.digest);
  const isDoomed = found !== undefined && ctx.namespace.isDoomed(found, ctx.now);
  const record = isDoomed ? undefined : found;
  if (record === undefined && guard !== undefined) return outcome(ResultCode.KEY_NOT_FOUND, found);

  const key = record === undefined ? undefined : open(ctx, request, record, guard);
  if (typeof key === "number") return outcome(key, found);
  const run = new RecordRun(ctx, request, record, key);
  const module = host.modules.module(call.moduleName);
  const result: UdfResult =
    module === undefined
      ? { kind: "failure", message: "UDF: Execution Error 1" }
      : module.run(call.functionName, run, call.args, host.deadline);
  if (result.kind === "failure") return failure(result.message, found);
  if (run.code !== ResultCode.OK) return outcome(run.code, found);
  if (!run.hasUpdates) return success(result.value, found);
  // A function that makes a new record in place of an expired one.
  if (isDoomed) ctx.partition.delete(ctx.digest);
  const code = run.store();
  if (code !== ResultCode.OK) return outcome(code, found);
  return success(result.value, run.stored);
}

/** Checks a record that exists: its user key from now on, or the result code that refuses the call. */
function open(
  ctx: RecordContext,
  request: Request,
  record: StoredRecord,
  guard: WriteGuard | undefined,
): BinValue | undefined | number {
  if (guard === undefined) {
    if (setOf(request) !== record.setName) return ResultCode.PARAMETER_ERROR;
    const filtered = applyFilter(request, ctx.namespace.name, record, ctx.now);
    if (filtered !== ResultCode.OK) return filtered;
  } else {
    const code = guard.check(record);
    if (code !== ResultCode.OK) return code;
  }
  const field = request.field(FieldType.KEY);
  if (field === undefined) return record.userKey;
  if (record.userKey === undefined) return userKeyOf(field);
  return isSameKey(record.userKey, field) ? record.userKey : ResultCode.KEY_MISMATCH;
}

function success(value: BinValue | null, record: StoredRecord | undefined): Outcome {
  const rows = [{ code: OpCode.READ, nameBytes: SUCCESS, value, isLoose: true }];
  return { ...outcome(ResultCode.OK, record), rows };
}

function failure(message: string, record: StoredRecord | undefined): Outcome {
  const value = { type: ParticleType.STRING, bytes: encodeUtf8(message) };
  const rows = [{ code: OpCode.READ, nameBytes: FAILURE, value, isLoose: true }];
  return { ...outcome(ResultCode.UDF_EXECUTION, record), rows };
}
