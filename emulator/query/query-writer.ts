import { Writer } from "../../protocol/bytes/writer.js";
import { FieldType } from "../../protocol/message/field-type.js";
import { Info1, Info3 } from "../../protocol/message/flags.js";
import type { ReplyRow } from "../command/outcome.js";
import {
  beginProto,
  endProto,
  ProtoType,
  patchFieldCount,
  patchInfo1,
  patchInfo3,
  patchOpCount,
  writeField,
  writeHeader,
  writeRow,
} from "../command/reply.js";
import { writeName } from "../record/name.js";
import type { StoredRecord } from "../record/stored-record.js";

// A query's reply is a stream of protos, each with one or more messages:
//   record      fields NAMESPACE, DIGEST, SET, KEY, BVAL_ARRAY, then its rows
//   partition   info3 PARTITION_DONE, a result code, the partition's number as generation
//   end         info3 LAST and the result code of the whole

/** What a proto grows to before it is sent. */
const CHUNK_BYTES = 1024 * 1024;

export class QueryWriter {
  /** What was not sent yet: kept apart from other replies, so that none of it leaves before its proto is whole. */
  readonly #out = new Writer();
  readonly #namespace: Uint8Array;
  readonly #metadataOnly: boolean;
  #proto: number | undefined;

  constructor(namespace: string, metadataOnly: boolean) {
    this.#namespace = writeName(namespace);
    this.#metadataOnly = metadataOnly;
  }

  /** Whether so much was written that it should be sent. */
  get isFull(): boolean {
    return this.#proto !== undefined && this.#out.length - this.#proto > CHUNK_BYTES;
  }

  record(record: StoredRecord, key: bigint | undefined, rows: readonly ReplyRow[]): void {
    const w = this.#message();
    const header = writeHeader(w, 0, record.generation, record.voidTime);
    if (this.#metadataOnly) patchInfo1(w, header, Info1.GET_NO_BINS);
    let fields = 2;
    writeField(w, FieldType.NAMESPACE, this.#namespace);
    writeField(w, FieldType.DIGEST, record.digest);
    if (record.setName !== "") {
      writeField(w, FieldType.SET, writeName(record.setName));
      fields++;
    }
    if (record.userKey !== undefined) {
      w.u32(record.userKey.bytes.length + 2);
      w.u8(FieldType.KEY);
      w.u8(record.userKey.type);
      w.bytes(record.userKey.bytes);
      fields++;
    }
    if (key !== undefined) {
      w.u32(9);
      w.u8(FieldType.BVAL_ARRAY);
      w.u64le(BigInt.asUintN(64, key));
      fields++;
    }
    patchFieldCount(w, header, fields);
    patchOpCount(w, header, rows.length);
    for (const row of rows) writeRow(w, row);
  }

  partition(pid: number, code: number): void {
    const w = this.#message();
    patchInfo3(w, writeHeader(w, code, pid, 0), Info3.PARTITION_DONE);
  }

  /** A message of one row that belongs to no record: a value of an aggregation. */
  value(row: ReplyRow): void {
    const w = this.#message();
    const header = writeHeader(w, 0, 0, 0);
    patchOpCount(w, header, 1);
    writeRow(w, row);
  }

  last(code: number): void {
    const w = this.#message();
    patchInfo3(w, writeHeader(w, code, 0, 0), Info3.LAST);
  }

  /** Ends the proto, if one is open. */
  endProto(): void {
    if (this.#proto === undefined) return;
    endProto(this.#out, this.#proto);
    this.#proto = undefined;
  }

  /** Moves what was written to where it is sent from. */
  moveTo(out: Writer): number {
    this.endProto();
    const size = this.#out.length;
    out.bytes(this.#out.view());
    this.#out.rewind(0);
    return size;
  }

  #message(): Writer {
    if (this.#proto === undefined) this.#proto = beginProto(this.#out, ProtoType.MESSAGE);
    return this.#out;
  }
}
