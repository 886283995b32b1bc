/** Who takes sockets out of a budget. */
export interface Sharer {
  /** Sockets that are open or opening. */
  readonly size: number;
  /** Since when the socket that {@link closeIdle} would close has been idle, on the runtime's clock; Infinity for none. */
  readonly idleSince: number;
  /** Closes a socket that nobody uses at the moment; false when there is none. */
  closeIdle(): boolean;
  /** There may be room for one more socket: it is this one's turn to ask. */
  onBudgetFreed(): void;
}

/** Sockets that no other sharers can take from those who join a budget with this object. */
export interface SocketReserve {
  readonly sockets: number;
}

/**
 * How many sockets several sharers may have together. Each reserve is for its sharers alone, so that none starves however
 * long the others hold theirs; what is left goes to whoever wants it first. Who was turned away is asked again in the
 * order of coming, one socket at a time.
 */
export class SocketBudget {
  readonly #most: number;
  readonly #closing: () => number;
  readonly #reserves = new Map<Sharer, SocketReserve>();
  /** Those who were turned away, in the order of coming. */
  readonly #waiting = new Set<Sharer>();
  /** Whose turn it is while {@link #serve} goes through those who wait, and whether it asked. */
  #turn: Sharer | undefined;
  #hasAsked = false;
  #isReclaiming = false;

  /** @param closing sockets that sharers have closed and the runtime has not let go of yet, where they count */
  constructor(most: number, closing: () => number = () => 0) {
    this.#most = most;
    this.#closing = closing;
  }

  join(sharer: Sharer, reserve: SocketReserve): void {
    this.#reserves.set(sharer, reserve);
  }

  leave(sharer: Sharer): void {
    this.#reserves.delete(sharer);
    this.#waiting.delete(sharer);
    this.#serve();
  }

  /** Whether a sharer may open one more socket. The socket idle longest is closed where that makes the room. */
  admits(sharer: Sharer): boolean {
    if (sharer === this.#turn) this.#hasAsked = true;
    else if (this.#isBehind(sharer)) this.#serve();
    const isBehind = this.#isBehind(sharer);
    this.#waiting.add(sharer);
    if (isBehind || !(this.#hasRoom(sharer) || this.#reclaim(sharer))) return false;
    this.#waiting.delete(sharer);
    return true;
  }

  /** A sharer has closed a socket, or does not need one at the moment. */
  onFreed(): void {
    if (!this.#isReclaiming) this.#serve();
  }

  #serve(): void {
    if (this.#turn !== undefined || this.#waiting.size === 0) return;
    for (const sharer of [...this.#waiting]) {
      if (!this.#waiting.has(sharer)) continue;
      this.#turn = sharer;
      this.#hasAsked = false;
      sharer.onBudgetFreed();
      // What it waited for came about otherwise.
      if (!this.#hasAsked) this.#waiting.delete(sharer);
    }
    this.#turn = undefined;
  }

  /** Whether others who draw on the same reserve came before. */
  #isBehind(sharer: Sharer): boolean {
    const reserve = this.#reserves.get(sharer);
    for (const other of this.#waiting) {
      if (other === sharer) return false;
      if (this.#reserves.get(other) === reserve) return true;
    }
    return false;
  }

  #hasRoom(sharer: Sharer): boolean {
    const own = this.#reserves.get(sharer);
    const sizes = new Map<SocketReserve, number>();
    for (const [{ size }, reserve] of this.#reserves) sizes.set(reserve, (sizes.get(reserve) ?? 0) + size);
    const closing = this.#closing();
    let open = closing;
    let taken = closing;
    let hasReserve = false;
    for (const [reserve, size] of sizes) {
      open += size;
      if (reserve === own) hasReserve = size < reserve.sockets;
      taken += reserve === own ? size : Math.max(size, reserve.sockets);
    }
    return taken < this.#most || (hasReserve && (closing === 0 || open < this.#most));
  }

  /**
   * Closes the idle socket that was used longest ago and is not reserved, for the one that asks and nobody else. Where
   * closing takes a while the asker waits; one socket is enough for each who waits.
   */
  #reclaim(asker: Sharer): boolean {
    if (this.#closing() >= this.#waiting.size) return false;
    const own = this.#reserves.get(asker);
    let oldest: Sharer | undefined;
    let since = Number.POSITIVE_INFINITY;
    for (const [sharer, reserve] of this.#reserves) {
      const { idleSince } = sharer;
      if (sharer === asker || idleSince >= since) continue;
      if (reserve !== own && this.#sizeOf(reserve) <= reserve.sockets) continue;
      oldest = sharer;
      since = idleSince;
    }
    if (oldest === undefined) return false;
    this.#isReclaiming = true;
    oldest.closeIdle();
    this.#isReclaiming = false;
    return this.#hasRoom(asker);
  }

  #sizeOf(reserve: SocketReserve): number {
    let size = 0;
    for (const [sharer, own] of this.#reserves) if (own === reserve) size += sharer.size;
    return size;
  }
}
