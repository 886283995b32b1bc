import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import type { RecordMeta } from "../../protocol/command/record-reply.js";
import { MessageReader } from "../../protocol/message/message-reader.js";
import { type MessageHeader, MessageWriter } from "../../protocol/message/message-writer.js";

/** The bytes of one message without a proto around it. */
export function messageBytes(header: MessageHeader, fill: (m: MessageWriter) => void = () => undefined): Uint8Array {
  const w = new Writer();
  const m = new MessageWriter(w, header);
  fill(m);
  m.finish();
  return w.copy();
}

/** A reader that stands behind the header of the first message. */
export function openMessage(bytes: Uint8Array): MessageReader {
  const message = new MessageReader();
  message.load(new Reader(bytes));
  if (!message.next()) throw new Error("there is no message");
  return message;
}

/** A reply to a command on a record. */
export function reply(
  resultCode: number,
  meta: RecordMeta = { generation: 0, voidTime: 0 },
  fill?: (m: MessageWriter) => void,
): MessageReader {
  const { generation, voidTime } = meta;
  return openMessage(messageBytes({ resultCode, generation, recordTtl: voidTime }, fill));
}
