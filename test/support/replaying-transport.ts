import type { MemoryNetwork } from "../../emulator/listener/memory.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "../../src/transport/transport.js";

/**
 * Sockets to an emulator that, once told to, give the replies of the request before again, without the emulator: what a
 * call costs then is the client's alone.
 */
export class ReplayingTransport implements Transport {
  readonly #network: Pick<MemoryNetwork, "connect">;
  replays = false;

  constructor(network: Pick<MemoryNetwork, "connect">) {
    this.#network = network;
  }

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    return new ReplayingSocket(this, this.#network, endpoint, handler);
  }
}

class ReplayingSocket implements Socket {
  readonly #transport: ReplayingTransport;
  readonly #handler: SocketHandler;
  readonly #socket: Socket;
  readonly isFlushed = true;
  /** The reply to the latest request. */
  #chunks: Uint8Array[] = [];
  readonly #deliver = (): void => {
    for (const chunk of this.#chunks) this.#handler.onData(chunk);
  };

  constructor(
    transport: ReplayingTransport,
    network: Pick<MemoryNetwork, "connect">,
    endpoint: Endpoint,
    handler: SocketHandler,
  ) {
    this.#transport = transport;
    this.#handler = handler;
    this.#socket = network.connect(endpoint, {
      onConnect: () => handler.onConnect(),
      onData: (bytes) => {
        this.#chunks.push(bytes);
        handler.onData(bytes);
      },
      onDrain: () => handler.onDrain(),
      onClose: (error) => handler.onClose(error),
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.#transport.replays) {
      if (this.#chunks.length === 0) throw new Error("a socket that has had no reply has none to give again");
      queueMicrotask(this.#deliver);
      return true;
    }
    this.#chunks = [];
    // The client writes its next request into the same memory.
    return this.#socket.write(bytes.slice());
  }

  pause(): void {
    if (this.#transport.replays) throw new Error("a reply that is given again is too long to be held up");
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  keepAlive(keep: boolean): void {
    this.#socket.keepAlive(keep);
  }
}
