import type { Reader } from "../../../protocol/bytes/reader.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../../../protocol/frame/proto.js";

/** A security message as a fake node sees it. */
export interface SecurityRequest {
  readonly command: "authenticate" | "login" | "other";
  readonly user: string | undefined;
  /** Of a session. */
  readonly token: string | undefined;
}

export interface SecurityAnswer {
  readonly code: number;
  readonly token?: string;
  /** Seconds. */
  readonly ttl?: number;
}

export function readSecurityRequest(body: Reader): SecurityRequest {
  body.skip(2);
  const command = body.u8();
  const fields = body.u8();
  body.skip(12);
  let user: string | undefined;
  let token: string | undefined;
  for (let i = 0; i < fields; i++) {
    const size = body.u32() - 1;
    const id = body.u8();
    const value = body.utf8(size);
    if (id === 0) user = value;
    if (id === 5) token = value;
  }
  return { command: command === 0 ? "authenticate" : command === 20 ? "login" : "other", user, token };
}

export function writeSecurityReply({ code, token, ttl }: SecurityAnswer): Uint8Array {
  const w = new Writer();
  const at = beginProto(w);
  const header = w.gap(16);
  w.patchU8(header + 1, code);
  let fields = 0;
  if (token !== undefined) {
    const size = w.gap(4);
    w.u8(5);
    w.utf8(token);
    w.patchU32(size, w.length - size - 4);
    fields++;
  }
  if (ttl !== undefined) {
    w.u32(5);
    w.u8(6);
    w.u32(ttl);
    fields++;
  }
  w.patchU8(header + 3, fields);
  finishProto(w, at, ProtoType.ADMIN);
  return w.take();
}
