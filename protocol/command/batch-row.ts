import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import { FieldType } from "../message/field-type.js";
import { Info3 } from "../message/flags.js";
import { MessageWriter } from "../message/message-writer.js";
import { writeOps } from "./record-command.js";
import type { RecordOperation } from "./record-operation.js";
import { isSameTxnPart, writeTxnFields } from "./txn-part.js";
import { writeUdfFields } from "./udf-call.js";

// A row of a batch:
//   u32 index · digest (20 bytes) · u8 flags · unless REPEAT: u8 info1 · u8 info2 · u8 info3 · [u8 info4 if INFO4]
//     · [u16 generation if GEN] · u32 ttl · u16 fields · u16 ops · fields · ops
//   fields: NAMESPACE (which has to be the first) · SET · [fields of txn-part.ts] · [filter] · [KEY]
//     · [fields of udf-call.ts]
// The reply to it is a message whose transaction ttl is the index; record-reply.ts reads it like any other.

/** The time to live that leaves a record's as it is. */
const KEEP_TTL = -2;

const RowFlag = { REPEAT: 0x01, INFO: 0x02, GENERATION: 0x04, TTL: 0x08, INFO4: 0x10 } as const;

/** One operation of a batch. */
export interface BatchRow {
  /** 0 to 2^32-1; the reply names it. */
  readonly index: number;
  readonly key: RecordKey;
  readonly operation: RecordOperation;
}

/**
 * Writes a row of a batch, in short when it asks for the same as the row before.
 * @param previous the row written before this one; undefined for the first
 * @throws TypeError or RangeError as a single command does
 */
export function writeBatchRow(w: Writer, { index, key, operation }: BatchRow, previous?: BatchRow): void {
  w.u32(index);
  w.bytes(key.digest);
  if (previous !== undefined && canRepeat(key, operation, previous)) {
    w.u8(RowFlag.REPEAT);
    return;
  }
  const { isWrite, info4 } = operation;
  w.u8(RowFlag.INFO | RowFlag.TTL | (isWrite ? RowFlag.GENERATION : 0) | (info4 === 0 ? 0 : RowFlag.INFO4));
  w.u8(operation.info1);
  w.u8(operation.info2);
  w.u8(operation.info3);
  if (info4 !== 0) w.u8(info4);
  if (isWrite) w.u16(operation.generation);
  w.u32(operation.recordTtl);
  const m = new MessageWriter(w, undefined);
  m.textField(FieldType.NAMESPACE, key.namespace);
  m.textField(FieldType.SET, key.setName);
  if (operation.txn !== undefined) writeTxnFields(m, operation.txn, isWrite);
  m.filter(operation.filter);
  if (operation.sendKey) m.userKey(key);
  if (operation.udf !== undefined) writeUdfFields(m, operation.udf);
  writeOps(m, operation);
  m.finish();
}

/** A server ends the batch at a row that repeats one with a user key. */
function canRepeat(key: RecordKey, operation: RecordOperation, { key: last, operation: before }: BatchRow): boolean {
  return (
    !operation.sendKey &&
    !before.sendKey &&
    !mayChangeTtl(operation) &&
    key.namespace === last.namespace &&
    key.setName === last.setName &&
    (operation === before || isSame(operation, before))
  );
}

/**
 * Whether a server may write another time to live into the row while it works on it, which rows that repeat it would have
 * then (seen with 8.1.2). It writes the default there for "leave it as it is" when it creates a record, so that records which
 * exist would lose theirs; and what a Lua function gives to `record.set_ttl`.
 */
function mayChangeTtl({ isWrite, udf, recordTtl, info3 }: RecordOperation): boolean {
  if (udf !== undefined) return true;
  return isWrite && recordTtl === KEEP_TTL && (info3 & (Info3.UPDATE_ONLY | Info3.REPLACE_ONLY)) === 0;
}

/** Whether two operations are sent as the same bytes; ops, bins, filters and calls count as equal when they are one object. */
function isSame(a: RecordOperation, b: RecordOperation): boolean {
  return (
    a.info1 === b.info1 &&
    a.info2 === b.info2 &&
    a.info3 === b.info3 &&
    a.info4 === b.info4 &&
    a.generation === b.generation &&
    a.recordTtl === b.recordTtl &&
    a.filter === b.filter &&
    a.ops === b.ops &&
    a.bins === b.bins &&
    a.udf === b.udf &&
    isSameTxnPart(a.txn, b.txn)
  );
}
