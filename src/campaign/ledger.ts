import { CampaignError } from "../background/campaign-api/campaign-errors.js";
import type {
  CampaignCheckpoint,
  CampaignPhase,
  CampaignStatus,
  OpenSlice,
} from "../background/campaign-api/checkpoint.js";
import type { SessionContext } from "../policy/session-context.js";
import { withCauses, withRepeated } from "./checkpoint.js";
import { Lease, type LeaseWatcher, type Moment, momentOf } from "./lease.js";
import type { SliceCounters } from "./slice-run.js";
import type { CampaignOrder, CampaignStore, Claim, NumberedOrder } from "./store.js";

const RENEW_PAUSE_MS = 500;

export interface LedgerSetup {
  readonly context: SessionContext;
  readonly store: CampaignStore;
  readonly claim: Claim;
  readonly claimedAt: Moment;
  readonly checkpoint: CampaignCheckpoint;
  /** What was wanted when it was taken over. */
  readonly order: NumberedOrder | undefined;
  readonly onCheckpoint: ((checkpoint: CampaignCheckpoint) => void | Promise<void>) | undefined;
}

/** A slice that is done. */
export interface ClosedSlice {
  readonly open: OpenSlice;
  /** Undefined when the servers have forgotten it. */
  readonly counted: SliceCounters | undefined;
  readonly causes: readonly string[];
  readonly tookMs: number;
}

/** What has been written down of a campaign, as long as the right to write it down lasts. */
export class Ledger {
  readonly lease: Lease;
  readonly #setup: LedgerSetup;
  #checkpoint: CampaignCheckpoint;

  constructor(setup: LedgerSetup, watcher: LeaseWatcher) {
    const { context, store, claim, claimedAt, checkpoint, order } = setup;
    this.#setup = setup;
    this.#checkpoint = checkpoint;
    this.lease = new Lease(context, store, claim, claimedAt, watcher);
    if (order !== undefined) this.lease.heard(order);
  }

  get checkpoint(): CampaignCheckpoint {
    return this.#checkpoint;
  }

  /** Records a second and node that are asked for; written down with whatever comes next. */
  set rate(recordsPerSecond: number | undefined) {
    this.#checkpoint = { ...this.#checkpoint, recordsPerSecond: recordsPerSecond ?? null };
  }

  get rate(): number | undefined {
    return this.#checkpoint.recordsPerSecond ?? undefined;
  }

  /**
   * Writes down what is about to be given to the servers. When this has resolved, nobody else can have begun to do so.
   * @throws CampaignError when the lease is lost
   */
  async open(open: OpenSlice): Promise<void> {
    await this.#save({ ...this.#checkpoint, open });
    const { cluster } = this.#setup.context;
    while (!this.lease.isSafe) {
      if (!(await this.lease.renew())) throw this.lost();
      if (!this.lease.isSafe) await cluster.deadline(0).sleep(RENEW_PAUSE_MS);
    }
  }

  /** Nothing came of it, and nothing will. */
  async withdraw(): Promise<void> {
    await this.#save({ ...this.#checkpoint, open: null });
  }

  async close({ open, counted, causes, tookMs }: ClosedSlice): Promise<void> {
    const { counters, phase, workedMs, failureCauses } = this.#checkpoint;
    const changed = counted?.succeeded ?? 0;
    await this.#save({
      ...this.#checkpoint,
      position: open.end,
      open: null,
      workedMs: workedMs + Math.round(tookMs),
      failureCauses: withCauses(failureCauses, causes),
      counters: {
        ...counters,
        succeeded: counters.succeeded + (phase === "change" ? changed : 0),
        unmarked: counters.unmarked + (phase === "unmark" ? changed : 0),
        failed: counters.failed + (counted?.failed ?? 0),
        filtered: counters.filtered + (counted?.filtered ?? 0),
        slices: counters.slices + 1,
        isLowerBound: counters.isLowerBound || counted === undefined,
      },
    });
  }

  /** The slice has to be given to the servers again. */
  async repeat({ begin, end }: OpenSlice, reason: string): Promise<void> {
    const { phase, counters } = this.#checkpoint;
    await this.#save({
      ...withRepeated(this.#checkpoint, { begin, end, phase, reason }),
      open: null,
      counters: { ...counters, isLowerBound: true },
    });
  }

  async enter(phase: CampaignPhase): Promise<void> {
    await this.#save({ ...this.#checkpoint, phase, position: 0 });
  }

  /**
   * Gives the campaign back; one that is left running leaves its orders to whoever goes on.
   * @returns what was wanted meanwhile: the campaign is not given back before that is heeded
   * @throws CampaignError when the lease is lost
   */
  async end(status: CampaignStatus): Promise<CampaignOrder | undefined> {
    const { store, claim, onCheckpoint } = this.#setup;
    const checkpoint = { ...this.#checkpoint, status };
    this.lease.isRetired = true;
    const reply = await store.release(checkpoint, claim, status === "running" ? undefined : this.lease.lastOrder);
    if (reply === false) throw this.lost();
    if (reply !== true) {
      this.lease.isRetired = false;
      this.lease.heard(reply);
      return reply.order;
    }
    this.#checkpoint = checkpoint;
    await onCheckpoint?.(checkpoint);
    return undefined;
  }

  lost(): CampaignError {
    const { id } = this.#checkpoint;
    return new CampaignError(
      `Campaign ${id}: the lease of ${this.#setup.claim.owner} is lost; somebody else may run it by now, or it was removed`,
      id,
      { code: "CAMPAIGN_LEASE_LOST" },
    );
  }

  async #save(checkpoint: CampaignCheckpoint): Promise<void> {
    const { context, store, claim, onCheckpoint } = this.#setup;
    const sentAt = momentOf(context);
    if (!(await store.save(checkpoint, claim))) throw this.lost();
    this.lease.confirm(sentAt);
    // The rate may have been set meanwhile.
    this.#checkpoint = { ...checkpoint, recordsPerSecond: this.#checkpoint.recordsPerSecond };
    await onCheckpoint?.(this.#checkpoint);
  }
}
