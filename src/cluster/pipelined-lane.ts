import type { ConnectionError } from "../errors/errors.js";
import type { Connection, ConnectionOwner } from "./connection.js";
import type { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { give, type Lane, OPEN_PAUSE_MS } from "./lane.js";
import type { Sharer, SocketBudget } from "./socket-budget.js";
import { WaitQueue } from "./wait-queue.js";

/** Another socket is opened once each has this many requests on it: below, fewer sockets mean fewer and larger writes. */
const SPREAD_AT = 16;

export interface PipelinedLaneOptions {
  /** Sockets that no other lane can take from this one. */
  readonly reserve: number;
  readonly sockets: number;
  /** Requests that may wait for replies on each: a power of two. */
  readonly depth: number;
  readonly idleMs: number;
}

/**
 * A few sockets that carry all short commands of a node, many at a time. What finds no room waits in a queue, unencoded,
 * until a reply makes room.
 */
export class PipelinedLane implements Lane, Sharer, ConnectionOwner {
  readonly #dialer: Dialer;
  readonly #budget: SocketBudget;
  readonly #options: PipelinedLaneOptions;
  readonly #connections: Connection[] = [];
  readonly #waiting = new WaitQueue();
  #growAfter = Number.NEGATIVE_INFINITY;
  #closed: ConnectionError | undefined;

  constructor(dialer: Dialer, budget: SocketBudget, options: PipelinedLaneOptions) {
    this.#dialer = dialer;
    this.#budget = budget;
    this.#options = options;
    budget.join(this, options.reserve);
  }

  get size(): number {
    return this.#connections.length;
  }

  get pending(): number {
    let pending = 0;
    for (const connection of this.#connections) pending += connection.pending;
    return pending;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  submit(exchange: Exchange): void {
    if (this.#closed !== undefined) {
      exchange.onLost(this.#closed, false);
      return;
    }
    const connection = this.#waiting.isEmpty ? this.#chooseFresh() : undefined;
    if (connection === undefined) this.#waiting.push(exchange);
    else give(connection, exchange);
    if (connection === undefined || connection.pending > SPREAD_AT) this.#grow();
  }

  reap(now: number): void {
    for (const connection of [...this.#connections]) {
      if (this.#isStale(connection, now)) connection.retire(this.#dialer.idleReason);
    }
  }

  closeIdle(): boolean {
    for (const connection of this.#connections) {
      if (!connection.isReady || connection.pending > 0) continue;
      connection.retire(this.#dialer.idleReason);
      return true;
    }
    return false;
  }

  onBudgetFreed(): void {
    if (!this.#waiting.isEmpty) this.#grow();
  }

  recycle(reason: ConnectionError): void {
    for (const connection of [...this.#connections]) connection.retire(reason);
  }

  close(reason: ConnectionError): void {
    this.#closed = reason;
    this.recycle(reason);
    this.#failWaiting(reason);
  }

  onReady(connection: Connection): void {
    this.#dialer.onOpened(connection);
    this.#serveWaiting();
  }

  onRoom(connection: Connection): void {
    this.#serveWaiting();
    if (connection.pending === 0) this.#budget.onFreed(this);
  }

  onClosed(connection: Connection, reason: ConnectionError, ready: boolean): void {
    this.#connections.splice(this.#connections.indexOf(connection), 1);
    this.#dialer.onClosed(connection, reason, ready);
    if (!ready) this.#growAfter = this.#dialer.io.runtime.now() + OPEN_PAUSE_MS;
    if (this.#closed !== undefined) return;
    this.#budget.onFreed(this);
    if (this.#waiting.isEmpty) return;
    // With no socket left and none to be had, those that wait would only fail one by one later.
    if (!ready && this.#connections.length === 0) this.#failWaiting(reason);
    else this.#grow();
  }

  onReleased(connection: Connection): void {
    this.#dialer.onReleased(connection);
  }

  /** The open socket with the fewest requests on it. The first one may be given requests while it opens. */
  #choose(): Connection | undefined {
    let best: Connection | undefined;
    let opening: Connection | undefined;
    let works = false;
    for (const connection of this.#connections) {
      if (connection.isOpening) {
        if (connection.hasRoom) opening = connection;
        continue;
      }
      if (connection.isStalled) continue;
      works = true;
      if (connection.hasRoom && (best === undefined || connection.pending < best.pending)) best = connection;
    }
    return works ? best : opening;
  }

  /** As {@link #choose}, but nothing that the server may have closed for idleness: the process may have been asleep. */
  #chooseFresh(): Connection | undefined {
    for (;;) {
      const connection = this.#choose();
      if (connection === undefined || !this.#isStale(connection)) return connection;
      connection.retire(this.#dialer.idleReason);
    }
  }

  #isStale(connection: Connection, now?: number): boolean {
    if (!connection.isReady || connection.pending > 0) return false;
    return (now ?? this.#dialer.io.runtime.now()) - connection.lastUsedAt > this.#options.idleMs;
  }

  /** Opens one more socket if that is allowed and none is opening already. */
  #grow(): void {
    let useful = 0;
    for (const connection of this.#connections) {
      if (connection.isOpening) return;
      if (!connection.isStalled) useful++;
    }
    // Stalled ones are about to be closed, yet they bound how many may be open in all.
    const { sockets, depth } = this.#options;
    if (useful >= sockets || this.#connections.length >= 2 * sockets) return;
    if (useful > 0 && this.#dialer.io.runtime.now() < this.#growAfter) return;
    if (!this.#budget.admits(this)) return;
    this.#connections.push(this.#dialer.open(this, depth));
    this.#serveWaiting();
  }

  #serveWaiting(): void {
    while (!this.#waiting.isEmpty) {
      const connection = this.#choose();
      if (connection === undefined) {
        this.#grow();
        return;
      }
      const exchange = this.#waiting.shift();
      if (exchange !== undefined) give(connection, exchange);
    }
  }

  #failWaiting(reason: ConnectionError): void {
    // Taken out first: some come back at once for another attempt, which is not to fail for this reason.
    for (const exchange of this.#waiting.takeAll()) exchange.onLost(reason, false);
  }
}
