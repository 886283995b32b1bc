import type { Runtime, Timer } from "../../runtime/runtime.js";
import type { Accept, Link, LinkHandler, Listener, Network } from "./link.js";

const FIRST_PORT = 3000;
const NOTHING = new Uint8Array(0);

/** How bytes travel in memory. */
export interface MemoryNetworkOptions {
  /** Milliseconds that opening a socket and each piece of bytes take; none overtakes another. Default 0. */
  readonly latencyMs?: () => number;
  /** The sizes of the pieces that so many bytes arrive in. Default one piece. */
  readonly pieces?: (size: number) => readonly number[];
  /** Whether what arrives takes along what was written behind it and is still under way: one piece of several. Default never. */
  readonly joins?: () => boolean;
  /** Bytes on their way in one direction before a writer is told to wait. Default 1 MiB. */
  readonly highWater?: number;
}

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
  readonly #options: Required<MemoryNetworkOptions>;
  readonly #ports = new Map<string, Accept>();
  #nextPort = FIRST_PORT;
  #nextClientPort = 40_000;

  constructor(runtime: Runtime, options: MemoryNetworkOptions = {}) {
    const { latencyMs = () => 0, pieces = (size) => [size], joins = () => false, highWater = 1024 * 1024 } = options;
    this.#runtime = runtime;
    this.#options = { latencyMs, pieces, joins, highWater };
  }

  /** Lets a node take sockets at an address. */
  async listen(host: string, port: number, accept: Accept): Promise<Listener> {
    return this.open(host, port, accept);
  }

  /** The same at once. */
  open(host: string, port: number, accept: Accept): Listener {
    const own = port === 0 ? this.#freePort(host) : port;
    const address = `${host}:${own}`;
    if (this.#ports.has(address)) {
      throw new Error(`The emulator can't listen on ${address}: the port is in use`);
    }
    this.#ports.set(address, accept);
    return {
      port: own,
      close: () => {
        this.#ports.delete(address);
        return Promise.resolve();
      },
    };
  }

  /** Opens a socket to a node. */
  connect(endpoint: MemoryEndpoint, handler: MemorySocketHandler): MemorySocket {
    const client = new Pipe(this.#runtime, this.#options);
    const server = new Pipe(this.#runtime, this.#options);
    client.other = server;
    server.other = client;
    client.deliver = (bytes) => handler.onData(bytes);
    client.onDrain = () => handler.onDrain();
    client.onClose = (error) => handler.onClose(error);
    this.#runtime.setTimer(this.#options.latencyMs(), () => this.#connect(endpoint, client, server, handler), true);
    return client;
  }

  #connect(endpoint: MemoryEndpoint, client: Pipe, server: Pipe, handler: MemorySocketHandler): void {
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
    server.open();
    handler.onConnect();
    client.open();
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
  isClosed = false;
  readonly #runtime: Runtime;
  readonly #options: Required<MemoryNetworkOptions>;
  isOpen = false;
  /** Written before the stream is open. */
  #early: Uint8Array[] = [];
  /** Bytes that were written here and not yet taken at the other end. */
  #queued = 0;
  #isFull = false;
  /** What was written here and is under way, in order. */
  readonly #underway: { readonly piece: Uint8Array; readonly arrival: Timer }[] = [];
  /** When what was written last arrives: nothing overtakes it. */
  #freeAt = 0;
  /** Arrived here while this end is paused. */
  #unread: Uint8Array[] = [];
  #isPaused = false;
  #endsWhenEmpty = false;

  constructor(runtime: Runtime, options: Required<MemoryNetworkOptions>) {
    this.#runtime = runtime;
    this.#options = options;
  }

  open(): void {
    if (this.isClosed) return;
    this.isOpen = true;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.#send(bytes);
    if (this.#endsWhenEmpty) this.end();
  }

  write(bytes: Uint8Array): boolean {
    if (this.isClosed) return true;
    this.#queued += bytes.length;
    if (this.isOpen) this.#send(bytes);
    else this.#early.push(bytes);
    if (this.#queued >= this.#options.highWater) this.#isFull = true;
    return !this.#isFull;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#unread.length > 0) this.#runtime.setTimer(0, () => this.#takeUnread(), true);
  }

  destroy(): void {
    this.close();
  }

  keepAlive(_keep: boolean): void {}

  end(): void {
    this.#endsWhenEmpty = true;
    if (this.isOpen && this.#queued === 0) this.#runtime.setTimer(0, () => this.close(), true);
  }

  close(error?: Error): void {
    if (this.isClosed) return;
    this.#shut();
    const { other } = this;
    this.#runtime.setTimer(
      0,
      () => {
        this.onClose(error);
        if (!other?.isOpen || other.isClosed) return;
        other.#shut();
        other.onClose();
      },
      true,
    );
  }

  /** What is under way is lost. */
  #shut(): void {
    this.isClosed = true;
    this.#early = [];
    this.#unread = [];
    for (const { arrival } of this.#underway) arrival.cancel();
    this.#underway.length = 0;
  }

  #send(bytes: Uint8Array): void {
    let start = 0;
    for (const size of this.#options.pieces(bytes.length)) {
      const piece = bytes.subarray(start, start + size);
      start += size;
      const now = this.#runtime.now();
      this.#freeAt = Math.max(this.#freeAt, now + this.#options.latencyMs());
      const arrival = this.#runtime.setTimer(this.#freeAt - now, () => this.#arrive(this.#takeArrived()), true);
      this.#underway.push({ piece, arrival });
    }
  }

  /** The oldest that is under way, and what comes along with it. */
  #takeArrived(): Uint8Array {
    const { piece = NOTHING } = this.#underway.shift() ?? {};
    const others: Uint8Array[] = [];
    while (this.#underway.length > 0 && this.#options.joins()) {
      const next = this.#underway.shift()!;
      next.arrival.cancel();
      others.push(next.piece);
    }
    return others.length === 0 ? piece : concat([piece, ...others]);
  }

  #arrive(piece: Uint8Array): void {
    const { other } = this;
    if (this.isClosed || other === undefined || other.isClosed) return;
    if (other.#isPaused || other.#unread.length > 0) other.#unread.push(piece);
    else this.#pass(piece, other);
  }

  #takeUnread(): void {
    const { other } = this;
    while (other !== undefined && !this.#isPaused && !this.isClosed) {
      const piece = this.#unread.shift();
      if (piece === undefined) return;
      other.#pass(piece, this);
    }
  }

  #pass(piece: Uint8Array, to: Pipe): void {
    to.deliver(piece);
    this.#queued -= piece.length;
    if (this.#queued > 0 || this.isClosed) return;
    if (this.#isFull) {
      this.#isFull = false;
      this.onDrain();
    }
    if (this.#endsWhenEmpty && this.#queued === 0) this.close();
  }
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
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
