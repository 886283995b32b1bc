import { ConnectionError } from "../errors/errors.js";
import type { Endpoint } from "../transport/transport.js";
import { SocketError } from "./socket-error.js";

const PERHAPS_CLEAR = "port may be one for clear connections: connect without TLS, or to the port for TLS";
const PERHAPS_TLS = "port may be one for TLS: connect with TLS, or to the port for clear connections";

/**
 * Says that TLS may be the reason why the first exchange with an address failed: a server drops what it can't read
 * without a word, at once or a second later, whether it expects TLS or does not.
 */
export function suspectTls(error: ConnectionError, { tlsName }: Endpoint): ConnectionError {
  if (!(error instanceof SocketError)) return error;
  if (tlsName === undefined) return error.phase === "opening" ? error : hinted(error, `The ${PERHAPS_TLS}`);
  if (error.phase !== "opening") return error;
  if (error.cause === undefined) return hinted(error, `If something listens there, the ${PERHAPS_CLEAR}`);
  return failedHandshake(error.cause) ? hinted(error, `The ${PERHAPS_CLEAR}`) : error;
}

/** A handshake that was cut off or met bytes that are no TLS; not one that failed because of a certificate. */
function failedHandshake(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("code" in cause)) return false;
  const { code } = cause;
  return code === "ECONNRESET" || code === "EPIPE" || code === "EPROTO" || code === "ERR_SSL_WRONG_VERSION_NUMBER";
}

function hinted(error: ConnectionError, hint: string): ConnectionError {
  return new ConnectionError(`${error.message}. ${hint}`, { code: error.code, cause: error.cause });
}
