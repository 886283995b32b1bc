import type { Reader } from "../bytes/reader.js";
import type { Writer } from "../bytes/writer.js";
import { readSecurityFields, readSecurityHeader, SecurityCommand, SecurityField, writeSecurity } from "./message.js";

// LOGIN       internal users: user, credential (bcrypt of the password) · external: also the clear password · certificates: nothing
//             reply: session token, and how many seconds it is good for unless that is for ever
// AUTHENTICATE, on every further socket: user (not with certificates), session token · reply: the header alone

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
  writeSecurity(w, {
    command: SecurityCommand.LOGIN,
    fields: [
      [SecurityField.USER, request.user],
      [SecurityField.CREDENTIAL, request.credential],
      [SecurityField.CLEAR_PASSWORD, request.clearPassword],
    ],
  });
}

export function writeAuthenticate(w: Writer, user: string | undefined, token: Uint8Array): void {
  writeSecurity(w, {
    command: SecurityCommand.AUTHENTICATE,
    fields: [
      [SecurityField.USER, user],
      [SecurityField.SESSION_TOKEN, token],
    ],
  });
}

export interface SecurityReply {
  readonly resultCode: number;
  readonly token: Uint8Array | undefined;
  /** Seconds; undefined when the token does not expire. */
  readonly ttl: number | undefined;
}

/** Reads the reply to a login or an authentication. */
export function readSecurityReply(body: Reader): SecurityReply {
  const { resultCode, fields } = readSecurityHeader(body);
  let token: Uint8Array | undefined;
  let ttl: number | undefined;
  readSecurityFields(body, fields, (id, size) => {
    if (id === SecurityField.SESSION_TOKEN) token = body.copy(size);
    else if (id === SecurityField.SESSION_TTL && size === 4) ttl = body.u32();
  });
  return { resultCode, token, ttl };
}
