import { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import { beginProto, endProto, ProtoType } from "../command/reply.js";

// A message: u8 scheme · u8 result · u8 command · u8 fields · 12 bytes · fields
//   field: u32 size (1 + data) · u8 id · data

const HEADER_SIZE = 16;

/** A request, taken apart but not yet checked for sense. */
export interface SecurityMessage {
  readonly command: number;
  /** By id; of two of one id the later. */
  readonly fields: ReadonlyMap<number, Uint8Array>;
}

/** Throws ProtocolError when it is none. */
export function readSecurityMessage(body: Uint8Array): SecurityMessage {
  const r = new Reader(body);
  r.skip(2);
  const command = r.u8();
  const count = r.u8();
  r.skip(HEADER_SIZE - 4);
  const fields = new Map<number, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const size = r.u32();
    const id = r.u8();
    fields.set(id, r.copy(Math.max(0, size - 1)));
  }
  return { command, fields };
}

/** A field of a reply: what writes its data. */
export type ReplyField = readonly [id: number, write: (w: Writer) => void];

/** Writes a reply, or an entry of one, as a proto of its own. */
export function writeSecurityReply(w: Writer, code: number, fields: readonly ReplyField[] = []): void {
  const start = beginProto(w, ProtoType.SECURITY);
  const at = w.gap(HEADER_SIZE);
  w.patchU8(at + 1, code);
  w.patchU8(at + 3, fields.length);
  for (const [id, write] of fields) {
    const size = w.gap(4);
    w.u8(id);
    write(w);
    w.patchU32(size, w.length - size - 4);
  }
  endProto(w, start);
}
