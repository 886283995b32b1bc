import type { Link } from "../../../emulator/listener/link.js";
import { MemoryNetwork, type MemoryNetworkOptions, type MemorySocket } from "../../../emulator/listener/memory.js";
import type { Runtime } from "../../../runtime/runtime.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "../../../src/transport/transport.js";

/** The server's end of a connection. */
export interface Peer {
  onData: (bytes: Uint8Array) => void;
  onClose: () => void;
  readonly isOpen: boolean;
  write(bytes: Uint8Array): void;
  /** Ends the connection at once, for both sides. Bytes under way are lost. */
  cut(): void;
}

export interface FakeNetworkOptions {
  /** Of each chunk, in ms. */
  readonly latency?: () => number;
  /** Where to cut bytes into chunks: the sizes of the pieces. Whole by default. */
  readonly pieces?: (size: number) => readonly number[];
  /** Bytes that a client may have on their way before its socket says that it is full. Default 64 KiB. */
  readonly sendBuffer?: number;
}

const SEND_BUFFER = 64 * 1024;

/** The emulator's network in memory, with an eye on every socket of a client. */
export class FakeNetwork implements Transport {
  readonly #runtime: Runtime;
  readonly #network: MemoryNetwork;
  /** What closes each address. */
  readonly #closing = new Map<string, () => void>();
  readonly #links = new Set<ClientLink>();
  /** Addresses that swallow everything: connections there neither open nor fail. */
  readonly blackHoles = new Set<string>();
  /** Connections that were asked for, by address. */
  readonly attempts: string[] = [];

  constructor(runtime: Runtime, { latency, pieces, sendBuffer = SEND_BUFFER }: FakeNetworkOptions = {}) {
    const options: MemoryNetworkOptions = {
      highWater: sendBuffer + 1,
      ...(latency && { latencyMs: latency }),
      ...(pieces && { pieces }),
    };
    this.#runtime = runtime;
    this.#network = new MemoryNetwork(withoutHold(runtime), options);
  }

  /** Connections that are open or opening. */
  get links(): ReadonlySet<ClientLink> {
    return this.#links;
  }

  /** Open ends that would keep a process running. */
  get holding(): number {
    return [...this.#links].filter((link) => link.holdsProcess).length;
  }

  listen(host: string, port: number, accept: (peer: Peer) => void): void {
    const listener = this.#network.open(host, port, (link) => {
      const peer = new LinkPeer(link);
      accept(peer);
      return {
        onData: (bytes) => peer.onData(bytes),
        onEnd: () => peer.cut(),
        onDrain: () => undefined,
        onClose: () => peer.closed(),
      };
    });
    this.#closing.set(`${host}:${port}`, () => void listener.close());
  }

  /** Refuses further connections; those that are open stay. */
  unlisten(host: string, port: number): void {
    this.#closing.get(`${host}:${port}`)?.();
    this.#closing.delete(`${host}:${port}`);
  }

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    const address = `${endpoint.host}:${endpoint.port}`;
    this.attempts.push(address);
    const link = new ClientLink(this.#runtime, handler, () => this.#links.delete(link));
    this.#links.add(link);
    if (!this.blackHoles.has(address)) link.socket = this.#network.connect(endpoint, link.watched);
    return link;
  }
}

/** The same time, on which nothing that the network waits for keeps a process: tests count what a client leaves behind. */
function withoutHold(runtime: Runtime): Runtime {
  return {
    now: () => runtime.now(),
    wallClock: () => runtime.wallClock(),
    setTimer: (ms, call) => runtime.setTimer(ms, call, false),
    random: () => runtime.random(),
    randomBigint64: () => runtime.randomBigint64(),
  };
}

/** A client's end of a connection. */
export class ClientLink implements Socket {
  /** Absent at an address that swallows everything. */
  socket: MemorySocket | undefined;
  readonly #runtime: Runtime;
  readonly #handler: SocketHandler;
  readonly #onGone: () => void;
  #keep = true;

  constructor(runtime: Runtime, handler: SocketHandler, onGone: () => void) {
    this.#runtime = runtime;
    this.#handler = handler;
    this.#onGone = onGone;
  }

  /** The client's handler, which is told of the end after the link is gone. */
  get watched(): SocketHandler {
    const handler = this.#handler;
    return {
      onConnect: () => handler.onConnect(),
      onData: (bytes) => handler.onData(bytes),
      onDrain: () => handler.onDrain(),
      onClose: (error) => {
        this.#onGone();
        handler.onClose(error);
      },
    };
  }

  get holdsProcess(): boolean {
    return this.#keep;
  }

  write(bytes: Uint8Array): boolean {
    // The client uses its buffer again.
    return this.socket?.write(bytes.slice()) ?? true;
  }

  pause(): void {
    this.socket?.pause();
  }

  resume(): void {
    this.socket?.resume();
  }

  destroy(): void {
    this.#onGone();
    if (this.socket !== undefined) this.socket.destroy();
    else this.#runtime.setTimer(0, () => this.#handler.onClose(), false);
  }

  keepAlive(keep: boolean): void {
    this.#keep = keep;
  }
}

class LinkPeer implements Peer {
  onData: (bytes: Uint8Array) => void = () => undefined;
  onClose: () => void = () => undefined;
  isOpen = true;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  write(bytes: Uint8Array): void {
    if (this.isOpen) this.#link.write(bytes.slice());
  }

  cut(): void {
    if (!this.isOpen) return;
    this.#link.destroy();
    this.closed();
  }

  closed(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onClose();
  }
}
