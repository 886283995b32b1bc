import type { MemoryNetwork, MemorySocket } from "../../../../emulator/index.js";
import type { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";

/** A socket that sends recorded bytes and gathers what comes back. */
export class ReplayClient {
  isClosed = false;
  readonly #runtime: VirtualRuntime;
  readonly #socket: MemorySocket;
  #received: Uint8Array[] = [];

  constructor(network: MemoryNetwork, runtime: VirtualRuntime, host: string) {
    const [name = "", port = ""] = host.split(":");
    this.#runtime = runtime;
    this.#socket = network.connect(
      { host: name, port: Number(port) },
      {
        onConnect: () => {},
        onDrain: () => {},
        onData: (bytes) => this.#received.push(bytes),
        onClose: () => {
          this.isClosed = true;
        },
      },
    );
  }

  /** Sends a request and lets time pass until `isWhole` says that the answer is there. */
  async exchange(request: Uint8Array, isWhole: (reply: Uint8Array) => boolean, patienceMs = 5000): Promise<Uint8Array> {
    this.#received = [];
    this.#socket.write(request);
    for (let waited = 0; waited <= patienceMs; waited += 5) {
      await this.#runtime.advance(0);
      const reply = Buffer.concat(this.#received);
      if (isWhole(reply)) return reply;
      if (this.isClosed) break;
      await this.#runtime.advance(5);
    }
    return Buffer.concat(this.#received);
  }

  close(): void {
    this.#socket.destroy();
  }
}
