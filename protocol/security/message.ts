import type { Reader } from "../bytes/reader.js";
import type { Writer } from "../bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../frame/proto.js";
import { ProtocolError } from "../protocol-error.js";

// A security message is the body of a proto of type 2:
//   u8 scheme = 0 · u8 result · u8 command · u8 fields · 12 zero bytes · fields
//   field: u32 size (1 + data) · u8 id · data
// The reply to a query is such messages, several to a proto, and ends with one of result 50.

const HEADER_SIZE = 16;

export const SecurityCommand = {
  AUTHENTICATE: 0,
  CREATE_USER: 1,
  DROP_USER: 2,
  SET_PASSWORD: 3,
  CHANGE_PASSWORD: 4,
  GRANT_ROLES: 5,
  REVOKE_ROLES: 6,
  QUERY_USERS: 9,
  CREATE_ROLE: 10,
  DROP_ROLE: 11,
  GRANT_PRIVILEGES: 12,
  REVOKE_PRIVILEGES: 13,
  SET_ALLOWLIST: 14,
  SET_QUOTAS: 15,
  QUERY_ROLES: 16,
  LOGIN: 20,
} as const;
export type SecurityCommand = (typeof SecurityCommand)[keyof typeof SecurityCommand];

export const SecurityField = {
  USER: 0,
  /** Bcrypt of the password. */
  PASSWORD: 1,
  OLD_PASSWORD: 2,
  CREDENTIAL: 3,
  CLEAR_PASSWORD: 4,
  SESSION_TOKEN: 5,
  SESSION_TTL: 6,
  ROLES: 10,
  ROLE: 11,
  PRIVILEGES: 12,
  ALLOWLIST: 13,
  READ_QUOTA: 14,
  WRITE_QUOTA: 15,
  READ_INFO: 16,
  WRITE_INFO: 17,
  CONNECTIONS: 18,
} as const;
export type SecurityField = (typeof SecurityField)[keyof typeof SecurityField];

/** Text, bytes, a number of 32 bits, or what writes the data itself; undefined for no field. */
export type FieldValue = string | Uint8Array | number | ((w: Writer) => void) | undefined;

/** A command and its fields. */
export interface SecurityRequest {
  readonly command: SecurityCommand;
  readonly fields: readonly (readonly [SecurityField, FieldValue])[];
}

export function writeSecurity(w: Writer, { command, fields }: SecurityRequest): void {
  const proto = beginProto(w);
  const header = w.gap(HEADER_SIZE);
  w.patchU8(header + 2, command);
  let count = 0;
  for (const [id, value] of fields) {
    if (value === undefined) continue;
    const at = w.gap(4);
    w.u8(id);
    if (typeof value === "string") w.utf8(value);
    else if (typeof value === "number") w.u32(value);
    else if (typeof value === "function") value(w);
    else w.bytes(value);
    w.patchU32(at, w.length - at - 4);
    count++;
  }
  w.patchU8(header + 3, count);
  finishProto(w, proto, ProtoType.ADMIN);
}

/** What stands before the fields. */
export interface SecurityHeader {
  readonly resultCode: number;
  /** How many fields follow. */
  readonly fields: number;
}

export function readSecurityHeader(body: Reader): SecurityHeader {
  if (body.left < HEADER_SIZE) throw new ProtocolError(`a security reply of ${body.left} bytes`);
  body.skip(1);
  const resultCode = body.u8();
  body.skip(1);
  const fields = body.u8();
  body.skip(HEADER_SIZE - 4);
  return { resultCode, fields };
}

/** Calls with each field, the reader at its data, which is moved behind it afterwards. */
export function readSecurityFields(body: Reader, count: number, each: (id: number, size: number) => void): void {
  for (let i = 0; i < count; i++) {
    const size = body.u32();
    if (size === 0) throw new ProtocolError("a security field of size 0");
    const id = body.u8();
    const end = body.at + size - 1;
    if (end > body.end) throw new ProtocolError(`a security field of ${size} bytes where ${body.left + 1} are left`);
    each(id, size - 1);
    if (body.at > end) throw new ProtocolError(`what security field ${id} says runs over its end`);
    body.at = end;
  }
}
