import type {
  DiagnosticsChannel,
  Endpoint,
  Socket,
  SocketHandler,
  Transport,
} from "../../../src/transport/transport.js";

/** What the client gets, chunk by chunk, in place of bytes that came. */
export type ReplyHook = (bytes: Uint8Array, socket: WatchedSocket) => readonly Uint8Array[];
/** Looks at what the client writes. */
export type RequestHook = (bytes: Uint8Array, socket: WatchedSocket) => void;

/** What a socket takes before it says that it is full. */
const HELD_LIMIT = 64 * 1024;

export const asTheyCame: ReplyHook = (bytes) => [bytes];

/** Any transport, with its sockets counted and its bytes in the test's hands. */
export class WatchedTransport implements Transport {
  readonly #inner: Transport;
  readonly #sockets = new Set<WatchedSocket>();
  /** Sockets that were asked for so far. */
  opened = 0;
  onReply: ReplyHook = asTheyCame;
  #heldPort: number | undefined;
  onRequest: RequestHook = () => undefined;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** Sockets that have not told of their end yet. */
  get open(): readonly WatchedSocket[] {
    return [...this.#sockets];
  }

  /** Of those, the ones that would keep a process running. */
  get holding(): number {
    return this.open.filter((socket) => socket.holdsProcess).length;
  }

  /** Bytes that were written to sockets whose other end does not read. */
  get held(): number {
    return this.open.reduce((sum, socket) => sum + socket.held, 0);
  }

  /** The node at the port reads nothing of what is written from now on; with undefined all do again. */
  hold(port: number | undefined): void {
    this.#heldPort = port;
    if (port === undefined) for (const socket of this.open) socket.letGo();
  }

  isHeld({ port }: Endpoint): boolean {
    return port === this.#heldPort;
  }

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    this.opened++;
    const socket = new WatchedSocket(endpoint, this, () => handler.onDrain());
    const inner = this.#inner.connect(endpoint, {
      onConnect: () => handler.onConnect(),
      onData: (bytes) => {
        for (const chunk of this.onReply(bytes, socket)) {
          hand(chunk, handler, socket);
        }
      },
      onDrain: () => handler.onDrain(),
      onClose: (error) => {
        this.#sockets.delete(socket);
        handler.onClose(error);
      },
    });
    socket.carry(inner);
    this.#sockets.add(socket);
    return socket;
  }

  channel(name: string): DiagnosticsChannel | undefined {
    return this.#inner.channel?.(name);
  }
}

/**
 * Hands bytes over as sparingly as a transport may: where the handler wants them, else in memory that holds something else
 * as soon as the handler has returned.
 */
function hand(bytes: Uint8Array, handler: SocketHandler, socket: WatchedSocket): void {
  for (let at = 0; at < bytes.length && !socket.isDestroyed; ) {
    const place = handler.target?.();
    if (place === undefined) {
      const lent = bytes.slice(at);
      handler.onData(lent);
      lent.fill(0xee);
      return;
    }
    const size = Math.min(place.length, bytes.length - at);
    place.set(bytes.subarray(at, at + size));
    handler.onData(place.subarray(0, size));
    at += size;
  }
}

/** A client's socket, watched. */
export class WatchedSocket implements Socket {
  readonly endpoint: Endpoint;
  readonly #transport: WatchedTransport;
  readonly #onDrain: () => void;
  #inner: Socket | undefined;
  #held: Uint8Array[] = [];
  #keep = true;
  #isDestroyed = false;

  constructor(endpoint: Endpoint, transport: WatchedTransport, onDrain: () => void) {
    this.endpoint = endpoint;
    this.#transport = transport;
    this.#onDrain = onDrain;
  }

  /** Whether the client has closed it. */
  get isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  get holdsProcess(): boolean {
    return this.#keep;
  }

  /** Bytes that the other end has not read yet. */
  get held(): number {
    return this.#held.reduce((sum, { length }) => sum + length, 0);
  }

  letGo(): void {
    const held = this.#held;
    this.#held = [];
    for (const bytes of held) this.#inner?.write(bytes);
    if (held.length > 0) this.#onDrain();
  }

  /** Gives it the socket that carries its bytes. */
  carry(inner: Socket): void {
    this.#inner = inner;
  }

  write(bytes: Uint8Array): boolean {
    this.#transport.onRequest(bytes, this);
    if (this.#transport.isHeld(this.endpoint)) {
      this.#held.push(bytes);
      return this.held < HELD_LIMIT;
    }
    return this.#inner?.write(bytes) ?? true;
  }

  pause(): void {
    this.#inner?.pause();
  }

  resume(): void {
    this.#inner?.resume();
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#inner?.destroy();
  }

  keepAlive(keep: boolean): void {
    this.#keep = keep;
    this.#inner?.keepAlive(keep);
  }
}
