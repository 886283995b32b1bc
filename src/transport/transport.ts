/** Where a socket goes to. */
export interface Endpoint {
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Name that the server's certificate must carry; present only with TLS. */
  readonly tlsName?: string;
}

/** What a socket tells its owner, never before `connect` has returned. After `onClose` nothing more comes. */
export interface SocketHandler {
  /** The socket is open; over TLS, once the certificate was accepted. */
  onConnect(): void;
  /** Bytes as they came, in order; the array is the handler's to keep. */
  onData(bytes: Uint8Array): void;
  /** The peer or the network ended it (`error` says why, if anything does), or `destroy` was called. */
  onClose(error?: Error): void;
  /** A full send buffer has emptied. */
  onDrain(): void;
}

/** An open or opening byte stream. */
export interface Socket {
  /**
   * False when the runtime's send buffer is full: wait for `onDrain`. The bytes are the socket's from here on, unless
   * {@link isFlushed} says that it is done with them.
   */
  write(bytes: Uint8Array): boolean;
  /**
   * Whether everything written so far has left the runtime, so that the memory of it may be used again. Absent where a
   * transport can't tell.
   */
  readonly isFlushed?: boolean;
  /** Reads no more until `resume`. */
  pause(): void;
  /** Goes on reading. */
  resume(): void;
  /** Closes at once; queued bytes are lost. */
  destroy(): void;
  /** Whether this socket keeps the process running. An idle one must not. */
  keepAlive(keep: boolean): void;
}

/** A channel of `node:diagnostics_channel`, or anything shaped like one. */
export interface DiagnosticsChannel {
  /** Looked up before anything is put together for a message. */
  readonly hasSubscribers: boolean;
  /** Hands the message to the subscribers. */
  publish(message: unknown): void;
}

/** One runtime's way to open sockets. */
export interface Transport {
  /** Opens a socket. What goes wrong is reported by `onClose`. */
  connect(endpoint: Endpoint, handler: SocketHandler): Socket;
  /** The runtime's diagnostics channel of that name, where it has such channels. */
  channel?(name: string): DiagnosticsChannel | undefined;
  /** This process for others to read, such as `host:pid`, where the runtime tells. */
  processName?(): string | undefined;
}

/** `host:port`, an IPv6 host in brackets. */
export function formatEndpoint(endpoint: { readonly host: string; readonly port: number }): string {
  return endpoint.host.includes(":") ? `[${endpoint.host}]:${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
}
