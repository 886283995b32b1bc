import { Reader } from "../../../../protocol/bytes/reader.js";
import { ProtoType } from "../../../../protocol/frame/proto.js";

const PROTO_HEADER_SIZE = 8;

/** What tests need of a way to open sockets: in memory or TCP. */
export interface Connector {
  connect(
    endpoint: { readonly host: string; readonly port: number },
    handler: {
      onConnect(): void;
      onData(bytes: Uint8Array): void;
      onClose(error?: Error): void;
      onDrain(): void;
    },
  ): { write(bytes: Uint8Array): boolean; pause(): void; resume(): void; destroy(): void };
}

/** A message as it came: the body of a proto. */
export interface Arrived {
  readonly type: number;
  readonly body: Uint8Array;
}

/** A client's socket that gives access to every byte that comes. */
export class TestSocket {
  /** Everything that came and was not taken. */
  received: Uint8Array = new Uint8Array(0);
  isConnected = false;
  isClosed = false;
  error: Error | undefined;
  readonly #socket: ReturnType<Connector["connect"]>;
  #waiters: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  constructor(connector: Connector, endpoint: { readonly host: string; readonly port: number }) {
    this.#socket = connector.connect(endpoint, {
      onConnect: () => {
        this.isConnected = true;
        this.#notify();
      },
      onData: (bytes) => {
        const joined = new Uint8Array(this.received.length + bytes.length);
        joined.set(this.received);
        joined.set(bytes, this.received.length);
        this.received = joined;
        this.#notify();
      },
      onClose: (error) => {
        this.isClosed = true;
        this.error = error;
        this.#notify();
      },
      onDrain: () => {},
    });
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  whenConnected(): Promise<void> {
    return this.#when(() => this.isConnected || this.isClosed);
  }

  whenClosed(): Promise<void> {
    return this.#when(() => this.isClosed);
  }

  whenReceived(bytes: number): Promise<void> {
    return this.#when(() => this.received.length >= bytes);
  }

  /** The next whole message; rejects when the socket closes before. */
  async next(): Promise<Arrived> {
    await this.#when(() => this.#nextSize() <= this.received.length || this.isClosed);
    const size = this.#nextSize();
    if (size > this.received.length) throw new Error("The socket was closed before a whole message had come");
    const arrived = { type: this.received[1]!, body: this.received.slice(PROTO_HEADER_SIZE, size) };
    this.received = this.received.slice(size);
    return arrived;
  }

  #nextSize(): number {
    if (this.received.length < PROTO_HEADER_SIZE) return Number.POSITIVE_INFINITY;
    const r = new Reader(this.received);
    r.skip(2);
    return PROTO_HEADER_SIZE + r.u16() * 2 ** 32 + r.u32();
  }

  #when(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ isMet, resolve }));
  }

  #notify(): void {
    const met = this.#waiters.filter((waiter) => waiter.isMet());
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const waiter of met) waiter.resolve();
  }
}

export { ProtoType };
