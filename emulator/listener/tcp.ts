import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Accept, Link, LinkHandler, Listener, Network } from "./link.js";
import type { EmulatorTlsOptions } from "./tls-options.js";

/** Nodes on TCP ports of this machine. */
export class TcpNetwork implements Network {
  readonly #unref: boolean;
  readonly #tls: EmulatorTlsOptions | undefined;

  /**
   * @param unref whether open ports and sockets let the process exit
   * @param tls undefined for clear text
   */
  constructor(unref: boolean, tls?: EmulatorTlsOptions) {
    this.#unref = unref;
    this.#tls = tls;
  }

  listen(host: string, port: number, accept: Accept): Promise<Listener> {
    return this.#listen(host, port, accept, this.#tls);
  }

  get listenInTheClear(): Network["listen"] | undefined {
    if (this.#tls?.alsoClear !== true) return undefined;
    return (host, port, accept) => this.#listen(host, port, accept, undefined);
  }

  #listen(host: string, port: number, accept: Accept, tls: EmulatorTlsOptions | undefined): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const server = serverOf(tls, (socket) => {
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

function serverOf(tls: EmulatorTlsOptions | undefined, onSocket: (socket: Socket) => void): Server {
  const options = { allowHalfOpen: true, noDelay: true };
  if (tls === undefined) return createServer(options, onSocket);
  const { key, cert, ca } = tls;
  const pems = { key: pemOf(key), cert: pemOf(cert), ...(ca !== undefined && { ca: pemOf(ca) }) };
  const asks = ca !== undefined;
  try {
    return createTlsServer({ ...options, ...pems, requestCert: asks, rejectUnauthorized: asks }, onSocket);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`tls: key and certificate can't be used: ${reason}`, { cause });
  }
}

function pemOf(pem: string | Uint8Array): string | Buffer {
  return typeof pem === "string" ? pem : Buffer.from(pem);
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
