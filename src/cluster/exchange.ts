import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import type { ProtoType } from "../../protocol/frame/proto.js";
import type { ConnectionError } from "../errors/errors.js";
import type { Expiring } from "../time/deadline-heap.js";
import type { Connection } from "./connection.js";
import type { WaitQueue } from "./wait-queue.js";

/**
 * One request and the wait for its reply. It stands in one place at a time: in a queue for a socket, in a slot of a
 * socket, or nowhere.
 */
export abstract class Exchange implements Expiring {
  dueAt = Number.POSITIVE_INFINITY;
  heapIndex = -1;

  /** Kept by the connection that carries it: which, and the number of its slot there. */
  connection: Connection | undefined = undefined;
  slot = 0;

  /** Kept by the queue that it waits in. */
  queue: WaitQueue | undefined = undefined;
  ahead: Exchange | undefined = undefined;
  behind: Exchange | undefined = undefined;

  /** It was given a slot of a connection; its request leaves from there. */
  onPlaced(connection: Connection, slot: number): void {
    this.connection = connection;
    this.slot = slot;
  }

  /** Appends the request. What it throws is handed to {@link onRejected}, and nothing of it is sent. */
  abstract encode(w: Writer): void;

  /**
   * Takes one message of the reply, true when it was the last. It only reads and remembers: settling waits for
   * {@link onReplied}. What it throws ends the connection, whose bytes can't be trusted any more.
   */
  abstract onFrame(type: ProtoType, body: Reader): boolean;

  /**
   * Takes what has come of a message that is not whole yet, as far as it can, and leaves the reader behind that: the rest
   * comes again, with what follows, here or in {@link onFrame}. Only for those that need not wait for whole messages.
   */
  onPart?(type: ProtoType, body: Reader): void;

  /** The whole reply was taken and the slot is free again. */
  abstract onReplied(): void;

  /** The connection is gone, or never came to be. `sent`: the request had been handed to the network. */
  abstract onLost(loss: ConnectionError, sent: boolean): void;

  /** The request could not be encoded. */
  abstract onRejected(error: unknown): void;

  abstract onDue(): void;

  /** Gives up: leaves its queue or slot. True when the request was sent; its reply will be read and dropped. */
  withdraw(): boolean {
    this.queue?.remove(this);
    return this.connection?.withdraw(this) ?? false;
  }
}
