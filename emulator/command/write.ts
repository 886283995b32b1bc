import { FieldType } from "../../protocol/message/field-type.js";
import { Info2 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { BinValue } from "../record/bin-value.js";
import { Bins } from "../record/bins.js";
import { RECORD_LOCKED } from "../record/error-detail.js";
import { flatSize, LEAST_RECORD_SIZE, recordSize } from "../record/record-size.js";
import { nextGeneration, StoredRecord } from "../record/stored-record.js";
import { WorkingView } from "../record/views.js";
import { Ttl } from "../record/void-time.js";
import { applyFilter } from "./filter.js";
import { isExpectedGeneration } from "./generation.js";
import { type Outcome, outcome } from "./outcome.js";
import type { RecordContext } from "./record-context.js";
import type { Request } from "./request.js";
import { setOf } from "./request-set.js";
import { isSameKey, userKeyOf } from "./user-key.js";
import { applyOps } from "./write-ops.js";
import { type WritePolicy, writePolicy } from "./write-policy.js";

const MAX_SET_BYTES = 63;

/** A background job writes records whatever their set, and looks at each once more before it does. */
export interface WriteGuard {
  /** OK, or why this record is left alone. */
  check(record: StoredRecord): number;
}

/** A request with WRITE and neither DELETE nor a UDF. `guard` is there when a background job makes it. */
export function write(ctx: RecordContext, request: Request, guard?: WriteGuard): Outcome {
  const { namespace } = ctx;
  const refusal = refuseByNamespace(ctx, request);
  if (refusal !== ResultCode.OK) return outcome(refusal);
  const policy = writePolicy(request);
  if (typeof policy === "number") return outcome(policy);

  if (ctx.partition.locked(ctx.digest) !== undefined) {
    request.details.say(RECORD_LOCKED);
    return outcome(ResultCode.MRT_BLOCKED);
  }
  const found = ctx.partition.get(ctx.digest);
  if (request.field(FieldType.MRT_ID) !== undefined) return outcome(ResultCode.ENTERPRISE_ONLY);
  if (found === undefined && policy.mustExist) return outcome(ResultCode.KEY_NOT_FOUND);
  const isDoomed = found !== undefined && namespace.isDoomed(found, ctx.now);
  if (isDoomed && policy.mustExist) return outcome(ResultCode.KEY_NOT_FOUND, found);
  const existing = isDoomed ? undefined : found;

  const checked = existing === undefined ? checkCreate(ctx, request) : checkUpdate(ctx, request, existing, guard);
  const result = checked === ResultCode.OK ? store(ctx, request, policy, existing) : checked;
  if (typeof result !== "number") return result;
  // An expired record gives way to the new one, goes even if that one can't be stored, and still shows its metadata.
  if (isDoomed) ctx.partition.delete(ctx.digest);
  return outcome(result, found);
}

function refuseByNamespace(ctx: RecordContext, request: Request): number {
  const { settings, stopWrites } = ctx.namespace;
  if (settings.rejectNonXdrWrites) return ResultCode.FORBIDDEN;
  if (stopWrites) return ResultCode.OUT_OF_SPACE;
  if (settings.disallowNullSetname && setOf(request) === "") return ResultCode.PARAMETER_ERROR;
  return ResultCode.OK;
}

function checkCreate(ctx: RecordContext, request: Request): number {
  if (!isExpectedGeneration(request, 0)) return ResultCode.GENERATION_ERROR;
  const set = request.field(FieldType.SET);
  if (set === undefined || set.length === 0) return ResultCode.OK;
  if (set.length > MAX_SET_BYTES) return ResultCode.PARAMETER_ERROR;
  return ctx.namespace.mayAddTo(setOf(request)) ? ResultCode.OK : ResultCode.FORBIDDEN;
}

function checkUpdate(
  ctx: RecordContext,
  request: Request,
  record: StoredRecord,
  guard: WriteGuard | undefined,
): number {
  if (request.info2 & Info2.CREATE_ONLY) return ResultCode.KEY_EXISTS;
  if (!isExpectedGeneration(request, record.generation)) return ResultCode.GENERATION_ERROR;
  if (guard !== undefined) return ctx.namespace.mayWriteTo(record.setName) ? guard.check(record) : ResultCode.FORBIDDEN;
  if (setOf(request) !== record.setName) return ResultCode.PARAMETER_ERROR;
  if (!ctx.namespace.mayWriteTo(record.setName)) return ResultCode.FORBIDDEN;
  return applyFilter(request, ctx.namespace.name, record, ctx.now);
}

function store(
  ctx: RecordContext,
  request: Request,
  policy: WritePolicy,
  existing: StoredRecord | undefined,
): Outcome | number {
  const key = keyToKeep(request, existing);
  if (typeof key === "number") return key;
  const { namespace } = ctx;
  const setName = existing?.setName ?? setOf(request);
  if (existing === undefined && request.ttl === Ttl.DONT_UPDATE) request.ttl = Ttl.DEFAULT;
  const { ttl } = request;
  const ttlCode = namespace.checkTtl(ttl, setName);
  if (ttlCode !== ResultCode.OK) return ttlCode;

  const record = existing ?? new StoredRecord(ctx.digest.slice(), setName);
  const bins = existing === undefined || policy.isReplace ? new Bins() : existing.bins.copy();
  const generation = nextGeneration(record.generation);
  const voidTime = namespace.nextVoidTime(record, ttl, ctx.now);
  const lastUpdate = Math.max(record.lastUpdate, ctx.now);
  const metadata = {
    namespace: namespace.name,
    setName,
    digest: record.digest,
    generation,
    voidTime,
    lastUpdate,
    now: ctx.now,
    size: existing === undefined ? LEAST_RECORD_SIZE : recordSize(existing),
  };
  const rows = applyOps(request, bins, new WorkingView(metadata, existing, policy.isReplace, bins));
  if (typeof rows === "number") return rows;

  if (bins.count === 0) return deleteEmptied(ctx, request, policy.isReplace ? undefined : existing, rows);
  if (flatSize({ setName, voidTime, userKey: key, bins }) > namespace.settings.maxRecordSize) {
    return ResultCode.RECORD_TOO_BIG;
  }
  record.become({ generation, voidTime, lastUpdate, userKey: key, bins }, ctx.partition);
  if (existing === undefined) namespace.create(ctx.partition, record);
  return { code: ResultCode.OK, generation, voidTime, rows };
}

/** The user key that the record has afterwards: once kept it stays, and a request's must be the same. */
function keyToKeep(request: Request, existing: StoredRecord | undefined): BinValue | undefined | number {
  const field = request.field(FieldType.KEY);
  const kept = existing?.userKey;
  if (kept === undefined) return field === undefined ? undefined : userKeyOf(field);
  return field === undefined || isSameKey(kept, field) ? kept : ResultCode.KEY_MISMATCH;
}

/** A record whose last bin went is deleted; there must have been one to lose. */
function deleteEmptied(
  ctx: RecordContext,
  request: Request,
  withBins: StoredRecord | undefined,
  rows: Outcome["rows"],
): Outcome | number {
  if (withBins === undefined) return ResultCode.KEY_NOT_FOUND;
  if (request.info2 & Info2.DURABLE_DELETE) return ResultCode.ENTERPRISE_ONLY;
  ctx.partition.delete(ctx.digest);
  ctx.namespace.counters.add("deleted_last_bin");
  return { code: ResultCode.OK, generation: 0, voidTime: 0, rows };
}
