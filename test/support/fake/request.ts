import { Reader } from "../../../protocol/bytes/reader.js";
import { encodeUtf8 } from "../../../protocol/bytes/utf8.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../../../protocol/frame/proto.js";
import { FieldType } from "../../../protocol/message/field-type.js";
import { Info3 } from "../../../protocol/message/flags.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import { type MessageHeader, MessageWriter } from "../../../protocol/message/message-writer.js";
import { OpCode } from "../../../protocol/message/op.js";

/** A bin as it stands in a message. */
export interface WireBin {
  readonly name: string;
  readonly type: number;
  readonly value: Uint8Array;
}

/** What a fake node sees of a message. */
export interface WireRequest {
  readonly info1: number;
  readonly info2: number;
  readonly info3: number;
  readonly info4: number;
  readonly generation: number;
  /** Signed, as it is meant. */
  readonly ttl: number;
  readonly timeoutMs: number;
  readonly namespace: string;
  /** Hex; undefined for queries and jobs. */
  readonly digest: string | undefined;
  /** The values of write ops. */
  readonly bins: readonly WireBin[];
  /** The rows of a batch, in its order. */
  readonly rows?: readonly WireRequest[];
  /** How the batch is to be worked on. */
  readonly batchFlags?: number;
}

export function readRequest(body: Reader): WireRequest {
  const message = new MessageReader();
  message.load(body);
  message.next();
  let namespace = "";
  let digest: string | undefined;
  let batch: Uint8Array | undefined;
  message.fields((type, data, size) => {
    if (type === FieldType.NAMESPACE) namespace = data.utf8(size);
    if (type === FieldType.DIGEST) digest = toHex(data.copy(size));
    if (type === FieldType.BATCH) batch = data.copy(size);
  });
  const { info1, info2, info3, info4, generation, recordTtl, transactionTtl: timeoutMs } = message;
  const request = { info1, info2, info3, info4, generation, ttl: recordTtl | 0, timeoutMs, namespace, digest };
  const bins = readBins(message);
  return batch === undefined
    ? { ...request, bins }
    : { ...request, bins, rows: readRows(batch, timeoutMs), batchFlags: batch[4] ?? 0 };
}

function readBins(message: MessageReader): WireBin[] {
  const bins: WireBin[] = [];
  message.ops((_, name, type, value, size) => bins.push({ name, type, value: value.copy(size) }));
  return bins;
}

const RowFlag = { REPEAT: 0x01, GENERATION: 0x04, INFO4: 0x10 } as const;

/** Rows in the forms that this client writes. */
function readRows(batch: Uint8Array, timeoutMs: number): WireRequest[] {
  const r = new Reader(batch);
  const rows: WireRequest[] = [];
  const count = r.u32();
  r.skip(1);
  while (rows.length < count) {
    r.skip(4);
    const digest = toHex(r.copy(20));
    const flags = r.u8();
    const before = rows.at(-1);
    if ((flags & RowFlag.REPEAT) !== 0 && before !== undefined) {
      rows.push({ ...before, digest });
      continue;
    }
    const [info1, info2, info3] = [r.u8(), r.u8(), r.u8()] as const;
    const info4 = (flags & RowFlag.INFO4) === 0 ? 0 : r.u8();
    const generation = (flags & RowFlag.GENERATION) === 0 ? 0 : r.u16();
    const ttl = r.u32() | 0;
    const content = new MessageReader();
    content.load(r);
    content.fieldCount = r.u16();
    content.opCount = r.u16();
    let namespace = "";
    content.fields((type, data, size) => {
      if (type === FieldType.NAMESPACE) namespace = data.utf8(size);
    });
    rows.push({ info1, info2, info3, info4, generation, ttl, timeoutMs, namespace, digest, bins: readBins(content) });
  }
  return rows;
}

/** @param details what an ERROR_DETAILS field holds; undefined for none */
export function writeReply(header: MessageHeader, bins: readonly WireBin[] = [], details?: Uint8Array): Uint8Array {
  const w = new Writer();
  const at = beginProto(w);
  appendMessage(w, header, detailFields(details), bins);
  finishProto(w, at, ProtoType.MESSAGE);
  return w.take();
}

/** The reply to a row of a batch. */
export interface WireAnswer {
  readonly header: MessageHeader;
  readonly bins: readonly WireBin[];
  /** What an ERROR_DETAILS field holds; undefined for none. */
  readonly details?: Uint8Array | undefined;
}

/** The replies to the rows of a batch, in their order, some to a proto, and its end. */
export function writeBatchReply(answers: readonly WireAnswer[], rowsInProto = 10): Uint8Array {
  const w = new Writer();
  for (let at = 0; at < answers.length; at += rowsInProto) {
    const proto = beginProto(w);
    for (const [i, { header, bins, details }] of answers.slice(at, at + rowsInProto).entries()) {
      appendMessage(w, { ...header, transactionTtl: at + i }, detailFields(details), bins);
    }
    finishProto(w, proto, ProtoType.MESSAGE);
  }
  const proto = beginProto(w);
  appendMessage(w, { info3: Info3.LAST }, [], []);
  finishProto(w, proto, ProtoType.MESSAGE);
  return w.take();
}

/** A row of a query. */
export interface WireRow {
  readonly namespace: string;
  /** Hex. */
  readonly digest: string;
  readonly generation: number;
  readonly bins: readonly WireBin[];
}

/** A stream of rows, some to a proto, and its end. */
export function writeStream(rows: readonly WireRow[], end: MessageHeader, rowsInProto = 10): Uint8Array {
  const w = new Writer();
  for (let at = 0; at < rows.length; at += rowsInProto) {
    const proto = beginProto(w);
    for (const { namespace, digest, generation, bins } of rows.slice(at, at + rowsInProto)) {
      const fields: [FieldType, Uint8Array][] = [
        [FieldType.NAMESPACE, encodeUtf8(namespace)],
        [FieldType.DIGEST, fromHex(digest)],
      ];
      appendMessage(w, { generation }, fields, bins);
    }
    finishProto(w, proto, ProtoType.MESSAGE);
  }
  const proto = beginProto(w);
  appendMessage(w, { ...end, info3: (end.info3 ?? 0) | Info3.LAST }, [], []);
  finishProto(w, proto, ProtoType.MESSAGE);
  return w.take();
}

function detailFields(details: Uint8Array | undefined): [FieldType, Uint8Array][] {
  return details === undefined ? [] : [[FieldType.ERROR_DETAILS, details]];
}

function appendMessage(
  w: Writer,
  header: MessageHeader,
  fields: readonly (readonly [FieldType, Uint8Array])[],
  bins: readonly WireBin[],
): void {
  const at = w.length;
  const message = new MessageWriter(w, header);
  for (const [type, bytes] of fields) message.bytesField(type, bytes);
  message.finish();
  for (const { name, type, value } of bins) {
    const op = w.gap(4);
    w.u8(OpCode.READ);
    w.u8(type);
    w.u8(0);
    const nameLength = w.gap(1);
    w.patchU8(nameLength, w.utf8(name));
    w.bytes(value);
    w.patchU32(op, w.length - op - 4);
  }
  w.patchU16(at + 20, bins.length);
}

export function writeInfoReply(commands: readonly string[], answer: (command: string) => string): Uint8Array {
  const w = new Writer();
  const at = beginProto(w);
  for (const command of commands) w.utf8(`${command}\t${answer(command)}\n`);
  finishProto(w, at, ProtoType.INFO);
  return w.take();
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
