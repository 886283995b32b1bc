import { MessageReader } from "../../protocol/message/message-reader.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { ConnectionError } from "../errors/errors.js";
import { DeadlineHeap } from "../time/deadline-heap.js";
import type { Transport } from "../transport/transport.js";
import type { Connection } from "./connection.js";
import { Diagnostics } from "./diagnostics.js";
import type { Exchange } from "./exchange.js";

/** What sockets live on. Everything that belongs to one I/O context hangs here; what is known of the cluster does not. */
export class Io {
  readonly runtime: Runtime;
  readonly transport: Transport;
  readonly heap: DeadlineHeap;
  readonly diagnostics: Diagnostics;
  /** Replies are decoded one at a time, so one reader does for all. */
  readonly message = new MessageReader();
  /** Commands between two attempts, which no socket and no queue knows. */
  readonly paused = new Set<Exchange>();
  readonly #sockets = new Set<Connection>();
  #whenEmpty: (() => void) | undefined;
  #closed: ConnectionError | undefined;

  constructor(runtime: Runtime, transport: Transport) {
    this.runtime = runtime;
    this.transport = transport;
    this.heap = new DeadlineHeap(runtime);
    this.diagnostics = new Diagnostics(transport);
  }

  /** Set once {@link refuse} was called: why no socket may be opened any more. */
  get closed(): ConnectionError | undefined {
    return this.#closed;
  }

  /** Sockets that the runtime has not let go of yet. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  register(connection: Connection): void {
    this.#sockets.add(connection);
  }

  release(connection: Connection): void {
    this.#sockets.delete(connection);
    if (this.#sockets.size === 0) this.#whenEmpty?.();
  }

  /** From now on no socket is opened and nothing is tried again; what pauses before another attempt fails. */
  refuse(reason: ConnectionError): void {
    this.#closed = reason;
    for (const call of [...this.paused]) call.onLost(reason, false);
  }

  /** Closes every socket and resolves once the last one is gone. After {@link refuse}. */
  async close(reason: ConnectionError): Promise<void> {
    for (const connection of [...this.#sockets]) connection.retire(reason);
    this.heap.close();
    if (this.#sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }
}
