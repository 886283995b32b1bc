import type { ConnectionError } from "../errors/errors.js";
import { Deadline } from "../time/deadline.js";
import type { Connection } from "./connection.js";
import type { Dialer } from "./dialer.js";
import type { Exchange } from "./exchange.js";
import { ONE_ATTEMPT, requestInfo } from "./info-operation.js";
import type { SocketLimits } from "./lane.js";
import type { OperationHost } from "./operation.js";

/** Sockets that may be opening at once. */
const OPENING_LIMIT = 8;

/** A lane, as far as sockets are opened in it that nobody needs yet. */
export interface Growing {
  /** Sockets that are open or opening, the oldest first. */
  readonly connections: Iterable<Connection>;
  /** Opens one more; false when there is no room for it. */
  openOne(): boolean;
  /** Sends something on an unused socket. */
  use(connection: Connection, exchange: Exchange): void;
}

/** Somebody waits until so many sockets are open. */
interface WarmUp {
  readonly sockets: number;
  readonly done: (failure: ConnectionError | undefined) => void;
}

/**
 * Keeps the least number of sockets of a lane open, so that commands after a quiet time, or the first of all, need not wait for
 * sockets: opens what is missing, and asks the server something on those that were unused for half of the time after which
 * they count as idle. Servers, firewalls and load balancers count that as use.
 */
export class KeptSockets {
  readonly #lane: Growing;
  readonly #dialer: Dialer;
  readonly #limits: SocketLimits;
  readonly #host: OperationHost;
  #warming: readonly WarmUp[] = [];

  constructor(lane: Growing, dialer: Dialer, limits: SocketLimits) {
    this.#lane = lane;
    this.#dialer = dialer;
    this.#limits = limits;
    this.#host = { io: dialer.io, nudge: () => undefined };
  }

  /** Opens what is missing. */
  fill(): void {
    this.#openUpTo(this.#limits.minConnectionsPerNode);
  }

  /** Asks something on an unused socket when it is time, if it is one of those to be kept: the oldest. */
  refresh(connection: Connection, now: number): void {
    const { maxSocketIdleMs, connectTimeoutMs } = this.#limits;
    if (now - connection.lastUsedAt < maxSocketIdleMs / 2 || !this.#isKept(connection)) return;
    const channel = {
      name: this.#dialer.address,
      submit: (exchange: Exchange) => this.#lane.use(connection, exchange),
    };
    const deadline = new Deadline(this.#dialer.io.heap, connectTimeoutMs);
    // What goes wrong is the socket's: one that gives no reply is closed, and another takes its place.
    requestInfo(this.#host, channel, ["node"], ONE_ATTEMPT, deadline).catch(() => undefined);
  }

  /** Opens sockets until there are so many. Resolves once they are open, or to the reason why one could not be opened. */
  warm(sockets: number): Promise<ConnectionError | undefined> {
    return new Promise((done) => {
      this.#warming = [...this.#warming, { sockets, done }];
      this.#openUpTo(sockets);
      this.onChange();
    });
  }

  /** A socket was opened or closed. @param failure why one could not be opened */
  onChange(failure?: ConnectionError): void {
    if (this.#warming.length === 0) return;
    const { all, open } = this.#count();
    const isOver = ({ sockets }: WarmUp): boolean => failure !== undefined || open >= sockets;
    for (const { done } of this.#warming.filter(isOver)) done(failure);
    this.#warming = this.#warming.filter((each) => !isOver(each));
    const wanted = Math.max(0, ...this.#warming.map(({ sockets }) => sockets));
    if (wanted <= all || this.#openUpTo(wanted) || open < all) return;
    // There is no room for more, and none on its way.
    for (const { done } of this.#warming) done(undefined);
    this.#warming = [];
  }

  /** Whether any was opened. */
  #openUpTo(sockets: number): boolean {
    const { all, open } = this.#count();
    // Of a node of which no socket works one is enough to find out.
    const opening = open === 0 && this.#warming.length === 0 ? 1 : OPENING_LIMIT;
    const missing = Math.min(sockets - all, opening - (all - open));
    let opened = 0;
    while (opened < missing && this.#lane.openOne()) opened++;
    return opened > 0;
  }

  #isKept(connection: Connection): boolean {
    let kept = 0;
    for (const each of this.#lane.connections) {
      if (kept++ === this.#limits.minConnectionsPerNode) return false;
      if (each === connection) return true;
    }
    return false;
  }

  #count(): { readonly all: number; readonly open: number } {
    let all = 0;
    let open = 0;
    for (const { isReady } of this.#lane.connections) {
      all++;
      if (isReady) open++;
    }
    return { all, open };
  }
}
