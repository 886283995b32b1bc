import type { Writer } from "../bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../frame/proto.js";
import type { RecordKey } from "../key/record-key.js";
import { writeUserKey } from "../key/user-key.js";
import { ParticleType } from "../value/particle-type.js";
import type { Value } from "../value/value.js";
import { FieldType } from "./field-type.js";
import { MESSAGE_HEADER_SIZE } from "./message-reader.js";
import { beginOp, endOp, type Op, OpCode, writeOp, writeValueOp } from "./op.js";

// The grammar of a message stands in message-reader.ts.

/** What a header says besides its counts. What is left out is 0. */
export interface MessageHeader {
  readonly info1?: number;
  readonly info2?: number;
  readonly info3?: number;
  readonly info4?: number;
  /** Replies only. */
  readonly resultCode?: number;
  readonly generation?: number;
  /** Writes: seconds, or -1 and -2. Reads: read-touch percent, or -1. Replies: void-time. */
  readonly recordTtl?: number;
  /** Requests: the server's time limit in ms. Rows of a batch: the row's index. */
  readonly transactionTtl?: number;
}

/**
 * Writes one message field by field, then op by op, and counts them; `finish()` completes the header.
 * When a field or an op throws, the bytes written so far are the caller's to rewind.
 */
export class MessageWriter {
  readonly writer: Writer;
  readonly #proto: number;
  /** Where the numbers of fields and of ops stand. */
  readonly #countsAt: number;
  #fields = 0;
  #ops = 0;

  /**
   * @param header undefined when the caller has written one of another form, up to the counts
   * @param transactionTtl that of the header unless given
   */
  constructor(w: Writer, header: MessageHeader | undefined, proto = -1, transactionTtl = header?.transactionTtl ?? 0) {
    this.writer = w;
    this.#proto = proto;
    this.#countsAt = header === undefined ? w.gap(4) : writeHeader(w, header, transactionTtl);
  }

  /** Namespace, set and digest: the fields that address a record, in the order every client sends them. */
  address(key: RecordKey): void {
    this.textField(FieldType.NAMESPACE, key.namespace);
    this.textField(FieldType.SET, key.setName);
    this.bytesField(FieldType.DIGEST, key.digest);
  }

  /** The user's own key, for the server to store or compare; nothing when only the digest is known. */
  userKey(key: RecordKey): void {
    if (key.userKey === undefined) return;
    const at = this.beginField(FieldType.KEY);
    writeUserKey(this.writer, key.userKey);
    this.endField(at);
  }

  /** A packed filter expression; nothing when there is none. */
  filter(expression: Uint8Array | undefined): void {
    if (expression !== undefined) this.bytesField(FieldType.FILTER_EXPRESSION, expression);
  }

  textField(type: FieldType, text: string): void {
    const at = this.beginField(type);
    this.writer.utf8(text);
    this.endField(at);
  }

  bytesField(type: FieldType, bytes: Uint8Array): void {
    const at = this.beginField(type);
    this.writer.bytes(bytes);
    this.endField(at);
  }

  u8Field(type: FieldType, value: number): void {
    const at = this.beginField(type);
    this.writer.u8(value);
    this.endField(at);
  }

  u32Field(type: FieldType, value: number): void {
    const at = this.beginField(type);
    this.writer.u32(value);
    this.endField(at);
  }

  u64Field(type: FieldType, value: bigint): void {
    const at = this.beginField(type);
    this.writer.u64(value);
    this.endField(at);
  }

  /** Starts a field whose data the caller writes; give the answer to {@link endField}. */
  beginField(type: FieldType): number {
    const at = this.writer.gap(5);
    this.writer.patchU8(at + 4, type);
    this.#fields++;
    return at;
  }

  endField(at: number): void {
    this.writer.patchU32(at, this.writer.length - at - 4);
  }

  op(op: Op): void {
    writeOp(this.writer, op);
    this.#ops++;
  }

  /** A READ op for a bin. */
  read(bin: string): void {
    const at = beginOp(this.writer, bin);
    endOp(this.writer, at, OpCode.READ, ParticleType.NULL);
    this.#ops++;
  }

  /** A WRITE op for a bin; null removes it. */
  write(bin: string, value: Value): void {
    writeValueOp(this.writer, OpCode.WRITE, bin, value);
    this.#ops++;
  }

  /** An op was written by other means. */
  countOp(): void {
    this.#ops++;
  }

  finish(): void {
    const w = this.writer;
    w.patchU16(this.#countsAt, this.#fields);
    w.patchU16(this.#countsAt + 2, this.#ops);
    if (this.#proto >= 0) finishProto(w, this.#proto, ProtoType.MESSAGE);
  }
}

/** Begins a message in a proto of its own. */
export function beginMessage(w: Writer, header: MessageHeader, transactionTtl?: number): MessageWriter {
  return new MessageWriter(w, header, beginProto(w), transactionTtl);
}

/** Writes a header up to its counts; returns where these go. */
function writeHeader(w: Writer, header: MessageHeader, transactionTtl: number): number {
  const at = w.gap(MESSAGE_HEADER_SIZE);
  w.patchU8(at, MESSAGE_HEADER_SIZE);
  w.patchU8(at + 1, header.info1 ?? 0);
  w.patchU8(at + 2, header.info2 ?? 0);
  w.patchU8(at + 3, header.info3 ?? 0);
  w.patchU8(at + 4, header.info4 ?? 0);
  w.patchU8(at + 5, header.resultCode ?? 0);
  w.patchU32(at + 6, header.generation ?? 0);
  w.patchU32(at + 10, header.recordTtl ?? 0);
  w.patchU32(at + 14, transactionTtl);
  return at + 18;
}
