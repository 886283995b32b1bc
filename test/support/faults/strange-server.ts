import { createServer as createHttpServer } from "node:http";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** A server on a port of this machine that is no Aerospike node. */
export class StrangeServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new TypeError("The server listens on no port");
    return address.port;
  }

  /** `127.0.0.1:port` */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Does with each client what the test says. */
  static start(onClient: (socket: Socket) => void): Promise<StrangeServer> {
    return StrangeServer.#listen(createTcpServer(onClient));
  }

  /** Takes what clients send and answers with these bytes. */
  static answering(bytes: Uint8Array | string): Promise<StrangeServer> {
    return StrangeServer.start((socket) => {
      socket.once("data", () => socket.write(bytes));
    });
  }

  /** @param port any that is free unless given */
  static http(port = 0): Promise<StrangeServer> {
    return StrangeServer.#listen(
      createHttpServer((_, response) => response.end("hello")),
      port,
    );
  }

  static tls(): Promise<StrangeServer> {
    const server = createTlsServer();
    server.on("tlsClientError", () => undefined);
    return StrangeServer.#listen(server);
  }

  /** A port where nobody listens: it was free a moment ago. */
  static async freePort(): Promise<number> {
    await using server = await StrangeServer.start(() => undefined);
    return server.port;
  }

  static #listen(server: Server, port = 0): Promise<StrangeServer> {
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(new StrangeServer(server)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
