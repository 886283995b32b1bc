import type { Runtime } from "../../../runtime/runtime.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "../../../src/transport/transport.js";

/** Where a socket breaks: in what the client sends or in what comes back, after so many bytes of it. */
export interface Break {
  readonly in: "request" | "reply";
  readonly after: number;
}

const INFO = 1;

/** Sockets that break where a test wants it; those that carry info, the tend's among them, are left alone. */
export class BreakingTransport implements Transport {
  readonly runtime: Runtime;
  readonly #inner: Transport;
  #plan: Break | undefined;
  /** Sockets that have ended so far. */
  ended = 0;
  /** Bytes of the socket that the last break was for, since then. */
  readonly seen = { request: 0, reply: 0 };

  constructor(inner: Transport, runtime: Runtime) {
    this.#inner = inner;
    this.runtime = runtime;
  }

  /** The socket that carries the next command breaks. */
  breakNext(plan: Break): void {
    this.#plan = plan;
  }

  /** Whether no socket has taken the last break. */
  get isWaiting(): boolean {
    return this.#plan !== undefined;
  }

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    return new BreakingSocket(this, this.#inner, endpoint, handler);
  }

  /** The plan, for the socket that writes these bytes. */
  take(bytes: Uint8Array): Break | undefined {
    if (bytes[1] === INFO) return undefined;
    const plan = this.#plan;
    if (plan === undefined) return undefined;
    this.#plan = undefined;
    this.seen.request = this.seen.reply = 0;
    return plan;
  }
}

class BreakingSocket implements Socket {
  readonly #transport: BreakingTransport;
  readonly #handler: SocketHandler;
  readonly #inner: Socket;
  #plan: Break | undefined;
  #left = 0;
  #isBroken = false;

  constructor(transport: BreakingTransport, inner: Transport, endpoint: Endpoint, handler: SocketHandler) {
    this.#transport = transport;
    this.#handler = handler;
    this.#inner = inner.connect(endpoint, {
      onConnect: () => handler.onConnect(),
      onData: (bytes) => this.#onData(bytes),
      onDrain: () => handler.onDrain(),
      onClose: (error) => {
        transport.ended++;
        handler.onClose(error);
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    const plan = this.#transport.take(bytes);
    if (plan !== undefined) {
      this.#plan = plan;
      this.#left = plan.after;
    }
    if (this.#plan !== undefined) this.#transport.seen.request += bytes.length;
    if (this.#plan?.in !== "request") return this.#inner.write(bytes);
    const passing = bytes.slice(0, this.#left);
    this.#left -= passing.length;
    if (passing.length > 0) this.#inner.write(passing);
    // Once what has passed was read, and perhaps carried out.
    if (passing.length < bytes.length || this.#left === 0) this.#break(1);
    return true;
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  destroy(): void {
    this.#inner.destroy();
  }

  keepAlive(keep: boolean): void {
    this.#inner.keepAlive(keep);
  }

  #onData(bytes: Uint8Array): void {
    if (this.#isBroken) return;
    if (this.#plan !== undefined) this.#transport.seen.reply += bytes.length;
    if (this.#plan?.in !== "reply") {
      this.#handler.onData(bytes);
      return;
    }
    const passing = bytes.subarray(0, this.#left);
    this.#left -= passing.length;
    if (this.#left === 0) this.#break(0);
    if (passing.length > 0) this.#handler.onData(passing);
  }

  /** Nothing comes any more, and a little later the socket is at its end. */
  #break(ms: number): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#transport.runtime.setTimer(ms, () => this.#inner.destroy(), true);
  }
}
