import type { Cluster } from "./cluster/cluster.js";
import type { EmulatedNode } from "./node/emulated-node.js";

/** A node of an emulated cluster, to look at and to take away. */
export class EmulatorNode {
  readonly #cluster: Cluster;
  readonly #node: EmulatedNode;

  /** @internal */
  constructor(cluster: Cluster, node: EmulatedNode) {
    this.#cluster = cluster;
    this.#node = node;
  }

  /** Its place in the cluster, from 0. */
  get index(): number {
    return this.#node.index;
  }

  /** Its id as clients see it, hexadecimal. */
  get id(): string {
    return this.#node.id;
  }

  /** Address that it listens on. */
  get host(): string {
    return this.#node.host;
  }

  /** The port stays the same when the node is stopped and started again. */
  get port(): number {
    return this.#node.port;
  }

  /** False from `stop` to `start`. */
  get running(): boolean {
    return this.#node.isUp;
  }

  /** Client sockets that are open now. */
  get connections(): number {
    return this.#node.sessions.size;
  }

  /**
   * Takes the node away as if its process were killed: its port refuses, its sockets are cut and its jobs are gone. The
   * other nodes act on it only `heartbeatTimeoutMs` later; until then what needs this node is answered with a timeout.
   * Its data is kept, and where no other node has it, out of reach until the node is back; in a namespace with
   * `strongConsistency`, until `revive` and `recluster` are sent to the nodes.
   */
  stop(): Promise<void> {
    return this.#cluster.stopNode(this.#node);
  }

  /** Brings the node back on the same port. It is part of the cluster again `heartbeatTimeoutMs` later. */
  start(): Promise<void> {
    return this.#cluster.startNode(this.#node);
  }
}
