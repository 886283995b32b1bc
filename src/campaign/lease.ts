import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { CampaignOrder, CampaignStore, Claim, NumberedOrder } from "./store.js";

/** Parts of the lease: how often its holder says that it lives, and until when it starts nothing without having said so. */
const BEAT = 1 / 5;
const SAFE = 0.6;

/** What a lease tells its holder. */
export interface LeaseWatcher {
  /** Somebody else has taken over, or may have. */
  onLost(): void;
  onOrder(order: CampaignOrder): void;
  /** The store did not reply; it is tried again. */
  onTrouble(error: unknown): void;
}

/** The right of one run to its campaign: says again and again that the holder lives, and hears what others want. */
export class Lease {
  readonly claim: Claim;
  readonly #context: SessionContext;
  readonly #store: CampaignStore;
  readonly #watcher: LeaseWatcher;
  #confirmed: Moment;
  #lastOrder = 0;
  #isRetired = false;

  /** @param claim that the store has accepted just now */
  constructor(context: SessionContext, store: CampaignStore, claim: Claim, since: Moment, watcher: LeaseWatcher) {
    this.claim = claim;
    this.#context = context;
    this.#store = store;
    this.#confirmed = since;
    this.#watcher = watcher;
  }

  /** The store accepted a write that was sent at this moment or later. */
  confirm(sentAt: Moment): void {
    this.#confirmed = sentAt;
  }

  /** While the lease is given back, what the store says of it means nothing. */
  set isRetired(isRetired: boolean) {
    this.#isRetired = isRetired;
  }

  /** Number of the last order that its holder knows, 0 for none. */
  get lastOrder(): number {
    return this.#lastOrder;
  }

  /** The holder knows the order. @returns whether that is news */
  heard({ number }: NumberedOrder): boolean {
    const isNew = number !== this.#lastOrder;
    this.#lastOrder = number;
    return isNew;
  }

  /** Whether nobody else can have taken over yet. */
  get isSafe(): boolean {
    return this.#silentMs < this.claim.leaseMs * SAFE;
  }

  /** Until the signal of the deadline fires, or the lease is lost. */
  async run(deadline: Deadline): Promise<void> {
    const { leaseMs } = this.claim;
    for (;;) {
      await deadline.sleep(leaseMs * BEAT);
      if (!(await this.renew())) return;
    }
  }

  /** Says that the holder lives. @returns false when the lease is lost */
  async renew(): Promise<boolean> {
    const sentAt = momentOf(this.#context);
    try {
      const reply = await this.#store.renew(this.claim);
      if (this.#isRetired) return true;
      if (reply === "lost") {
        this.#watcher.onLost();
        return false;
      }
      this.#confirmed = sentAt;
      if (reply !== undefined && this.heard(reply)) this.#watcher.onOrder(reply.order);
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      if (this.#isRetired) return true;
      this.#watcher.onTrouble(error);
    }
    return true;
  }

  /** By whichever clock has gone further: one may stand still while the machine sleeps, the other may be set. */
  get #silentMs(): number {
    const now = momentOf(this.#context);
    return Math.max(now.monotonic - this.#confirmed.monotonic, now.wall - this.#confirmed.wall);
  }
}

/** A moment by both clocks of this machine. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export function momentOf({ cluster: { runtime } }: SessionContext): Moment {
  return { monotonic: runtime.now(), wall: runtime.wallClock() };
}
