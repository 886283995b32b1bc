import type { Reader } from "../bytes/reader.js";
import type { Writer } from "../bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../frame/proto.js";
import { ProtocolError } from "../protocol-error.js";

// A security message is the body of a proto of type 2:
//   u8 scheme = 0 · u8 result · u8 command · u8 fields · 12 zero bytes · fields
//   field: u32 size (1 + data) · u8 id · data
// LOGIN       internal users: user, credential (bcrypt of the password) · external: also the clear password · certificates: nothing
//             reply: session token, and how many seconds it is good for unless that is for ever
// AUTHENTICATE, on every further socket: user (not with certificates), session token · reply: the header alone

const HEADER_SIZE = 16;

const SecurityCommand = { AUTHENTICATE: 0, LOGIN: 20 } as const;
const SecurityField = { USER: 0, CREDENTIAL: 3, CLEAR_PASSWORD: 4, SESSION_TOKEN: 5, SESSION_TTL: 6 } as const;

/** What a user logs in with. */
export interface LoginRequest {
  /** Undefined when the certificate of the socket says who it is. */
  readonly user: string | undefined;
  /** Bcrypt of the password. */
  readonly credential: string | undefined;
  /** For users that the server knows through LDAP alone. */
  readonly clearPassword: string | undefined;
}

export function writeLogin(w: Writer, request: LoginRequest): void {
  writeSecurity(w, SecurityCommand.LOGIN, [
    [SecurityField.USER, request.user],
    [SecurityField.CREDENTIAL, request.credential],
    [SecurityField.CLEAR_PASSWORD, request.clearPassword],
  ]);
}

export function writeAuthenticate(w: Writer, user: string | undefined, token: Uint8Array): void {
  writeSecurity(w, SecurityCommand.AUTHENTICATE, [
    [SecurityField.USER, user],
    [SecurityField.SESSION_TOKEN, token],
  ]);
}

export interface SecurityReply {
  readonly resultCode: number;
  readonly token: Uint8Array | undefined;
  /** Seconds; undefined when the token does not expire. */
  readonly ttl: number | undefined;
}

/** Reads the reply to a login or an authentication. */
export function readSecurityReply(body: Reader): SecurityReply {
  if (body.left < HEADER_SIZE) throw new ProtocolError(`a security reply of ${body.left} bytes`);
  body.skip(1);
  const resultCode = body.u8();
  body.skip(1);
  const fields = body.u8();
  body.skip(HEADER_SIZE - 4);
  let token: Uint8Array | undefined;
  let ttl: number | undefined;
  for (let i = 0; i < fields; i++) {
    const size = body.u32();
    if (size === 0) throw new ProtocolError("a security field of size 0");
    const id = body.u8();
    if (id === SecurityField.SESSION_TOKEN) token = body.copy(size - 1);
    else if (id === SecurityField.SESSION_TTL && size === 5) ttl = body.u32();
    else body.skip(size - 1);
  }
  return { resultCode, token, ttl };
}

type FieldValue = string | Uint8Array | undefined;

function writeSecurity(w: Writer, command: number, fields: readonly (readonly [number, FieldValue])[]): void {
  const proto = beginProto(w);
  const header = w.gap(HEADER_SIZE);
  w.patchU8(header + 2, command);
  let count = 0;
  for (const [id, value] of fields) {
    if (value === undefined) continue;
    const at = w.gap(4);
    w.u8(id);
    if (typeof value === "string") w.utf8(value);
    else w.bytes(value);
    w.patchU32(at, w.length - at - 4);
    count++;
  }
  w.patchU8(header + 3, count);
  finishProto(w, proto, ProtoType.ADMIN);
}
