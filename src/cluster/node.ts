import type { Peer } from "../../protocol/info/peers.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { ConnectionError } from "../errors/errors.js";
import { type Endpoint, formatEndpoint } from "../transport/transport.js";
import type { NodeLogin } from "./auth/login.js";
import { CircuitBreaker } from "./circuit-breaker.js";
import type { ResolvedOptions } from "./options.js";

/** What the tend knows of a node. Plain data. */
export interface NodeState {
  /** Tends in a row that the node did not answer; of those within an interval the first. */
  failures: number;
  /** When the last of them began, on the runtime's clock. */
  failedAt: number;
  /** Tends in all, and those that it did not answer. */
  tends: number;
  failedTends: number;
  /** Generations as the node counts them; -1 while what they stand for has to be fetched. */
  peersGeneration: number;
  partitionGeneration: number;
  rebalanceGeneration: number;
  /** The generation of the partitions that were last fetched; undefined before. */
  ownedGeneration: number | undefined;
  /** False when it last said that it owns no partitions yet: it has just started, and knows the others badly. */
  serves: boolean;
  /** The other nodes as this one sees them; undefined until it said so. */
  peers: readonly Peer[] | undefined;
  /** Rack of this node by namespace. */
  racks: ReadonlyMap<string, number>;
  /** Which socket of the control channel the node was last heard on, and which this program was announced on. */
  heardOn: number;
  announcedOn: number;
}

/** What a node says of itself. */
export interface NodeIdentity {
  readonly id: string;
  readonly version: ServerVersion;
  /** As the server words it, such as `Aerospike Community Edition`; undefined when it does not say. */
  readonly edition: string | undefined;
  /** Undefined when it has none. */
  readonly clusterName: string | undefined;
}

/**
 * A node of the cluster: who and where it is, and what is known of it. It has no sockets; those belong to an I/O context
 * ({@link Io.socketsOf}), and several contexts may share the nodes.
 */
export class ClusterNode {
  /** The node's own id, such as `BB9020011AC4202`. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** `host:port`, an IPv6 host in brackets. */
  readonly address: string;
  readonly version: ServerVersion;
  /** As the server words it; undefined when it does not say. */
  readonly edition: string | undefined;
  /** Undefined when it has none. */
  readonly clusterName: string | undefined;

  /** @internal */
  readonly endpoint: Endpoint;
  /** @internal Where commands go: the same, unless TLS is for logins only. */
  readonly commandEndpoint: Endpoint;
  /** @internal Undefined without credentials. */
  readonly login: NodeLogin | undefined;
  /** @internal */
  readonly breaker: CircuitBreaker;
  /** @internal */
  readonly state: NodeState = {
    failures: 0,
    failedAt: Number.NEGATIVE_INFINITY,
    tends: 0,
    failedTends: 0,
    peersGeneration: -1,
    partitionGeneration: -1,
    rebalanceGeneration: -1,
    ownedGeneration: undefined,
    serves: true,
    peers: undefined,
    racks: new Map(),
    heardOn: -1,
    announcedOn: -1,
  };
  /**
   * @internal Stays the same object unless the connection that the node is tended over broke: then its server may have
   * been started anew.
   */
  connectionToken: object = {};
  /** @internal Counts what it has sent in reply to commands, by which those who wait for their turn see that it serves. */
  replies = 0;
  /** @internal Called when a socket could not be opened or broke, and when the node wants a new login. */
  onTrouble: () => void = () => undefined;
  /** @internal Called when its circuit breaker opens, and when that closes again. */
  onBreaker: (isOpen: boolean) => void = () => undefined;
  #departure: ConnectionError | undefined;

  constructor(
    { id, version, edition, clusterName }: NodeIdentity,
    endpoint: Endpoint,
    login: NodeLogin | undefined,
    options: ResolvedOptions,
    commandEndpoint = endpoint,
  ) {
    this.id = id;
    this.version = version;
    this.edition = edition;
    this.clusterName = clusterName;
    this.endpoint = endpoint;
    this.commandEndpoint = commandEndpoint;
    this.host = endpoint.host;
    this.port = endpoint.port;
    this.address = formatEndpoint(endpoint);
    this.login = login;
    this.breaker = new CircuitBreaker(options, (isOpen) => this.onBreaker(isOpen));
  }

  /** False once the node has left the cluster. */
  get isActive(): boolean {
    return this.#departure === undefined;
  }

  /** @internal Why it takes no more requests; for a node that has left. */
  get departure(): ConnectionError {
    return this.#departure ?? this.#hasLeft();
  }

  toString(): string {
    return `${this.id} (${this.address})`;
  }

  /** @internal From now on the node is not active. */
  depart(reason: ConnectionError = this.#hasLeft()): void {
    this.#departure = reason;
  }

  #hasLeft(): ConnectionError {
    return new ConnectionError(`Node ${this} has left the cluster`);
  }
}
