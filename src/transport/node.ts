import type { Socket as NetSocket, OnReadOpts } from "node:net";
import { checkOptions } from "../../protocol/check/check-options.js";
import { checkTls } from "./check-tls.js";
import { findChannel } from "./machine.js";
import { NODE_TLS_OPTIONS, type NodeTlsOptions } from "./tls-options.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "./transport.js";

/** Below a server's own 60 s, and below what firewalls usually forget a quiet connection after. */
const KEEP_ALIVE_DELAY_MS = 30_000;

const { versions } = process;
/** Node.js itself, not one of those that have its modules too: what they do inside is theirs. */
const isNode = versions?.v8 !== undefined && versions["bun"] === undefined && versions["deno"] === undefined;
/**
 * Where the reads of all sockets go that have no place of their own: by itself Node.js makes a buffer of this size for
 * each read, most of which hold a hundred bytes.
 */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

/** Options of {@link nodeTransport}. */
export interface NodeTransportOptions {
  /** Used for endpoints with a TLS name. */
  readonly tls?: NodeTlsOptions | undefined;
}

/**
 * Sockets of Node.js, and of the runtimes that have `node:net` too: Deno and Bun.
 *
 * @throws TypeError for an option that does not exist, and for certificates and keys that are none
 *
 * @example
 * nodeTransport({ tls: { ca: await readFile("ca.pem") } })
 */
export function nodeTransport(options: NodeTransportOptions = {}): Transport {
  checkOptions("nodeTransport", options, { tls: true });
  checkOptions("nodeTransport: tls", options.tls, NODE_TLS_OPTIONS);
  const tls = options.tls ?? {};
  checkTls(tls);
  return {
    connect: (endpoint, handler) => new NodeSocket(endpoint, tls, handler),
    allocate: (size) => Buffer.allocUnsafeSlow(size),
    channel: findChannel,
    processName,
  };
}

class NodeSocket implements Socket {
  readonly #socket: NetSocket;
  readonly #handler: SocketHandler;
  #isPaused = false;
  /** Came although the socket is paused. */
  #held: Uint8Array[] = [];
  #keep = true;
  #error: Error | undefined;

  constructor(endpoint: Endpoint, tls: NodeTlsOptions, handler: SocketHandler) {
    this.#handler = handler;
    const { tlsName } = endpoint;
    const socket = tlsName === undefined ? openTcp(endpoint, this) : openTls(endpoint, tlsName, tls, this);
    this.#socket = socket;
    socket.once(tlsName === undefined ? "connect" : "secureConnect", () => {
      // Trying several addresses of a name takes several handles: the wish is repeated for the one that was kept.
      this.keepAlive(this.#keep);
      handler.onConnect();
    });
    socket.on("drain", () => handler.onDrain());
    socket.on("error", (error) => {
      this.#error = describable(error);
    });
    // A server that says goodbye reads no further request.
    socket.on("end", () => socket.destroy());
    socket.once("close", () => handler.onClose(this.#error));
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.write(bytes);
  }

  get isFlushed(): boolean {
    return isNode && this.#socket.writableLength === 0;
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#held.length === 0) this.#socket.resume();
    else queueMicrotask(() => this.#release());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  keepAlive(keep: boolean): void {
    this.#keep = keep;
    if (keep) this.#socket.ref();
    else this.#socket.unref();
  }

  onData(bytes: Uint8Array): void {
    if (!this.#isPaused) {
      this.#handler.onData(bytes);
      return;
    }
    // Paused before reading had begun: it begins nevertheless.
    this.#held.push(Uint8Array.from(bytes));
    this.#socket.pause();
  }

  /** Where the next read goes. */
  target(): Uint8Array {
    return (this.#isPaused || this.#held.length > 0 ? undefined : this.#handler.target?.()) ?? readBuffer;
  }

  #release(): void {
    while (!this.#isPaused) {
      const bytes = this.#held.shift();
      if (bytes === undefined) {
        this.#socket.resume();
        return;
      }
      this.#handler.onData(bytes);
    }
  }
}

/** Loaded with the first socket, as TLS is. */
function net(): typeof import("node:net") {
  return process.getBuiltinModule("node:net");
}

function openTcp({ host, port }: Endpoint, reader: NodeSocket): NetSocket {
  const options = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS };
  return isNode
    ? net().connect({ ...options, onread: readInto(reader) })
    : net()
        .connect(options)
        .on("data", (bytes) => reader.onData(bytes));
}

/** How Node.js reads: a socket that has this emits no `data`. */
function readInto(reader: NodeSocket): OnReadOpts {
  return {
    buffer: () => reader.target(),
    callback: (size, buffer) => {
      reader.onData(buffer.subarray(0, size));
      return true;
    },
  };
}

function openTls({ host, port }: Endpoint, tlsName: string, options: NodeTlsOptions, reader: NodeSocket): NetSocket {
  const revoked = new Set(options.revokedSerials?.map(normalSerial));
  const { ca } = options;
  const { checkServerIdentity, connect } = process.getBuiltinModule("node:tls");
  const socket = connect({
    ca: ca === undefined || typeof ca === "string" || ArrayBuffer.isView(ca) ? file(ca) : ca.map((one) => file(one)),
    cert: file(options.cert),
    key: file(options.key),
    pfx: file(options.pfx),
    passphrase: options.passphrase,
    minVersion: options.minVersion,
    maxVersion: options.maxVersion,
    ciphers: options.ciphers,
    host,
    port,
    ...(isNode && { onread: readInto(reader) }),
    // A name only: the extension has no place for addresses.
    ...(net().isIP(tlsName) === 0 && { servername: tlsName }),
    checkServerIdentity: (_, certificate) => {
      if (revoked.has(normalSerial(certificate.serialNumber))) {
        return new Error(`the server's certificate ${certificate.serialNumber} is revoked`);
      }
      return checkServerIdentity(tlsName, certificate);
    },
  });
  if (!isNode) socket.on("data", (bytes) => reader.onData(bytes));
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  return socket;
}

function file(content: string | Uint8Array): string | Buffer;
function file(content: string | Uint8Array | undefined): string | Buffer | undefined;
function file(content: string | Uint8Array | undefined): string | Buffer | undefined {
  return content instanceof Uint8Array ? Buffer.from(content) : content;
}

function normalSerial(serial: string): string {
  return serial.replaceAll(":", "").replace(/^0+/, "").toUpperCase();
}

/** Errors of several addresses of one name come as one without a message. */
function describable(error: Error): Error {
  if (error.message !== "" || !(error instanceof AggregateError)) return error;
  const messages = error.errors.map((each: unknown) => (each instanceof Error ? each.message : String(each)));
  return new Error([...new Set(messages)].join("; "), { cause: error });
}

function processName(): string | undefined {
  const host = process.getBuiltinModule?.("node:os")?.hostname();
  return host === undefined ? undefined : `${host}:${process.pid}`;
}
