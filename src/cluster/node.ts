import type { Peer } from "../../protocol/info/peers.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { type AerospikeError, ConnectionError } from "../errors/errors.js";
import { CircuitBreaker } from "./circuit-breaker.js";
import type { ControlChannel } from "./control-channel.js";
import type { Dialer } from "./dialer.js";
import { ExclusiveSockets } from "./exclusive-sockets.js";
import type { ResolvedOptions } from "./options.js";
import { PipelinedSockets } from "./pipelined-sockets.js";
import type { Sockets } from "./sockets.js";

/** What the tend knows of a node. Plain data. */
export interface NodeNews {
  /** Tends in a row that the node did not answer. */
  failures: number;
  /** Generations as the node counts them; -1 while what they stand for has to be fetched. */
  peersGeneration: number;
  partitionGeneration: number;
  rebalanceGeneration: number;
  /** The other nodes as this one sees them; undefined until it said so. */
  peers: readonly Peer[] | undefined;
  /** Rack of this node by namespace. */
  racks: ReadonlyMap<string, number>;
  /** Which socket of the control channel the node was last heard on, and which this program was announced on. */
  heardOn: number;
  announcedOn: number;
}

/** What is under way with a node. */
export interface NodeLoad {
  /** Sockets for commands, open or opening. */
  readonly sockets: number;
  /** Requests whose replies are due, those included that nobody waits for any more. */
  readonly pending: number;
  /** Commands that wait for a socket. */
  readonly waiting: number;
}

/** A node of the cluster and the sockets to it. */
export class ClusterNode {
  /** The node's own id, such as `BB9020011AC4202`. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** `host:port`, an IPv6 host in brackets. */
  readonly address: string;
  readonly version: ServerVersion;

  /** @internal For short commands. */
  readonly commands: Sockets;
  /** @internal For what takes a socket of its own. */
  readonly exclusive: Sockets;
  /** @internal */
  readonly control: ControlChannel;
  /** @internal */
  readonly breaker: CircuitBreaker;
  /** @internal */
  readonly news: NodeNews = {
    failures: 0,
    peersGeneration: -1,
    partitionGeneration: -1,
    rebalanceGeneration: -1,
    peers: undefined,
    racks: new Map(),
    heardOn: -1,
    announcedOn: -1,
  };
  readonly #dialer: Dialer;
  #active = true;

  constructor(id: string, version: ServerVersion, dialer: Dialer, control: ControlChannel, options: ResolvedOptions) {
    this.id = id;
    this.#dialer = dialer;
    this.version = version;
    this.host = dialer.endpoint.host;
    this.port = dialer.endpoint.port;
    this.address = dialer.address;
    this.control = control;
    this.breaker = new CircuitBreaker(options.maxErrorRate, options.errorRateWindow);
    const idleMs = options.maxSocketIdleMs;
    this.exclusive = new ExclusiveSockets(dialer, { sockets: options.maxConnectionsPerNode, idleMs });
    this.commands = options.tls
      ? this.exclusive
      : new PipelinedSockets(dialer, { sockets: options.pipelinedSockets, depth: options.pipelineDepth, idleMs });
  }

  get #pools(): readonly Sockets[] {
    return this.commands === this.exclusive ? [this.commands] : [this.commands, this.exclusive];
  }

  /** False once the node has left the cluster. */
  get isActive(): boolean {
    return this.#active;
  }

  /** Stays the same object unless the connection to the node broke: then its server may have been started anew. */
  get line(): object {
    return this.control.line;
  }

  get load(): NodeLoad {
    const load = { sockets: 0, pending: 0, waiting: 0 };
    for (const { size, pending, waiting } of this.#pools) {
      load.sockets += size;
      load.pending += pending;
      load.waiting += waiting;
    }
    return load;
  }

  toString(): string {
    return `${this.id} (${this.address})`;
  }

  /** @internal Closes what has been idle and starts a new error window when it is time. */
  onTend(now: number): void {
    for (const sockets of this.#pools) sockets.reap(now);
    this.breaker.onTend();
  }

  /** @internal Whether the control channel has to log in anew. */
  get isLoginDue(): boolean {
    return this.#dialer.login?.isDue ?? false;
  }

  /** @internal The node does not know our session any more: every socket of it is of no more use. */
  renewLogin(reason: AerospikeError): void {
    const loss = new ConnectionError(`Node ${this} wants a new login`, { cause: reason });
    this.#dialer.login?.renew();
    for (const sockets of this.#pools) sockets.recycle(loss);
    this.control.recycle(loss);
    this.#dialer.onTrouble?.();
  }

  /** @internal */
  close(reason = new ConnectionError(`Node ${this.id} (${this.address}) has left the cluster`)): void {
    this.#active = false;
    this.control.close(reason);
    for (const sockets of this.#pools) sockets.close(reason);
  }
}
