import type { Runtime } from "../../../runtime/runtime.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "../../../src/transport/transport.js";

/**
 * Sockets as those of Bun and Deno are at their slowest: they say after each write that they are full, send what they
 * were given only a moment later, out of the memory that they were given, and can't tell whether it has left.
 */
export class FullTransport implements Transport {
  readonly #inner: Transport;
  readonly #runtime: Runtime;
  /** Sizes of what was written. */
  readonly writes: number[] = [];

  constructor(inner: Transport, runtime: Runtime) {
    this.#inner = inner;
    this.#runtime = runtime;
  }

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    const inner = this.#inner.connect(endpoint, handler);
    let isFull = false;
    return {
      write: (bytes) => {
        if (isFull) throw new Error("written to although it was full");
        isFull = true;
        this.writes.push(bytes.length);
        this.#runtime.setTimer(
          1,
          () => {
            inner.write(bytes);
            isFull = false;
            handler.onDrain();
          },
          true,
        );
        return false;
      },
      pause: () => inner.pause(),
      resume: () => inner.resume(),
      destroy: () => inner.destroy(),
      keepAlive: (keep) => inner.keepAlive(keep),
    };
  }
}
