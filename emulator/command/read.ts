import { FieldType } from "../../protocol/message/field-type.js";
import { Info1, Info2, Info3, Info4 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { writeName } from "../record/name.js";
import type { StoredRecord } from "../record/stored-record.js";
import { StoredRecordView } from "../record/views.js";
import { isBinName } from "./bin-name.js";
import { applyFilter } from "./filter.js";
import { isRead } from "./op-kind.js";
import { NO_ROWS, type Outcome, outcome, type ReplyRow } from "./outcome.js";
import { applyRead, rowOf } from "./read-op.js";
import { readTouch } from "./read-touch.js";
import type { RecordContext } from "./record-context.js";
import type { Request } from "./request.js";
import { hasSetOf } from "./request-set.js";
import { isSameKey } from "./user-key.js";

const MAX_OPS = 32 * 1024;
/** The two bits that name a read mode. */
const READ_MODE = Info3.SC_READ_TYPE | Info3.SC_READ_RELAX;

/** A request with READ and without WRITE. Existence comes before anything else. */
export function read(ctx: RecordContext, request: Request): Outcome {
  if ((request.info3 & READ_MODE) === Info3.SC_READ_TYPE) return outcome(ResultCode.ENTERPRISE_ONLY);
  if (request.info4 & Info4.MRT_VERIFY_READ || request.field(FieldType.MRT_ID) !== undefined) {
    return outcome(ResultCode.ENTERPRISE_ONLY);
  }
  const record = ctx.partition.get(ctx.digest);
  if (record === undefined) return outcome(ResultCode.KEY_NOT_FOUND);
  if (!hasSetOf(request, record)) return outcome(ResultCode.PARAMETER_ERROR, record);
  if (ctx.namespace.isDoomed(record, ctx.now)) return outcome(ResultCode.KEY_NOT_FOUND, record);
  // The reply shows the record as it was before a read prolongs its life.
  const shown = outcome(ResultCode.OK, record);
  if (!readTouch(ctx, request, record)) return outcome(ResultCode.PARAMETER_ERROR, record);
  const filtered = applyFilter(request, ctx.namespace.name, record, ctx.now);
  if (filtered !== ResultCode.OK) return { ...shown, code: filtered };
  const key = request.field(FieldType.KEY);
  if (key !== undefined && record.userKey !== undefined && !isSameKey(record.userKey, key)) {
    return { ...shown, code: ResultCode.KEY_MISMATCH };
  }
  if (request.info1 & Info1.GET_NO_BINS) return shown;
  const rows = readBins(ctx, request, record);
  return typeof rows === "number" ? { ...shown, code: rows } : { ...shown, rows };
}

function readBins(ctx: RecordContext, request: Request, record: StoredRecord): readonly ReplyRow[] | number {
  if (request.ops.length > MAX_OPS) return ResultCode.PARAMETER_ERROR;
  if (request.info1 & Info1.GET_ALL) return allBins(record);
  if (request.ops.length === 0) return ResultCode.PARAMETER_ERROR;
  const respondAll = (request.info2 & Info2.RESPOND_ALL_OPS) !== 0;
  return readOps(ctx, request, record, respondAll);
}

/** A row for each bin, in storage order. */
export function allBins(record: StoredRecord): readonly ReplyRow[] {
  const { names, values } = record.bins;
  if (names.length === 0) return NO_ROWS;
  return names.map((name, i) => ({
    code: OpCode.READ,
    nameBytes: writeName(name),
    value: values[i] ?? null,
    isLoose: false,
  }));
}

function readOps(ctx: RecordContext, request: Request, record: StoredRecord, respondAll: boolean): ReplyRow[] | number {
  const view = new StoredRecordView(ctx.namespace.name, record, ctx.now, true);
  const rows: ReplyRow[] = [];
  for (const op of request.ops) {
    if (!isBinName(op.nameBytes)) return ResultCode.BIN_NAME_TOO_LONG;
    if (!isRead(op.code, request.release)) return ResultCode.PARAMETER_ERROR;
    const found = applyRead(op, view, request.release);
    if (found !== undefined && found.code !== ResultCode.OK) {
      request.details.say(found.detail);
      return found.code;
    }
    const value = found?.result ?? null;
    if (value !== null || respondAll) rows.push(rowOf(op, value));
  }
  return rows;
}
