import { ConnectionError } from "../errors/errors.js";
import { type Endpoint, formatEndpoint } from "../transport/transport.js";
import type { NodeLogin } from "./auth/login.js";
import { Connection } from "./connection.js";
import type { ConnectionOwner } from "./connection-owner.js";
import type { Io } from "./io.js";
import type { ResolvedOptions } from "./options.js";

/** Opens the sockets to one address and hears what becomes of them. */
export class Dialer {
  readonly io: Io;
  readonly endpoint: Endpoint;
  readonly address: string;
  /** Given to sockets that are closed only because nobody used them. */
  readonly idleReason: ConnectionError;
  /** Called when a socket could not be opened or broke. */
  onTrouble: (() => void) | undefined = undefined;
  /** Undefined without credentials. */
  readonly login: NodeLogin | undefined;
  readonly #options: ResolvedOptions;

  /** @param login shared with the other sockets to the same node, where there are any */
  constructor(io: Io, options: ResolvedOptions, endpoint: Endpoint, login?: NodeLogin) {
    this.io = io;
    this.endpoint = endpoint;
    this.address = formatEndpoint(endpoint);
    this.idleReason = new ConnectionError(`The connection to ${this.address} was idle for too long`);
    this.#options = options;
    this.login = login ?? options.login?.to(this.address);
  }

  /** A socket for commands. */
  open(owner: ConnectionOwner, depth: number): Connection {
    return this.#open(owner, depth, false);
  }

  /** A socket for housekeeping, which logs in anew. */
  openControl(owner: ConnectionOwner): Connection {
    return this.#open(owner, 1, true);
  }

  onOpened(_connection: Connection): void {
    this.#publish("opened");
  }

  onClosed(connection: Connection, reason: ConnectionError, ready: boolean): void {
    this.#publish(ready ? "closed" : "failed", reason);
    if (connection.isRetired) return;
    // A tend that can't even open its socket is no reason for another.
    if (ready || !connection.isBackground) this.onTrouble?.();
  }

  onReleased(connection: Connection): void {
    this.io.release(connection);
  }

  #open(owner: ConnectionOwner, depth: number, control: boolean): Connection {
    const { connectTimeoutMs, drainTimeoutMs, tlsForLoginOnly } = this.#options;
    // Credentials never go where TLS is not that was asked for.
    const mayLogIn = !tlsForLoginOnly || this.endpoint.tlsName !== undefined;
    const handshake = control && mayLogIn ? this.login?.loginHandshake() : this.login?.sessionHandshake(mayLogIn);
    const connection = new Connection(
      {
        transport: this.io.transport,
        endpoint: this.endpoint,
        runtime: this.io.runtime,
        heap: this.io.heap,
        meter: this.io.meter,
        memory: this.io.memory,
        depth,
        connectTimeoutMs,
        drainTimeoutMs,
        handshake,
        background: control,
      },
      owner,
    );
    this.io.register(connection);
    return connection;
  }

  #publish(event: "opened" | "failed" | "closed", reason?: ConnectionError): void {
    const channel = this.io.diagnostics.connection;
    if (!channel.hasSubscribers) return;
    channel.publish({
      attributes: {
        "db.system.name": "aerospike",
        "server.address": this.endpoint.host,
        "server.port": this.endpoint.port,
        ...(event === "failed" && { "error.type": reason?.code ?? "CONNECTION" }),
      },
      event,
      reason: reason?.message,
    });
  }
}
