import { FieldType } from "../../protocol/message/field-type.js";
import { ResultCode } from "../../protocol/result-code.js";
import { buildDetail, buildFilter, type Expression, filteredDetail, Refused } from "../exp/index.js";
import type { StoredRecord } from "../record/stored-record.js";
import { StoredRecordView } from "../record/views.js";
import type { Request } from "./request.js";

/** The filter of a request: undefined when there is none, a result code when it is not valid. */
export function filterOf(request: Request): Expression | undefined | number {
  const packed = request.field(FieldType.FILTER_EXPRESSION);
  if (packed === undefined) return undefined;
  const built = buildFilter(packed, request.release);
  if (!(built instanceof Refused)) return built;
  request.details.say(buildDetail("filter", built));
  return ResultCode.PARAMETER_ERROR;
}

/** What a filter says of a record: from its metadata alone where that is enough. */
export function judge(
  filter: Expression,
  namespace: string,
  record: StoredRecord,
  now: number,
): "kept" | "filtered by metadata" | "filtered by bins" {
  const verdict = judgeMetadata(filter, namespace, record, now);
  if (verdict !== undefined) return verdict ? "kept" : "filtered by metadata";
  return filter.test(new StoredRecordView(namespace, record, now, true)) === true ? "kept" : "filtered by bins";
}

/** The verdict without a look at bins or key; undefined when it depends on them. */
export function judgeMetadata(
  filter: Expression,
  namespace: string,
  record: StoredRecord,
  now: number,
): boolean | undefined {
  return filter.test(new StoredRecordView(namespace, record, now, false));
}

/** Applies a request's filter to a record that exists: OK, FILTERED_OUT, or PARAMETER when the filter is not valid. */
export function applyFilter(request: Request, namespace: string, record: StoredRecord, now: number): number {
  const filter = filterOf(request);
  if (filter === undefined) return ResultCode.OK;
  if (typeof filter === "number") return filter;
  if (judge(filter, namespace, record, now) === "kept") return ResultCode.OK;
  const isFalse = filter.test(new StoredRecordView(namespace, record, now, true)) === false;
  request.details.say(filteredDetail(isFalse ? "false" : "fault"));
  return ResultCode.FILTERED_OUT;
}
