import { connect } from "cloudflare:sockets";
import type { NodeTransportOptions } from "./node.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "./transport.js";

/** Bytes that may wait to be sent before whoever writes is told to wait. */
const MOST_UNSENT = 64 * 1024;

/**
 * Sockets of Cloudflare Workers. They belong to the request (or the Durable Object) that opened them, six at most, which
 * is one more than this asks for: the program may need one itself.
 *
 * TLS is spoken as the platform does: certificates of public authorities, for the name that is connected to. What else
 * `tls` can say is refused.
 *
 * @throws TypeError for TLS options
 */
function workersTransport({ tls }: NodeTransportOptions = {}): Transport {
  const [option] = Object.keys(tls ?? {});
  if (option !== undefined) {
    throw new TypeError(
      `connect(options): tls.${option} can't be kept on Cloudflare Workers, whose sockets trust public authorities only ` +
        "and have no client certificates; allowed is tls: true.",
    );
  }
  return {
    defaults: { maxConnections: 5, tendIntervalMs: 5_000 },
    connect: (endpoint, handler) => new WorkersSocket(endpoint, handler),
  };
}

// What stands behind `#sockets` has one name on all runtimes.
export { workersTransport as nodeTransport };

class WorkersSocket implements Socket {
  readonly #socket: ReturnType<typeof connect>;
  readonly #reader: ReturnType<ReturnType<typeof connect>["readable"]["getReader"]>;
  readonly #writer: ReturnType<ReturnType<typeof connect>["writable"]["getWriter"]>;
  readonly #handler: SocketHandler;
  #unsent = 0;
  #mustDrain = false;
  #isPaused = false;
  #resume: (() => void) | undefined;
  #isDestroyed = false;
  #isClosed = false;

  constructor({ host, port, tlsName }: Endpoint, handler: SocketHandler) {
    if (tlsName !== undefined && tlsName !== host) {
      throw new TypeError(
        `Cloudflare Workers check a certificate for the name that is connected to, "${host}"; expected no other TLS name, got "${tlsName}"`,
      );
    }
    this.#handler = handler;
    const hostname = host.includes(":") ? `[${host}]` : host;
    this.#socket = connect({ hostname, port }, { secureTransport: tlsName === undefined ? "off" : "on" });
    this.#reader = this.#socket.readable.getReader();
    this.#writer = this.#socket.writable.getWriter();
    // What goes wrong shows where it is opened, read and written; nobody awaits this one.
    this.#socket.closed.catch(() => undefined);
    this.#run().then(
      () => this.#close(),
      (error: unknown) => this.#close(error),
    );
  }

  write(bytes: Uint8Array): boolean {
    const { length } = bytes;
    this.#unsent += length;
    this.#writer.write(bytes).then(
      () => this.#onSent(length),
      (error: unknown) => this.#close(error),
    );
    this.#mustDrain ||= this.#unsent > MOST_UNSENT;
    return !this.#mustDrain;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resume?.();
    this.#resume = undefined;
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#resume?.();
    this.#socket.close().then(
      () => this.#close(),
      () => this.#close(),
    );
  }

  keepAlive(): void {
    // A request ends when it has its answer, whatever is open.
  }

  async #run(): Promise<void> {
    await this.#socket.opened;
    if (this.#isDestroyed) return;
    this.#handler.onConnect();
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (this.#isPaused) {
        await new Promise<void>((resolve) => {
          this.#resume = resolve;
        });
      }
      if (this.#isDestroyed || this.#isClosed) return;
      if (done || value === undefined) return;
      this.#handler.onData(value);
    }
  }

  #onSent(length: number): void {
    this.#unsent -= length;
    if (!this.#mustDrain || this.#unsent > 0) return;
    this.#mustDrain = false;
    if (!this.#isClosed && !this.#isDestroyed) this.#handler.onDrain();
  }

  #close(error?: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isDestroyed) {
      this.#isDestroyed = true;
      this.#socket.close().catch(() => undefined);
    }
    if (error === undefined) this.#handler.onClose();
    else this.#handler.onClose(error instanceof Error ? error : new Error(String(error)));
  }
}
