import { createServer, type Server, type Socket } from "node:net";
import type { Accept, Link, LinkHandler, Listener, Network } from "./link.js";

/** Nodes on TCP ports of this machine. */
export class TcpNetwork implements Network {
  readonly #unref: boolean;

  /** @param unref whether open ports and sockets let the process exit */
  constructor(unref: boolean) {
    this.#unref = unref;
  }

  listen(host: string, port: number, accept: Accept): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        if (this.#unref) socket.unref();
        takeIn(socket, accept);
      });
      if (this.#unref) server.unref();
      const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
      server.once("error", onError);
      server.listen(port, host, () => {
        server.off("error", onError);
        resolve(new TcpListener(server));
      });
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use: choose another one, or 0 for any that is free",
  EACCES: "this process may not listen there: choose a port from 1024 on, or 0 for any that is free",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "the host has no address",
};

/** Says what can be done about it, and keeps the code. */
function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const reason = REASONS[cause.code ?? ""] ?? cause.message;
  return Object.assign(new Error(`The emulator can't listen on port ${port} of ${host}: ${reason}`, { cause }), {
    code: cause.code,
  });
}

class TcpListener implements Listener {
  readonly port: number;
  readonly #server: Server;

  constructor(server: Server) {
    const address = server.address();
    if (address === null || typeof address === "string") throw new TypeError("The server listens on no port");
    this.port = address.port;
    this.#server = server;
  }

  close(): Promise<void> {
    // Its callback waits for every socket to close, which is not what closing a port means.
    this.#server.close();
    return Promise.resolve();
  }
}

function takeIn(socket: Socket, accept: Accept): void {
  const handler: LinkHandler | undefined = accept(new TcpLink(socket));
  // Errors are followed by "close", which tells the node all it needs.
  socket.on("error", () => {});
  if (handler === undefined) {
    socket.destroy();
    return;
  }
  socket.on("data", (bytes) => handler.onData(bytes));
  socket.on("end", () => handler.onEnd());
  socket.on("drain", () => handler.onDrain());
  socket.on("close", () => handler.onClose());
}

class TcpLink implements Link {
  readonly peer: string;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.peer = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#socket = socket;
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

  end(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
