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
  /** Bytes as they came, in order. The handler is done with the array when it returns: it may be filled anew. */
  onData(bytes: Uint8Array): void;
  /**
   * Where the next bytes should be read to, at most as many as this holds: the handler gathers a long message there. They
   * are handed to `onData` all the same, as a view of it. Undefined: anywhere. For transports that can choose, after each
   * `onData` that came while the socket was not paused.
   */
  target?(): Uint8Array | undefined;
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

/** Options of `connect` for which a runtime has a default of its own. */
export interface TransportDefaults {
  readonly maxConnections?: number;
  readonly tendIntervalMs?: number;
}

/**
 * One runtime's way to open sockets. A program may bring its own, for a runtime without TCP or to go another way: pass it
 * as `connect(hosts, { transport })`.
 *
 * What an implementation must keep to:
 * - `connect` returns at once and calls nothing on the handler before it has returned. It may throw; that counts as a
 *   socket that could not be opened.
 * - Then comes `onConnect`, once; then `onData` any number of times; and at last `onClose`, exactly once, also after
 *   `destroy` and when the socket never opened. Nothing comes after it.
 * - Bytes arrive in the order in which they were sent, none lost, none twice, in pieces of any size. Where that can't be
 *   kept up any more, the socket is closed.
 * - `write` before `onConnect` is not called. It takes all bytes, whatever it answers; they are the transport's from then
 *   on and are not changed.
 * - Memory that was handed to `onData` may be used again when the handler has returned.
 * - After `pause` no `onData` comes until `resume`; what arrives meanwhile is kept, or better left to the network.
 * - An endpoint with a `tlsName` wants TLS, with a certificate for that name: a transport that can't do it throws.
 * - A message of an error (`onClose(error)`, or what `connect` throws) becomes part of what the program sees: no secrets.
 */
export interface Transport {
  /** What holds on this runtime unless the program says otherwise. */
  readonly defaults?: TransportDefaults;
  /** Opens a socket. What goes wrong is reported by `onClose`. */
  connect(endpoint: Endpoint, handler: SocketHandler): Socket;
  /** Memory of so many bytes with anything in it, where that is to be had for less than memory full of zeros. */
  allocate?(size: number): Uint8Array;
  /** The runtime's diagnostics channel of that name, where it has such channels. */
  channel?(name: string): DiagnosticsChannel | undefined;
  /** This process for others to read, such as `host:pid`, where the runtime tells. */
  processName?(): string | undefined;
}

/** `host:port`, an IPv6 host in brackets. */
export function formatEndpoint(endpoint: { readonly host: string; readonly port: number }): string {
  return endpoint.host.includes(":") ? `[${endpoint.host}]:${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
}
