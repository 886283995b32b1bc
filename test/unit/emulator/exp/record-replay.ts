import { applyBits } from "../../../../emulator/bits/index.js";
import { applyCdt } from "../../../../emulator/cdt/index.js";
import { applyExpModify, applyExpRead, compileFilter, pathEvaluator } from "../../../../emulator/exp/index.js";
import { applyHll } from "../../../../emulator/hll/index.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { OpOutcome } from "../../../../emulator/record/op-outcome.js";
import { StoredRecord } from "../../../../emulator/record/stored-record.js";
import { valueFromWire } from "../../../../emulator/record/value-from-wire.js";
import { StoredRecordView } from "../../../../emulator/record/views.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { Info1, Info2 } from "../../../../protocol/message/flags.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { type Exchange, fromHex, type Reply, type Row, toHex } from "../cdt/recorded.js";

const PROTO_HEADER = 8;
const NOW = Date.UTC(2025, 0, 1);
const EPOCH_2010_SECONDS = 1_262_304_000;
const NEVER = 0xffff_ffff;

interface Op {
  readonly code: number;
  readonly bin: string;
  readonly type: number;
  readonly value: Uint8Array;
}

/** Records and the ops on them as far as recorded expressions go, generations and expiry left out. */
export class RecordReplay {
  readonly #records = new Map<string, StoredRecord>();

  run(exchange: Exchange): Reply {
    const message = new MessageReader();
    message.load(new Reader(fromHex(exchange.request), PROTO_HEADER));
    message.next();
    const fields = new Map<number, Uint8Array>();
    message.fields((type, reader, size) => fields.set(type, reader.copy(size)));
    const ops: Op[] = [];
    message.ops((code, bin, type, reader, size) => ops.push({ code, bin, type, value: reader.copy(size) }));
    const digest = fields.get(FieldType.DIGEST) ?? new Uint8Array(20);
    const before = this.#records.get(toHex(digest));
    const writes = (message.info2 & Info2.WRITE) !== 0;
    if (before === undefined && !writes) return { resultCode: 2, rows: [] };
    const filter = fields.get(FieldType.FILTER_EXPRESSION);
    if (filter !== undefined && before !== undefined) {
      const expression = compileFilter(filter);
      if (expression === undefined) return { resultCode: 4, rows: [] };
      if (expression.test(viewOf(before)) !== true) return { resultCode: 27, rows: [] };
    }
    const record = copyOf(before) ?? new StoredRecord(digest, new TextDecoder().decode(fields.get(FieldType.SET)));
    const key = fields.get(FieldType.KEY);
    if (writes && key !== undefined) record.userKey = { type: key[0] ?? 0, bytes: key.subarray(1) };
    if (writes) setExpiry(record, message.recordTtl);
    const rows: Row[] = [];
    if ((message.info1 & Info1.GET_ALL) !== 0) {
      for (const name of record.bins.names) rows.push(row(OpCode.READ, name, record.bins.get(name)));
    }
    for (const op of ops) {
      const outcome = run(op, record);
      if (outcome.code !== 0) return { resultCode: outcome.code, rows: [] };
      if (outcome.bin === null) record.bins.remove(op.bin);
      else if (outcome.bin !== undefined) record.bins.set(op.bin, outcome.bin);
      const respondAll = (message.info2 & Info2.RESPOND_ALL_OPS) !== 0;
      if (outcome.result || respondAll) rows.push(row(op.code, op.bin, outcome.result ?? undefined));
    }
    if (record.bins.count === 0 && before === undefined) return { resultCode: 2, rows: [] };
    if (record.bins.count === 0) this.#records.delete(toHex(digest));
    else this.#records.set(toHex(digest), record);
    return { resultCode: 0, rows };
  }
}

function run(op: Op, record: StoredRecord): OpOutcome {
  const bin = record.bins.get(op.bin);
  switch (op.code) {
    case OpCode.READ:
      return { code: 0, result: bin ?? null };
    case OpCode.WRITE: {
      if (op.type === 0) return { code: 0, bin: null };
      const value = valueFromWire(op.type, op.value);
      return typeof value === "number" ? { code: value } : { code: 0, bin: value };
    }
    case OpCode.EXP_READ:
      return applyExpRead(viewOf(record), op.value);
    case OpCode.EXP_MODIFY:
      return applyExpModify(viewOf(record), bin, op.value);
    case OpCode.CDT_READ:
    case OpCode.CDT_MODIFY:
      return applyCdt(bin, op.value, op.code === OpCode.CDT_MODIFY, pathEvaluator);
    case OpCode.BITS_READ:
    case OpCode.BITS_MODIFY:
      return applyBits(bin, op.value, op.code === OpCode.BITS_MODIFY);
    case OpCode.HLL_READ:
    case OpCode.HLL_MODIFY:
      return applyHll(bin, op.value, op.code === OpCode.HLL_MODIFY);
    default:
      throw new Error(`the replay does not know op ${op.code}`);
  }
}

function viewOf(record: StoredRecord): StoredRecordView {
  return new StoredRecordView("test", record, NOW, true);
}

function copyOf(record: StoredRecord | undefined): StoredRecord | undefined {
  if (record === undefined) return undefined;
  const copy = new StoredRecord(record.digest, record.setName);
  copy.bins = record.bins.copy();
  copy.userKey = record.userKey;
  copy.voidTime = record.voidTime;
  copy.lastUpdate = record.lastUpdate;
  return copy;
}

function setExpiry(record: StoredRecord, ttl: number): void {
  record.lastUpdate = NOW;
  record.voidTime = ttl === 0 || ttl >>> 0 === NEVER ? 0 : NOW / 1000 - EPOCH_2010_SECONDS + ttl;
}

function row(code: number, bin: string, value: BinValue | undefined): Row {
  return { code, bin, value: value === undefined ? "0:" : `${value.type}:${toHex(value.bytes)}` };
}
