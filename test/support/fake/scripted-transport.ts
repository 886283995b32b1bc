import type { Endpoint, Socket, SocketHandler, Transport } from "../../../src/transport/transport.js";

/** Sockets whose every event a test brings about itself. */
export class ScriptedTransport implements Transport {
  readonly sockets: ScriptedSocket[] = [];
  /** Thrown by the next `connect`. */
  failure: Error | undefined;

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    if (this.failure !== undefined) throw this.failure;
    const socket = new ScriptedSocket(endpoint, handler);
    this.sockets.push(socket);
    return socket;
  }

  /** The only socket there is. */
  get socket(): ScriptedSocket {
    const [socket, ...others] = this.sockets;
    if (socket === undefined || others.length > 0) throw new Error(`${this.sockets.length} sockets were opened`);
    return socket;
  }
}

export class ScriptedSocket implements Socket {
  readonly endpoint: Endpoint;
  readonly handler: SocketHandler;
  readonly written: Uint8Array[] = [];
  /** Set to have the next writes answer that the buffer is full. */
  isFull = false;
  /** Set to have the bytes of a write leave at once. */
  isFlushed = false;
  isDestroyed = false;
  isPaused = false;
  holdsProcess = true;

  constructor(endpoint: Endpoint, handler: SocketHandler) {
    this.endpoint = endpoint;
    this.handler = handler;
  }

  write(bytes: Uint8Array): boolean {
    this.written.push(bytes);
    return !this.isFull;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  keepAlive(keep: boolean): void {
    this.holdsProcess = keep;
  }
}
