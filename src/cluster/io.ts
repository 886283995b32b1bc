import { KeptMemory } from "../../protocol/bytes/memory.js";
import type { Zlib } from "../../protocol/frame/compressed.js";
import { MessageReader } from "../../protocol/message/message-reader.js";
import type { Runtime } from "../../runtime/runtime.js";
import { type AerospikeError, ConnectionError } from "../errors/errors.js";
import { DeadlineHeap } from "../time/deadline-heap.js";
import { findZlib } from "../transport/machine.js";
import type { Transport } from "../transport/transport.js";
import type { Connection } from "./connection.js";
import { Diagnostics } from "./diagnostics.js";
import { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { Meter } from "./metrics/meter.js";
import type { ClusterNode } from "./node.js";
import { NodeSockets } from "./node-sockets.js";
import type { ResolvedOptions } from "./options.js";
import { SharedSockets } from "./shared-sockets.js";
import type { Telemetry } from "./telemetry.js";

/**
 * What sockets live on, and the sockets to each node. Everything that belongs to one I/O context hangs here; what is
 * known of the cluster does not: several contexts may use the same nodes, each with its own sockets.
 */
export class Io {
  readonly runtime: Runtime;
  readonly transport: Transport;
  readonly heap: DeadlineHeap;
  readonly diagnostics: Diagnostics;
  readonly telemetry: Telemetry | undefined;
  readonly meter = new Meter();
  /** Replies are decoded one at a time, so one reader does for all. */
  readonly message = new MessageReader();
  /** For long requests of all sockets. */
  readonly memory = new KeptMemory();
  /** Commands between two attempts, which no socket and no queue knows. */
  readonly paused = new Set<Exchange>();
  /** Where all nodes share one budget of sockets. */
  readonly shared: SharedSockets | undefined;
  readonly #options: ResolvedOptions;
  readonly #connections = new Set<Connection>();
  readonly #sockets = new Map<ClusterNode, NodeSockets>();
  #whenEmpty: (() => void) | undefined;
  #closed: ConnectionError | undefined;
  #zlib: { readonly found: Zlib | undefined } | undefined;

  constructor(runtime: Runtime, transport: Transport, options: ResolvedOptions) {
    this.runtime = runtime;
    this.transport = transport;
    this.#options = options;
    this.heap = new DeadlineHeap(runtime);
    this.telemetry = options.telemetry;
    this.diagnostics = new Diagnostics(transport, options.log);
    const { maxConnections } = options;
    this.shared =
      maxConnections === undefined ? undefined : new SharedSockets(maxConnections, this.#sockets, () => this.#closing);
  }

  /** Set once {@link refuse} was called: why no socket may be opened any more. */
  get closed(): ConnectionError | undefined {
    return this.#closed;
  }

  /** The runtime's, looked for when something is compressed; undefined where it has none. */
  get zlib(): Zlib | undefined {
    this.#zlib ??= { found: findZlib() };
    return this.#zlib.found;
  }

  /** Sockets that the runtime has not let go of yet. */
  get openSockets(): number {
    return this.#connections.size;
  }

  /** The sockets to a node; the first request opens one. */
  socketsOf(node: ClusterNode): NodeSockets {
    const known = this.#sockets.get(node);
    if (known !== undefined) return known;
    const dialer = new Dialer(this, this.#options, node.commandEndpoint, node.login);
    dialer.onTrouble = () => node.onTrouble();
    const sockets = new NodeSockets(dialer, this.#options, this.shared);
    if (node.isActive) this.#sockets.set(node, sockets);
    else sockets.close(node.departure);
    return sockets;
  }

  /** The node does not know our session any more: every socket of it is of no more use. */
  renewLogin(node: ClusterNode, cause: AerospikeError): void {
    node.login?.renew();
    this.#sockets.get(node)?.recycle(new ConnectionError(`Node ${node} wants a new login`, { cause }));
    node.onTrouble();
  }

  /** Closes the sockets to a node that has left, and fails what is on them. */
  leave(node: ClusterNode): void {
    this.#sockets.get(node)?.close(node.departure);
    this.#sockets.delete(node);
  }

  register(connection: Connection): void {
    this.#connections.add(connection);
  }

  release(connection: Connection): void {
    this.#connections.delete(connection);
    this.shared?.budget.onFreed();
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }

  get #closing(): number {
    let closing = 0;
    for (const { isClosed } of this.#connections) if (isClosed) closing++;
    return closing;
  }

  /** From now on no socket is opened and nothing is tried again; what pauses before another attempt fails. */
  refuse(reason: ConnectionError): void {
    this.#closed = reason;
    for (const call of [...this.paused]) call.onLost(reason, false);
  }

  /** Closes every socket and resolves once the last one is gone. After {@link refuse}. */
  async close(reason: ConnectionError): Promise<void> {
    for (const connection of [...this.#connections]) connection.retire(reason);
    this.heap.close();
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }
}
