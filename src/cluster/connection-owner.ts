import type { ConnectionError } from "../errors/errors.js";
import type { Connection } from "./connection.js";
import type { Traffic } from "./metrics/traffic.js";

/** Who keeps the connection. */
export interface ConnectionOwner {
  /** Where the connection counts what goes over it. */
  readonly traffic: Traffic;
  /** It is open and takes requests; those given to it before are on their way. */
  onReady(connection: Connection): void;
  /** There is room for requests again. */
  onRoom(connection: Connection): void;
  /**
   * Replies came in one read, before {@link onRoom} tells of the room.
   * @param responseMs from when the first of their requests left to now
   * @param backlogMs how long of that another reply was still to come before it
   */
  onReplies?(now: number, replies: number, responseMs: number, backlogMs: number): void;
  /** It is gone; the exchanges on it are told right after. `ready`: it had been open. */
  onClosed(connection: Connection, reason: ConnectionError, ready: boolean): void;
  /** The socket's last event; nothing of it is left. */
  onReleased(connection: Connection): void;
}
