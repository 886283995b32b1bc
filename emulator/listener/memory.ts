import type { Runtime } from "../../runtime/runtime.js";
import type { Accept, Link, LinkHandler, Listener, Network } from "./link.js";

/** Bytes on their way in one direction before a writer is told to wait. */
const HIGH_WATER = 1024 * 1024;
const FIRST_PORT = 3000;

/** Where a client's socket goes to. */
export interface MemoryEndpoint {
  readonly host: string;
  readonly port: number;
}

/** What a client's socket tells its owner. */
export interface MemorySocketHandler {
  /** It is open. */
  onConnect(): void;
  /** Bytes as they came, in order. */
  onData(bytes: Uint8Array): void;
  /** It is closed, by either end; `error` says why it could not be opened. */
  onClose(error?: Error): void;
  /** A full buffer has emptied. */
  onDrain(): void;
}

/** A client's end of a byte stream. */
export interface MemorySocket {
  /** False when the buffer is full: wait for `onDrain`. */
  write(bytes: Uint8Array): boolean;
  /** Takes no more bytes until `resume`. */
  pause(): void;
  /** Goes on taking bytes. */
  resume(): void;
  /** Closes at once; queued bytes are lost. */
  destroy(): void;
  /** Does nothing: there is no handle that could keep a process running. */
  keepAlive(keep: boolean): void;
}

/**
 * Sockets that never leave the process. Every delivery is a timer of the Runtime, so that under virtual time a cluster
 * and its clients run in one fixed order.
 */
export class MemoryNetwork implements Network {
  readonly #runtime: Runtime;
  readonly #ports = new Map<string, Accept>();
  #nextPort = FIRST_PORT;
  #nextClientPort = 40_000;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Lets a node take sockets at an address. */
  listen(host: string, port: number, accept: Accept): Promise<Listener> {
    const own = port === 0 ? this.#freePort(host) : port;
    const address = `${host}:${own}`;
    if (this.#ports.has(address))
      return Promise.reject(new Error(`The emulator can't listen on ${address}: the port is in use`));
    this.#ports.set(address, accept);
    return Promise.resolve({
      port: own,
      close: () => {
        this.#ports.delete(address);
        return Promise.resolve();
      },
    });
  }

  /** Opens a socket to a node. */
  connect(endpoint: MemoryEndpoint, handler: MemorySocketHandler): MemorySocket {
    const client = new Pipe(this.#runtime);
    const server = new Pipe(this.#runtime);
    client.other = server;
    server.other = client;
    client.deliver = (bytes) => handler.onData(bytes);
    client.onDrain = () => handler.onDrain();
    client.onClose = (error) => handler.onClose(error);
    this.#runtime.setTimer(0, () => this.#open(endpoint, client, server, handler), true);
    return client;
  }

  #open(endpoint: MemoryEndpoint, client: Pipe, server: Pipe, handler: MemorySocketHandler): void {
    if (client.isClosed) return;
    const address = `${endpoint.host}:${endpoint.port}`;
    const accept = this.#ports.get(address);
    if (accept === undefined) {
      client.close(new Error(`connect ECONNREFUSED ${address}`));
      return;
    }
    const taken: LinkHandler | undefined = accept(new MemoryLink(server, `127.0.0.1:${this.#nextClientPort++}`));
    if (taken === undefined) {
      client.close(new Error(`connect ECONNRESET ${address}`));
      return;
    }
    server.deliver = (bytes) => taken.onData(bytes);
    server.onDrain = () => taken.onDrain();
    server.onClose = () => taken.onClose();
    server.onEnd = () => taken.onEnd();
    client.isOpen = true;
    server.isOpen = true;
    handler.onConnect();
    client.flush();
  }

  #freePort(host: string): number {
    while (this.#ports.has(`${host}:${this.#nextPort}`)) this.#nextPort++;
    return this.#nextPort++;
  }
}

/** One end of a stream: what is written here comes out at the other end. */
class Pipe implements MemorySocket {
  other: Pipe | undefined;
  deliver: (bytes: Uint8Array) => void = () => {};
  onDrain: () => void = () => {};
  onEnd: () => void = () => {};
  onClose: (error?: Error) => void = () => {};
  isOpen = false;
  isClosed = false;
  readonly #runtime: Runtime;
  /** Written here and not yet come out at the other end. */
  #queue: Uint8Array[] = [];
  #queued = 0;
  #isFull = false;
  #isFlushing = false;
  #isPaused = false;
  #endsWhenEmpty = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  write(bytes: Uint8Array): boolean {
    if (this.isClosed) return true;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.flush();
    if (this.#queued >= HIGH_WATER) this.#isFull = true;
    return !this.#isFull;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.other?.flush();
  }

  destroy(): void {
    this.close();
  }

  keepAlive(_keep: boolean): void {}

  end(): void {
    this.#endsWhenEmpty = true;
    this.flush();
  }

  close(error?: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#queue = [];
    this.#runtime.setTimer(0, () => this.onClose(error), true);
    const { other } = this;
    if (other?.isOpen) this.#runtime.setTimer(0, () => other.close(), true);
  }

  /** Lets what was written come out at the other end, in a timer of its own. */
  flush(): void {
    if (this.#isFlushing || !this.isOpen) return;
    if (this.#queue.length === 0 && !this.#endsWhenEmpty) return;
    this.#isFlushing = true;
    this.#runtime.setTimer(0, () => this.#arrive(), true);
  }

  #arrive(): void {
    this.#isFlushing = false;
    const { other } = this;
    if (other === undefined || other.isClosed || other.#isPaused) return;
    const arriving = this.#queue;
    this.#queue = [];
    this.#queued = 0;
    for (const bytes of arriving) {
      if (other.isClosed) return;
      other.deliver(bytes);
    }
    if (this.#isFull && !this.isClosed) {
      this.#isFull = false;
      this.onDrain();
    }
    if (this.#endsWhenEmpty && this.#queue.length === 0) this.close();
  }
}

class MemoryLink implements Link {
  readonly peer: string;
  readonly #pipe: Pipe;

  constructor(pipe: Pipe, peer: string) {
    this.#pipe = pipe;
    this.peer = peer;
  }

  write(bytes: Uint8Array): boolean {
    return this.#pipe.write(bytes);
  }

  pause(): void {
    this.#pipe.pause();
  }

  resume(): void {
    this.#pipe.resume();
  }

  end(): void {
    this.#pipe.end();
  }

  destroy(): void {
    this.#pipe.destroy();
  }
}
