import type { InfoReply } from "../../protocol/info/info-reply.js";
import { ConnectionError } from "../errors/errors.js";
import { Deadline } from "../time/deadline.js";
import type { Connection } from "./connection.js";
import type { ConnectionOwner } from "./connection-owner.js";
import type { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { type InfoChannel, ONE_ATTEMPT, requestInfo } from "./info-operation.js";
import { give } from "./lane.js";
import { Traffic } from "./metrics/traffic.js";
import type { OperationHost } from "./operation.js";
import type { Sharer } from "./socket-budget.js";
import { WaitQueue } from "./wait-queue.js";

/**
 * The socket that a node is tended over. It is the tend's own: behind a hundred commands, or behind an info command that
 * waits for the whole cluster, changes of the cluster would be noticed late just when they matter most.
 */
export class ControlChannel implements ConnectionOwner, InfoChannel, Sharer {
  readonly traffic = new Traffic();
  readonly #dialer: Dialer;
  readonly name: string;
  readonly #host: OperationHost;
  readonly #limits: { readonly connectTimeoutMs: number };
  #connection: Connection | undefined;
  /** What waits for a socket where all nodes share a few. */
  readonly #waiting = new WaitQueue();
  /** Whether the tend is over, so that the socket may be taken for something else. */
  #isResting = false;
  #closed: ConnectionError | undefined;
  /** Counts sockets: what was told to the server on an earlier one is forgotten. */
  #generation = 0;
  /** Called when an open socket has gone, whoever closed it. */
  onDisconnected: (() => void) | undefined = undefined;

  /** @param name of the node, for messages */
  constructor(dialer: Dialer, name: string, limits: { readonly connectTimeoutMs: number }) {
    this.#dialer = dialer;
    this.name = name;
    // A tend has no use for another.
    this.#host = { io: dialer.io, nudge: () => undefined };
    this.#limits = limits;
    const { shared } = dialer.io;
    shared?.budget.join(this, shared.moments);
  }

  get size(): number {
    return this.#connection === undefined ? 0 : 1;
  }

  get connections(): readonly Connection[] {
    return this.#connection === undefined ? [] : [this.#connection];
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get idleSince(): number {
    return this.#isIdle ? this.#connection!.lastUsedAt : Number.POSITIVE_INFINITY;
  }

  closeIdle(): boolean {
    if (!this.#isIdle) return false;
    this.recycle(this.#dialer.idleReason);
    return true;
  }

  onBudgetFreed(): void {
    if (this.#waiting.isEmpty || !this.#mayOpen()) return;
    const connection = this.#open();
    for (const exchange of this.#waiting.takeAll()) give(connection, exchange);
  }

  /** The tend has no further question for now. */
  rest(): void {
    this.#isResting = true;
    this.#dialer.io.shared?.budget.onFreed();
  }

  get generation(): number {
    return this.#generation;
  }

  /** One request at a time. A node that does not reply in time loses the socket: the next request opens another. */
  async ask(commands: readonly string[]): Promise<InfoReply> {
    this.#isResting = false;
    // A socket that has to be opened first has a time limit of its own, and says better why it failed.
    const timeoutMs =
      this.#connection?.isReady === true ? this.#limits.connectTimeoutMs : 2 * this.#limits.connectTimeoutMs;
    try {
      return await requestInfo(this.#host, this, commands, ONE_ATTEMPT, new Deadline(this.#host.io.heap, timeoutMs));
    } catch (error) {
      this.#connection?.destroy(new ConnectionError(`${this.name} did not reply to the tend`, { cause: error }));
      throw error;
    }
  }

  submit(exchange: Exchange): void {
    const closed = this.#closed ?? this.#dialer.io.closed;
    if (closed !== undefined) {
      exchange.onLost(closed, false);
      return;
    }
    if (this.#connection !== undefined || this.#mayOpen()) give(this.#connection ?? this.#open(), exchange);
    else this.#waiting.push(exchange);
  }

  /** Closes the socket; the next request opens another and logs in on it. */
  recycle(reason: ConnectionError): void {
    this.#connection?.retire(reason);
  }

  close(reason: ConnectionError): void {
    this.#closed = reason;
    this.recycle(reason);
    for (const exchange of this.#waiting.takeAll()) exchange.onLost(reason, false);
    this.#dialer.io.shared?.budget.leave(this);
  }

  onReady(connection: Connection): void {
    this.#dialer.onOpened(connection);
  }

  onRoom(): void {
    // Requests come one at a time, so none waits for room.
  }

  onClosed(connection: Connection, reason: ConnectionError, ready: boolean): void {
    this.#connection = undefined;
    if (ready) this.onDisconnected?.();
    this.#dialer.onClosed(connection, reason, ready);
    this.#dialer.io.shared?.budget.onFreed();
  }

  onReleased(connection: Connection): void {
    this.#dialer.onReleased(connection);
  }

  get #isIdle(): boolean {
    return this.#isResting && this.#connection?.isReady === true && this.#connection.pending === 0;
  }

  #mayOpen(): boolean {
    return this.#dialer.io.shared?.budget.admits(this) !== false;
  }

  #open(): Connection {
    this.#generation++;
    this.#connection = this.#dialer.openControl(this);
    return this.#connection;
  }
}
