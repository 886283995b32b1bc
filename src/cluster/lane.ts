import type { ConnectionError } from "../errors/errors.js";
import type { Connection } from "./connection.js";
import type { Exchange } from "./exchange.js";
import type { Traffic } from "./metrics/traffic.js";

/** After a socket could not be opened, those that are open have to do for so long. */
export const OPEN_PAUSE_MS = 100;

/** What holds for the sockets of a lane. Looked at each time, for it may change. */
export interface SocketLimits {
  /** A socket unused for so long is closed. */
  readonly maxSocketIdleMs: number;
  /** So many sockets for short commands stay open, used or not. */
  readonly minConnectionsPerNode: number;
  readonly connectTimeoutMs: number;
}

/** A node's sockets for one kind of request, as those who have something to send see them. */
export interface Lane {
  /** Sockets that are open or opening. */
  readonly size: number;
  readonly connections: Iterable<Connection>;
  readonly traffic: Traffic;
  /** Requests that wait for their replies, those included that nobody waits for any more. */
  readonly pending: number;
  /** Exchanges that wait for room. */
  readonly waiting: number;
  /** Sends the exchange as soon as there is room; it may be told of its end before this returns. */
  submit(exchange: Exchange): void;
  /** Closes sockets that have been idle for too long, and sees to those that are to stay open. */
  reap(now: number): void;
  /** Opens sockets until there are so many. Resolves once they are open, or to the reason why one could not be opened. */
  warm(sockets: number): Promise<ConnectionError | undefined>;
  /** Closes every socket; further exchanges get new ones. */
  recycle(reason: ConnectionError): void;
  /** Closes every socket and fails every exchange, those to come included. */
  close(reason: ConnectionError): void;
}

/** Hands an exchange to a connection with room. */
export function give(connection: Connection, exchange: Exchange): void {
  try {
    connection.send(exchange);
  } catch (error) {
    exchange.onRejected(error);
  }
}
