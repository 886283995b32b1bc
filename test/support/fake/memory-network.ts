import type { Runtime, Timer } from "../../../runtime/runtime.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "../../../src/transport/transport.js";

/** The server's end of a connection. */
export interface Peer {
  onData: (bytes: Uint8Array) => void;
  onClose: () => void;
  readonly isOpen: boolean;
  write(bytes: Uint8Array): void;
  /** Ends the connection at once, for both sides. Bytes under way are lost. */
  cut(error?: Error): void;
}

export interface MemoryNetworkOptions {
  /** Of each chunk, in ms. */
  readonly latency?: () => number;
  /** Where to cut bytes into chunks: the sizes of the pieces. Whole by default. */
  readonly pieces?: (size: number) => readonly number[];
  /** Bytes that a client may have on their way before its socket says that it is full. Default 64 KiB. */
  readonly sendBuffer?: number;
}

/** Hosts in memory that sockets can be opened to, on the time of a runtime. */
export class MemoryNetwork implements Transport {
  readonly #runtime: Runtime;
  readonly #options: Required<MemoryNetworkOptions>;
  readonly #listeners = new Map<string, (peer: Peer) => void>();
  readonly #links = new Set<Link>();
  /** Addresses that swallow everything: connections there neither open nor fail. */
  readonly blackHoles = new Set<string>();
  /** Connections that were asked for, by address. */
  readonly attempts: string[] = [];

  constructor(runtime: Runtime, options: MemoryNetworkOptions = {}) {
    this.#runtime = runtime;
    this.#options = {
      latency: options.latency ?? (() => 0),
      pieces: options.pieces ?? ((size) => [size]),
      sendBuffer: options.sendBuffer ?? 64 * 1024,
    };
  }

  /** Connections that are open or opening. */
  get links(): ReadonlySet<Link> {
    return this.#links;
  }

  /** Open ends that would keep a process running. */
  get holding(): number {
    return [...this.#links].filter((link) => link.holdsProcess).length;
  }

  listen(host: string, port: number, accept: (peer: Peer) => void): void {
    this.#listeners.set(`${host}:${port}`, accept);
  }

  /** Refuses further connections; those that are open stay. */
  unlisten(host: string, port: number): void {
    this.#listeners.delete(`${host}:${port}`);
  }

  connect({ host, port }: Endpoint, handler: SocketHandler): Socket {
    const address = `${host}:${port}`;
    this.attempts.push(address);
    const link = new Link(this.#runtime, this.#options, handler, address, () => this.#links.delete(link));
    this.#links.add(link);
    if (!this.blackHoles.has(address)) link.open(() => this.#listeners.get(address));
    return link;
  }
}

/** One connection: the client's end is this, the server's is `peer`. */
export class Link implements Socket {
  readonly address: string;
  readonly peer: Peer;
  readonly #runtime: Runtime;
  readonly #options: Required<MemoryNetworkOptions>;
  readonly #handler: SocketHandler;
  readonly #onGone: () => void;
  readonly #timers = new Set<Timer>();
  #state: "opening" | "open" | "closed" = "opening";
  #keep = true;
  #paused = false;
  /** What came while the client did not read. */
  readonly #unread: Uint8Array[] = [];
  #unsent = 0;
  #isFull = false;
  /** Nothing may overtake what went before. */
  #upFreeAt = 0;
  #downFreeAt = 0;

  constructor(
    runtime: Runtime,
    options: Required<MemoryNetworkOptions>,
    handler: SocketHandler,
    address: string,
    onGone: () => void,
  ) {
    this.#runtime = runtime;
    this.#options = options;
    this.#handler = handler;
    this.address = address;
    this.#onGone = onGone;
    const isOpen = (): boolean => this.#state === "open";
    this.peer = {
      onData: () => undefined,
      onClose: () => undefined,
      get isOpen() {
        return isOpen();
      },
      write: (bytes) => this.#send(bytes, "down"),
      cut: (error) => this.#close(error),
    };
  }

  get holdsProcess(): boolean {
    return this.#keep;
  }

  open(findListener: () => ((peer: Peer) => void) | undefined): void {
    this.#later(this.#options.latency(), () => {
      const accept = findListener();
      if (accept === undefined) {
        this.#close(new Error(`connect ECONNREFUSED ${this.address}`));
        return;
      }
      this.#state = "open";
      accept(this.peer);
      this.#handler.onConnect();
    });
  }

  write(bytes: Uint8Array): boolean {
    this.#unsent += bytes.length;
    this.#send(bytes, "up");
    if (this.#unsent <= this.#options.sendBuffer) return true;
    this.#isFull = true;
    return false;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const bytes of this.#unread.splice(0)) this.#handler.onData(bytes);
  }

  destroy(): void {
    if (this.#state === "closed") return;
    // As a runtime does, the client's own end hears of it a little later.
    this.#shut();
    this.peer.onClose();
    this.#runtime.setTimer(0, () => this.#handler.onClose(), false);
  }

  keepAlive(keep: boolean): void {
    this.#keep = keep;
  }

  #close(error: Error | undefined): void {
    if (this.#state === "closed") return;
    const wasOpen = this.#state === "open";
    this.#shut();
    if (wasOpen) this.peer.onClose();
    this.#handler.onClose(error);
  }

  #shut(): void {
    this.#state = "closed";
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#onGone();
  }

  #send(bytes: Uint8Array, direction: "up" | "down"): void {
    if (this.#state !== "open") return;
    let at = 0;
    for (const size of this.#options.pieces(bytes.length)) {
      const piece = bytes.slice(at, at + size);
      at += size;
      if (direction === "up") {
        this.#upFreeAt = this.#at(this.#upFreeAt, () => this.#arriveUp(piece));
      } else {
        this.#downFreeAt = this.#at(this.#downFreeAt, () => this.#arriveDown(piece));
      }
    }
  }

  /** Calls after the latency, and not before what was sent earlier; answers when. */
  #at(freeAt: number, call: () => void): number {
    const now = this.#runtime.now();
    const due = Math.max(freeAt, now + this.#options.latency());
    this.#later(due - now, call);
    return due;
  }

  #arriveUp(bytes: Uint8Array): void {
    this.#unsent -= bytes.length;
    this.peer.onData(bytes);
    if (this.#isFull && this.#unsent === 0 && this.#state === "open") {
      this.#isFull = false;
      this.#handler.onDrain();
    }
  }

  #arriveDown(bytes: Uint8Array): void {
    if (this.#paused) this.#unread.push(bytes);
    else this.#handler.onData(bytes);
  }

  #later(ms: number, call: () => void): void {
    const timer = this.#runtime.setTimer(
      ms,
      () => {
        this.#timers.delete(timer);
        call();
      },
      false,
    );
    this.#timers.add(timer);
  }
}
