import type { Timer } from "../../runtime/runtime.js";
import type { ConnectionError } from "../errors/errors.js";
import type { Connection } from "./connection.js";
import type { ConnectionOwner } from "./connection-owner.js";
import type { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { type Growing, KeptSockets } from "./kept-sockets.js";
import { give, type Lane, OPEN_PAUSE_MS, type SocketLimits } from "./lane.js";
import { Traffic } from "./metrics/traffic.js";
import type { Sharer, SocketBudget, SocketReserve } from "./socket-budget.js";
import { Spread } from "./spread.js";
import { WaitQueue } from "./wait-queue.js";

/** A second socket is opened once the first has this many requests on it, whatever it is known of the server by then. */
const SPREAD_AT = 16;
/** The least pause that lets what has arrived be read. */
const LOOK_AGAIN_MS = 1;

export interface PipelinedLaneOptions {
  /** Sockets that no other lane can take from this one. */
  readonly reserve: SocketReserve;
  readonly sockets: number;
  /** Requests that may wait for replies on each: a power of two. */
  readonly depth: number;
  readonly limits: SocketLimits;
}

/**
 * A few sockets that carry all short commands of a node, many at a time. What finds no room waits in a queue, unencoded,
 * until a reply makes room.
 */
export class PipelinedLane implements Lane, Sharer, ConnectionOwner, Growing {
  readonly #dialer: Dialer;
  readonly #budget: SocketBudget;
  readonly #options: PipelinedLaneOptions;
  readonly traffic = new Traffic();
  readonly connections: Connection[] = [];
  readonly #waiting = new WaitQueue();
  readonly #spread: Spread;
  readonly #kept: KeptSockets;
  #opening = 0;
  /** Set while {@link #lookAgain} waits. */
  #look: Timer | undefined;
  #hasLooked = false;
  #growAfter = Number.NEGATIVE_INFINITY;
  #closed: ConnectionError | undefined;

  constructor(dialer: Dialer, budget: SocketBudget, options: PipelinedLaneOptions) {
    this.#dialer = dialer;
    this.#budget = budget;
    this.#options = options;
    this.#spread = new Spread(options.sockets, this.traffic);
    this.#kept = new KeptSockets(this, dialer, options.limits);
    budget.join(this, options.reserve);
  }

  get size(): number {
    return this.connections.length;
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
    const connection = this.#waiting.isEmpty ? this.#chooseFresh() : undefined;
    if (connection === undefined) {
      this.#waiting.push(exchange);
      this.#grow();
      return;
    }
    give(connection, exchange);
    if (connection.pending > SPREAD_AT) this.#spread.raise(2);
    this.#growBeside(connection);
  }

  reap(now: number): void {
    for (const connection of [...this.connections]) {
      if (this.#isStale(connection, now)) connection.retire(this.#dialer.idleReason);
      else if (connection.isReady && connection.pending === 0) this.#kept.refresh(connection, now);
    }
    this.#kept.fill();
  }

  warm(sockets: number): Promise<ConnectionError | undefined> {
    return this.#kept.warm(sockets);
  }

  openOne(): boolean {
    const { sockets, depth } = this.#options;
    // Stuck ones may be of use again or are about to be closed; yet they bound how many may be open in all.
    const isFull = this.connections.length >= 2 * sockets;
    if (this.#closed !== undefined || isFull || !this.#budget.admits(this)) return false;
    this.#opening++;
    this.connections.push(this.#dialer.open(this, depth));
    return true;
  }

  use(connection: Connection, exchange: Exchange): void {
    this.traffic.kept++;
    give(connection, exchange);
  }

  get idleSince(): number {
    return this.#oldestIdle?.lastUsedAt ?? Number.POSITIVE_INFINITY;
  }

  closeIdle(): boolean {
    const idle = this.#oldestIdle;
    idle?.retire(this.#dialer.idleReason);
    return idle !== undefined;
  }

  onBudgetFreed(): void {
    if (!this.#waiting.isEmpty) this.#grow();
  }

  recycle(reason: ConnectionError): void {
    for (const connection of [...this.connections]) connection.retire(reason);
  }

  close(reason: ConnectionError): void {
    this.#closed = reason;
    this.#look?.cancel();
    this.recycle(reason);
    this.#kept.onChange(reason);
    this.#failWaiting(reason);
    this.#budget.leave(this);
  }

  onReady(connection: Connection): void {
    this.#opening--;
    this.#dialer.onOpened(connection);
    this.#spread.onOpened(this.#dialer.io.runtime.now() - connection.openedAt);
    // Until it shows its own.
    for (const other of this.connections) connection.pace += other.pace / this.connections.length;
    this.#serveWaiting();
    this.#growBeside(connection);
    this.#kept.onChange();
  }

  onReplies(now: number, replies: number, responseMs: number, backlogMs: number): void {
    // What a further socket brings shows once it is open.
    if (this.#opening === 0) this.#spread.onReplies(now, replies, responseMs, backlogMs, this.pending);
  }

  onRoom(connection: Connection): void {
    this.#serveWaiting();
    if (connection.pending === 0) this.#budget.onFreed();
  }

  onClosed(connection: Connection, reason: ConnectionError, ready: boolean): void {
    this.connections.splice(this.connections.indexOf(connection), 1);
    this.#dialer.onClosed(connection, reason, ready);
    if (!ready) {
      this.#opening--;
      this.#growAfter = this.#dialer.io.runtime.now() + OPEN_PAUSE_MS;
    }
    if (this.#closed !== undefined) return;
    this.#kept.onChange(ready ? undefined : reason);
    this.#budget.onFreed();
    if (this.#waiting.isEmpty) return;
    // With no socket left and none to be had, those that wait would only fail one by one later.
    if (!ready && this.connections.length === 0) this.#failWaiting(reason);
    else this.#grow();
  }

  onReleased(connection: Connection): void {
    this.#dialer.onReleased(connection);
  }

  /**
   * The socket on which a request waits least, of as many as they are spread over. One whose oldest request takes far
   * longer than usual is passed over: further ones would be held up behind it. The first of all may be given requests
   * while it opens.
   */
  #choose(): Connection | undefined {
    const wanted = this.#wanted;
    let best: Connection | undefined;
    let opening: Connection | undefined;
    let now = Number.NaN;
    let leastWait = Number.POSITIVE_INFINITY;
    let useful = 0;
    let isLate = false;
    for (const connection of this.connections) {
      if (connection.isOpening) {
        if (connection.hasRoom) opening = connection;
        continue;
      }
      if (connection.pending === 0) return connection;
      if (connection.isStalled) continue;
      if (Number.isNaN(now)) now = this.#dialer.io.runtime.now();
      const age = now - connection.oldestSince;
      if (age > this.#spread.lateAfterMs) {
        isLate = true;
        continue;
      }
      // Long before it is late, one that is stuck shows by the age of its oldest request.
      const wait = Math.max(connection.pending * connection.pace, age);
      const isLess =
        wait < leastWait || (wait === leastWait && best !== undefined && connection.pending < best.pending);
      if (isLess && connection.hasRoom) {
        best = connection;
        leastWait = wait;
      }
      if (++useful === wanted) break;
    }
    // While there is hope for a late one it is better to wait for the first that is free than to be bound to one.
    return useful > 0 || isLate ? best : opening;
  }

  get #oldestIdle(): Connection | undefined {
    let oldest: Connection | undefined;
    for (const connection of this.connections) {
      if (!connection.isReady || connection.pending > 0) continue;
      if (oldest === undefined || connection.lastUsedAt < oldest.lastUsedAt) oldest = connection;
    }
    return oldest;
  }

  get #wanted(): number {
    return this.#spread.socketsFor(this.pending + this.#waiting.length);
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
    return (now ?? this.#dialer.io.runtime.now()) - connection.lastUsedAt > this.#options.limits.maxSocketIdleMs;
  }

  /** Opens one more socket if requests share this one and are to be spread over more. */
  #growBeside(connection: Connection): void {
    if (connection.pending > 1 && this.connections.length < this.#wanted) this.#grow();
  }

  /** Opens one more socket if that is allowed, and none is opening already: a burst must not become a storm. */
  #grow(): void {
    if (this.#opening > 0) return;
    const now = this.#dialer.io.runtime.now();
    const lateSince = now - this.#spread.lateAfterMs;
    let useful = 0;
    let late = 0;
    let room = 0;
    for (const connection of this.connections) {
      if (connection.isStalled || connection.isOpening) continue;
      if (connection.oldestSince < lateSince) late++;
      else {
        useful++;
        if (connection.hasRoom) room++;
      }
    }
    if (room === 0 && useful > 0) this.#spread.raise(useful + 1);
    if (useful >= this.#wanted || this.connections.length >= 2 * this.#options.sockets) return;
    if (useful + late > 0 && now < this.#growAfter) return;
    if (useful === 0 && late > 0 && !this.#hasLooked) {
      this.#lookAgain();
      return;
    }
    if (this.openOne()) this.#serveWaiting();
  }

  /**
   * A socket that seems late may only not have been read for a while, if this process was busy: what has arrived is read
   * first.
   */
  #lookAgain(): void {
    this.#look ??= this.#dialer.io.runtime.setTimer(
      LOOK_AGAIN_MS,
      () => {
        this.#look = undefined;
        this.#hasLooked = true;
        if (!this.#waiting.isEmpty) this.#grow();
        this.#hasLooked = false;
      },
      true,
    );
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
