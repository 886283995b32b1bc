import type { ClusterNode } from "./node.js";
import type { NodeSockets } from "./node-sockets.js";
import { SocketBudget, type SocketReserve } from "./socket-budget.js";

/**
 * One budget for the sockets to all nodes, the tend's included, for runtimes that allow only a few. What takes a moment
 * and what streams have one socket each that the other can't take: a program that reads records while it walks through
 * a query must not wait for its own query.
 */
export class SharedSockets {
  readonly budget: SocketBudget;
  /** Short commands, info requests, the tend. */
  readonly moments: SocketReserve = { sockets: 1 };
  readonly streams: SocketReserve = { sockets: 1 };
  readonly #most: number;
  readonly #nodes: ReadonlyMap<ClusterNode, NodeSockets>;

  /**
   * @param most sockets, 2 at least
   * @param closing sockets that are closed and that the runtime has not let go of yet
   */
  constructor(most: number, nodes: ReadonlyMap<ClusterNode, NodeSockets>, closing: () => number) {
    this.budget = new SocketBudget(most, closing);
    this.#most = most;
    this.#nodes = nodes;
  }

  /**
   * The node to hand a command on a record to: the one that owns it where it has a socket or may open one, else one that
   * has, for servers pass such commands on to each other. That costs less than a socket closed and another opened.
   */
  carrierFor(owner: ClusterNode): ClusterNode {
    let carrier: ClusterNode | undefined;
    let leastWork = Number.POSITIVE_INFINITY;
    let taken = 0;
    let streaming = 0;
    for (const [node, { short, streams }] of this.#nodes) {
      streaming += Math.min(streams.size, streams.pending);
      if (short.size === 0) continue;
      if (node === owner) return owner;
      taken += short.size;
      const work = short.pending + short.waiting;
      if (work >= leastWork || !node.isActive || node.breaker.isOpen) continue;
      carrier = node;
      leastWork = work;
    }
    const hasRoom = taken < this.#most - Math.max(this.streams.sockets, streaming);
    return hasRoom ? owner : (carrier ?? owner);
  }
}
