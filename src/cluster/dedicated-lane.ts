import type { ConnectionError } from "../errors/errors.js";
import type { Connection } from "./connection.js";
import type { ConnectionOwner } from "./connection-owner.js";
import type { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { type Growing, KeptSockets } from "./kept-sockets.js";
import { give, type Lane, OPEN_PAUSE_MS, type SocketLimits } from "./lane.js";
import { Traffic } from "./metrics/traffic.js";
import type { Sharer, SocketBudget, SocketReserve } from "./socket-budget.js";
import { WaitQueue } from "./wait-queue.js";

/** Sockets that may be opening at once: a burst of commands must not become a storm of connections. */
const OPENING_LIMIT = 8;

export interface DedicatedLaneOptions {
  /** Sockets that no other lane can take from this one. */
  readonly reserve: SocketReserve;
  readonly limits: SocketLimits;
  /** Whether sockets of it are kept open. */
  readonly isKept: boolean;
}

/**
 * Sockets with one exchange at a time each, for what takes long or streams, and for everything over TLS. When all are
 * taken the next one waits for a socket until its own deadline.
 */
export class DedicatedLane implements Lane, Sharer, ConnectionOwner, Growing {
  readonly #dialer: Dialer;
  readonly #budget: SocketBudget;
  readonly #limits: SocketLimits;
  readonly traffic = new Traffic();
  readonly connections = new Set<Connection>();
  /** The one used last is on top, so that the others become idle long enough to be closed. */
  readonly #idle: Connection[] = [];
  #opening = 0;
  #growAfter = Number.NEGATIVE_INFINITY;
  readonly #waiting = new WaitQueue();
  readonly #kept: KeptSockets | undefined;
  #closed: ConnectionError | undefined;

  constructor(dialer: Dialer, budget: SocketBudget, options: DedicatedLaneOptions) {
    this.#dialer = dialer;
    this.#budget = budget;
    this.#limits = options.limits;
    this.#kept = options.isKept ? new KeptSockets(this, dialer, options.limits) : undefined;
    budget.join(this, options.reserve);
  }

  get size(): number {
    return this.connections.size;
  }

  get pending(): number {
    let pending = 0;
    for (const connection of this.connections) pending += connection.pending;
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
    this.#waiting.push(exchange);
    this.#serve();
  }

  reap(now: number): void {
    for (const connection of [...this.#idle]) {
      if (this.#isStale(connection, now)) connection.retire(this.#dialer.idleReason);
      else this.#kept?.refresh(connection, now);
    }
    this.#grow();
    this.#kept?.fill();
  }

  async warm(sockets: number): Promise<ConnectionError | undefined> {
    return this.#kept?.warm(sockets);
  }

  openOne(): boolean {
    if (this.#closed !== undefined || !this.#budget.admits(this)) return false;
    this.#opening++;
    this.connections.add(this.#dialer.open(this, 1));
    return true;
  }

  use(connection: Connection, exchange: Exchange): void {
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.traffic.kept++;
    give(connection, exchange);
  }

  get idleSince(): number {
    return this.#idle[0]?.lastUsedAt ?? Number.POSITIVE_INFINITY;
  }

  closeIdle(): boolean {
    // The one at the bottom was used longest ago.
    const [oldest] = this.#idle;
    oldest?.retire(this.#dialer.idleReason);
    return oldest !== undefined;
  }

  onBudgetFreed(): void {
    this.#grow();
  }

  recycle(reason: ConnectionError): void {
    for (const connection of [...this.connections]) connection.retire(reason);
  }

  close(reason: ConnectionError): void {
    this.#closed = reason;
    this.recycle(reason);
    this.#kept?.onChange(reason);
    for (const exchange of this.#waiting.takeAll()) exchange.onLost(reason, false);
    this.#budget.leave(this);
  }

  onReady(connection: Connection): void {
    this.#opening--;
    this.#dialer.onOpened(connection);
    this.#release(connection);
    this.#kept?.onChange();
  }

  onRoom(connection: Connection): void {
    this.#release(connection);
  }

  onClosed(connection: Connection, reason: ConnectionError, ready: boolean): void {
    this.connections.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#dialer.onClosed(connection, reason, ready);
    if (!ready) {
      this.#opening--;
      this.#growAfter = this.#dialer.io.runtime.now() + OPEN_PAUSE_MS;
    }
    if (this.#closed !== undefined) return;
    this.#kept?.onChange(ready ? undefined : reason);
    this.#budget.onFreed();
    // With no socket that works, those that wait would only fail one by one later.
    if (!ready && this.connections.size === this.#opening) {
      for (const exchange of this.#waiting.takeAll()) exchange.onLost(reason, false);
    } else this.#grow();
  }

  onReleased(connection: Connection): void {
    this.#dialer.onReleased(connection);
  }

  /** Takes back a socket whose exchange is over. */
  #release(connection: Connection): void {
    if (connection.pending > 0 || this.#idle.includes(connection)) return;
    this.#idle.push(connection);
    this.#serve();
    if (this.#idle.length > 0) this.#budget.onFreed();
  }

  #serve(): void {
    while (!this.#waiting.isEmpty) {
      const connection = this.#takeIdle();
      if (connection === undefined) {
        this.#grow();
        return;
      }
      const next = this.#waiting.shift();
      if (next !== undefined) give(connection, next);
      // Its request could not be encoded: the socket is still free.
      if (connection.pending === 0 && connection.isReady) this.#idle.push(connection);
    }
  }

  #takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined) return undefined;
      if (!this.#isStale(connection, this.#dialer.io.runtime.now())) return connection;
      connection.retire(this.#dialer.idleReason);
    }
  }

  #isStale(connection: Connection, now: number): boolean {
    return now - connection.lastUsedAt > this.#limits.maxSocketIdleMs;
  }

  /** Opens sockets for those that wait. An opening one is theirs to share: whoever is first when it is ready gets it. */
  #grow(): void {
    let wanted = this.#waiting.length - this.#opening;
    if (wanted <= 0) return;
    const works = this.connections.size > this.#opening;
    if (works && this.#dialer.io.runtime.now() < this.#growAfter) return;
    while (wanted-- > 0 && this.#opening < OPENING_LIMIT) if (!this.openOne()) return;
  }
}
