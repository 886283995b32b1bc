/** A lane, as far as it shares the number of sockets with others. */
export interface Sharer {
  /** Sockets that are open or opening. */
  readonly size: number;
  /** Closes a socket that nobody uses at the moment; false when there is none. */
  closeIdle(): boolean;
  /** Another lane has let go of a socket: there may be room for one more. */
  onBudgetFreed(): void;
}

interface Share {
  readonly sharer: Sharer;
  readonly reserve: number;
}

/**
 * How many sockets to a node the lanes may have together. Each lane has a reserve that no other can take, so that none
 * starves however long the others hold theirs; what is left goes to whoever wants it first.
 */
export class SocketBudget {
  readonly #most: number;
  readonly #shares: Share[] = [];
  /** Whether a lane was turned away since sockets were last let go of. */
  #isWanted = false;
  #isReclaiming = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** @param reserve sockets that this lane may always have */
  join(sharer: Sharer, reserve: number): void {
    this.#shares.push({ sharer, reserve });
  }

  /** Whether a lane may open one more socket. An idle socket of another lane is closed where that makes the room. */
  admits(sharer: Sharer): boolean {
    let taken = 0;
    for (const share of this.#shares) {
      const { size } = share.sharer;
      if (share.sharer !== sharer) taken += Math.max(size, share.reserve);
      else if (size < share.reserve) return true;
      else taken += size;
    }
    if (taken < this.#most) return true;
    if (this.#reclaim(sharer)) return true;
    this.#isWanted = true;
    return false;
  }

  /** A lane has closed a socket, or does not need one at the moment. */
  onFreed(by: Sharer): void {
    if (!this.#isWanted || this.#isReclaiming) return;
    this.#isWanted = false;
    for (const { sharer } of this.#shares) if (sharer !== by) sharer.onBudgetFreed();
  }

  /** Closes an idle socket of another lane, for the one that asks and nobody else. */
  #reclaim(asker: Sharer): boolean {
    this.#isReclaiming = true;
    const found = this.#shares.some(
      ({ sharer, reserve }) => sharer !== asker && sharer.size > reserve && sharer.closeIdle(),
    );
    this.#isReclaiming = false;
    return found;
  }
}
