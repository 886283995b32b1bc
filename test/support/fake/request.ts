import type { Reader } from "../../../protocol/bytes/reader.js";
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
  readonly generation: number;
  /** Signed, as it is meant. */
  readonly ttl: number;
  readonly timeoutMs: number;
  readonly namespace: string;
  /** Hex; undefined for queries and jobs. */
  readonly digest: string | undefined;
  /** The values of write ops. */
  readonly bins: readonly WireBin[];
}

export function readRequest(body: Reader): WireRequest {
  const message = new MessageReader();
  message.load(body);
  message.next();
  let namespace = "";
  let digest: string | undefined;
  message.fields((type, data, size) => {
    if (type === FieldType.NAMESPACE) namespace = data.utf8(size);
    if (type === FieldType.DIGEST) digest = toHex(data.copy(size));
  });
  const bins: WireBin[] = [];
  message.ops((_, name, type, value, size) => bins.push({ name, type, value: value.copy(size) }));
  const { info1, info2, info3, generation, recordTtl, transactionTtl: timeoutMs } = message;
  return { info1, info2, info3, generation, ttl: recordTtl | 0, timeoutMs, namespace, digest, bins };
}

export function writeReply(header: MessageHeader, bins: readonly WireBin[] = []): Uint8Array {
  const w = new Writer();
  const at = beginProto(w);
  appendMessage(w, header, [], bins);
  finishProto(w, at, ProtoType.MESSAGE);
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
