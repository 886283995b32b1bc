import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { systemRuntime } from "../../../runtime/system-runtime.js";
import { FakeCluster } from "./fake-cluster.js";
import { FakeNetwork, type Peer } from "./fake-network.js";
import type { FakeNode } from "./fake-node.js";

/** A fake cluster of one node on a real port of this machine. */
export class TcpNode implements AsyncDisposable {
  readonly node: FakeNode;
  readonly server: Server;
  readonly sockets = new Set<Socket>();

  private constructor(node: FakeNode, tls: TlsOptions | undefined) {
    this.node = node;
    const serve = (socket: Socket): void => this.#serve(socket);
    this.server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  }

  static async start(tls?: TlsOptions): Promise<TcpNode> {
    const fake = new FakeCluster(new FakeNetwork(systemRuntime), systemRuntime);
    const [node] = fake.nodes;
    if (node === undefined) throw new Error("A fake cluster without nodes");
    if (tls !== undefined) {
      node.answers.set("peers-tls-std", "1,4333,[]");
      node.answers.set("service-tls-std", "");
    }
    const started = new TcpNode(node, tls);
    await new Promise<void>((resolve) => {
      started.server.listen(0, "127.0.0.1", resolve);
    });
    return started;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address();
    if (address === null || typeof address === "string") throw new Error("The server does not listen");
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    const peer: Peer = {
      onData: () => undefined,
      onClose: () => undefined,
      get isOpen() {
        return !socket.destroyed;
      },
      write: (bytes) => socket.write(bytes),
      cut: () => socket.destroy(),
    };
    socket.on("data", (bytes) => peer.onData(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.sockets.delete(socket);
      peer.onClose();
    });
    this.node.accept(peer);
  }
}
