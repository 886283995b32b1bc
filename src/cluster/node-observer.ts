import type { BreakerEvent, NodeEvent, TendEvent } from "./diagnostics.js";
import type { Io } from "./io.js";
import type { ClusterNode } from "./node.js";
import { errorAttributes, serverAttributes } from "./operation-event.js";

/** Counts and publishes what becomes of nodes, and of the questions that they are asked for news. */
export class NodeObserver {
  readonly #io: Io;
  /** Nodes that did not answer when they were last asked. */
  readonly #unreachable = new Set<ClusterNode>();

  constructor(io: Io) {
    this.#io = io;
  }

  added(node: ClusterNode): void {
    this.#io.meter.nodesAdded++;
    this.#publish("added", node);
  }

  /** After it has departed. */
  removed(node: ClusterNode): void {
    this.#io.meter.nodesRemoved++;
    this.#unreachable.delete(node);
    this.#publish("removed", node, node.departure.message);
  }

  /**
   * A node was asked for news.
   * @param startedAt on the runtime's clock
   * @param error undefined when it went well
   */
  tended(node: ClusterNode, startedAt: number, error: unknown): void {
    const { meter, runtime, diagnostics } = this.#io;
    const durationMs = runtime.now() - startedAt;
    meter.tend.add(durationMs);
    node.state.tends++;
    if (error !== undefined) {
      meter.tendFailures++;
      node.state.failedTends++;
    }
    // Nothing can be said of a node that left meanwhile.
    if (!node.isActive) return;
    if (diagnostics.tend.hasSubscribers) {
      const attributes = { ...serverAttributes(node), ...(error !== undefined && errorAttributes(error)) };
      const startTime = runtime.wallClock() - durationMs;
      const event: TendEvent = { attributes, startTime, durationMs, node: node.id, error };
      diagnostics.tend.publish(event);
    }
    if (error === undefined) {
      if (this.#unreachable.delete(node)) this.#publish("returned", node);
    } else if (!this.#unreachable.has(node)) {
      this.#unreachable.add(node);
      this.#publish("unreachable", node, error instanceof Error ? error.message : String(error));
    }
  }

  /** Its circuit breaker has opened, or has closed again. */
  breaker(node: ClusterNode, isOpen: boolean): void {
    const { breaker: channel } = this.#io.diagnostics;
    if (!channel.hasSubscribers) return;
    const { errors, limit } = node.breaker;
    const event = isOpen ? "opened" : "closed";
    const message: BreakerEvent = { attributes: serverAttributes(node), event, node: node.id, errors, limit };
    channel.publish(message);
  }

  #publish(event: NodeEvent["event"], node: ClusterNode, reason?: string): void {
    const { node: channel } = this.#io.diagnostics;
    if (!channel.hasSubscribers) return;
    const message: NodeEvent = { attributes: serverAttributes(node), event, node: node.id, reason };
    channel.publish(message);
  }
}
