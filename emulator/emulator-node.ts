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

  /** The port stays the same when the node is stopped and started again, unless it is started on another. */
  get port(): number {
    return this.#node.port;
  }

  /** False from `stop` to `start`. */
  get running(): boolean {
    return this.#node.runs;
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

  /**
   * Brings the node back, part of the cluster again `heartbeatTimeoutMs` later.
   * @param port Default the one that it had; 0 for any that is free.
   * @example await node.start(0); // The others tell clients where it is now.
   */
  start(port?: number): Promise<void> {
    if (port !== undefined) checkPort(port);
    return this.#cluster.startNode(this.#node, port);
  }

  /** Whether it stands still, from `freeze` to `thaw`. */
  get frozen(): boolean {
    return this.#node.isFrozen;
  }

  /**
   * Lets its process stand still, as `SIGSTOP` does: sockets open and take requests, and nobody answers; jobs rest. The
   * other nodes do without it `heartbeatTimeoutMs` later. Does nothing to a node that is stopped.
   */
  freeze(): void {
    this.#cluster.freezeNode(this.#node);
  }

  /** Lets it go on: it answers all that came meanwhile, however late that is, and is part of the cluster again. */
  thaw(): void {
    this.#cluster.thawNode(this.#node);
  }
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new RangeError(`start(port): expected a whole number from 0 to 65535, got ${String(port)}`);
}
