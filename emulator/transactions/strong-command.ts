import { Info2, Info4 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { type Outcome, outcome } from "../command/outcome.js";
import type { RecordContext } from "../command/record-context.js";
import type { Request } from "../command/request.js";
import { RECORD_LOCKED } from "../record/error-detail.js";
import { Partition } from "../record/partition.js";
import type { StoredRecord } from "../record/stored-record.js";
import { voidTimeNow } from "../record/void-time.js";
import { type CarryOut, isMonitorWrite } from "./monitors.js";
import { PlainRequest } from "./plain-request.js";
import { versionOf } from "./record-version.js";
import { type TxnFields, txnFields } from "./txn-fields.js";

const ROLL = Info4.MRT_ROLL_FORWARD | Info4.MRT_ROLL_BACK;

/**
 * Carries out a command on a record of a strong-consistency namespace, as the public sources of servers and clients have
 * it. What a transaction has written is kept beside the record, which stays as it was for all others until it is rolled.
 * @param carryOut the command, as on any record
 */
export function strongCommand(ctx: RecordContext, request: Request, carryOut: CarryOut<RecordContext>): Outcome {
  const fields = txnFields(request);
  if (typeof fields === "number") return outcome(fields);
  const isWrite = (request.info2 & Info2.WRITE) !== 0;
  if (isMonitorWrite(request)) return ctx.namespace.shared.monitors.write(ctx, request, carryOut);
  if (isWrite && request.info4 & ROLL) return roll(ctx, request, fields);
  if (!isWrite && request.info4 & Info4.MRT_VERIFY_READ) return verify(ctx, fields);
  if (fields.id === undefined)
    return isWrite ? write(ctx, request, carryOut) : carryOut(ctx, new PlainRequest(request));
  return isWrite ? txnWrite(ctx, request, carryOut, fields) : txnRead(ctx, request, carryOut, fields);
}

/** A write outside of transactions: it must not touch what one of them has locked. */
function write(ctx: RecordContext, request: Request, carryOut: CarryOut<RecordContext>): Outcome {
  const { partition, digest } = ctx;
  const trial = tryOut(ctx, request, partition.get(digest), carryOut);
  // A function that only reads is none of a transaction's business.
  if (partition.locked(digest) !== undefined && (trial.hasChanged || !isUdf(request))) {
    request.details.say(RECORD_LOCKED);
    return outcome(ResultCode.MRT_BLOCKED);
  }
  if (!trial.hasChanged) return trial.result;
  if (trial.after === undefined) partition.delete(digest);
  else partition.put(trial.after);
  return trial.result;
}

function isUdf(request: Request): boolean {
  return (request.info2 & Info2.DELETE) === 0 && request.ops.length === 0;
}

function txnRead(
  ctx: RecordContext,
  request: Request,
  carryOut: CarryOut<RecordContext>,
  { id, version }: TxnFields,
): Outcome {
  const { partition, digest } = ctx;
  const locked = partition.locked(digest);
  if (locked !== undefined) {
    if (locked.id !== id) {
      request.details.say(RECORD_LOCKED);
      return outcome(ResultCode.MRT_BLOCKED);
    }
    // Its own write, which no commit has to verify.
    return tryOut(ctx, request, locked.record, carryOut).result;
  }
  const before = versionOf(partition.get(digest));
  if (version !== undefined && version !== before) return outcome(ResultCode.MRT_VERSION_MISMATCH);
  return { ...carryOut(ctx, new PlainRequest(request)), version: before };
}

function txnWrite(ctx: RecordContext, request: Request, carryOut: CarryOut<RecordContext>, fields: TxnFields): Outcome {
  const { partition, digest, now } = ctx;
  const { id, version, deadline } = fields;
  const locked = partition.locked(digest);
  if (id === undefined || deadline === undefined) return outcome(ResultCode.PARAMETER_ERROR);
  if (locked !== undefined && locked.id !== id) {
    request.details.say(RECORD_LOCKED);
    return outcome(ResultCode.MRT_BLOCKED);
  }
  if (voidTimeNow(now) >= deadline) return outcome(ResultCode.MRT_EXPIRED);
  if (locked !== undefined && request.info4 & Info4.MRT_ON_LOCKING_ONLY) return outcome(ResultCode.MRT_ALREADY_LOCKED);
  const before = versionOf(partition.get(digest));
  if (locked === undefined && version !== undefined && version !== before) {
    return outcome(ResultCode.MRT_VERSION_MISMATCH);
  }
  const trial = tryOut(ctx, request, locked === undefined ? partition.get(digest) : locked.record, carryOut);
  if (trial.hasChanged) {
    partition.lock(digest, { id, record: trial.after });
    return trial.result;
  }
  // A write that was refused has seen the record as a read does.
  return locked === undefined ? { ...trial.result, version: before } : trial.result;
}

function verify({ partition, digest }: RecordContext, { version }: TxnFields): Outcome {
  if (version === undefined) return outcome(ResultCode.PARAMETER_ERROR);
  if (partition.locked(digest) !== undefined) return outcome(ResultCode.MRT_BLOCKED);
  const record = partition.get(digest);
  return outcome(version === versionOf(record) ? ResultCode.OK : ResultCode.MRT_VERSION_MISMATCH);
}

/** Nothing to roll is fine: the server itself, or a try before, was faster. */
function roll({ partition, digest }: RecordContext, { info4 }: Request, { id }: TxnFields): Outcome {
  if (id === undefined) return outcome(ResultCode.PARAMETER_ERROR);
  partition.roll(digest, id, info4 & Info4.MRT_ROLL_FORWARD ? "forward" : "back");
  return outcome(ResultCode.OK);
}

interface Trial {
  readonly result: Outcome;
  readonly hasChanged: boolean;
  /** The record after it; undefined when it is gone. */
  readonly after: StoredRecord | undefined;
}

/** Carries a command out on a copy of a record, which says what would become of it. */
function tryOut(
  ctx: RecordContext,
  request: Request,
  before: StoredRecord | undefined,
  carryOut: CarryOut<RecordContext>,
): Trial {
  const scratch = new Partition(ctx.partition.id);
  if (before !== undefined) scratch.put(before.copy());
  const result = carryOut({ ...ctx, partition: scratch }, new PlainRequest(request));
  const after = scratch.get(ctx.digest);
  const hasChanged = result.code === ResultCode.OK && versionOf(before) !== versionOf(after);
  const isGone = hasChanged && after === undefined;
  if (!isGone || request.info2 & Info2.DURABLE_DELETE) return { result, hasChanged, after };
  // What leaves no tombstone could come back from a node that was away.
  return { result: outcome(ResultCode.FORBIDDEN), hasChanged: false, after: before };
}
