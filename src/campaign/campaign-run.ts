import { checkRecordsPerSecond } from "../../protocol/check/check-numbers.js";
import type {
  Campaign,
  CampaignProgress,
  CampaignSummary,
  CampaignWaitOptions,
  VerifyOptions,
  VerifyReport,
} from "../background/campaign-api/campaign.js";
import { CampaignError } from "../background/campaign-api/campaign-errors.js";
import type { CampaignCheckpoint } from "../background/campaign-api/checkpoint.js";
import type { CampaignRunOptions } from "../background/campaign-api/options.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { TimeoutError } from "../errors/errors.js";
import { checkCallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { setLimit } from "../time/limit-timer.js";
import { onAbort } from "../time/on-abort.js";
import { Announcements } from "./announcements.js";
import { CampaignLoop, type LoopEnd } from "./campaign-loop.js";
import { CampaignObserver } from "./campaign-observer.js";
import { parseCheckpoint } from "./checkpoint.js";
import type { Definition } from "./definition.js";
import { momentOf } from "./lease.js";
import type { CampaignStore, Claim, NumberedOrder, Taken } from "./store.js";
import { verifyCampaign } from "./verify.js";

const DEFAULT_LEASE_MS = 15_000;

/** What a run is made of. */
export interface RunSetup {
  readonly context: SessionContext;
  readonly store: CampaignStore;
  readonly options: CampaignRunOptions;
}

/** A campaign that this process has a claim to, and runs from here on. */
export interface Begun {
  readonly checkpoint: CampaignCheckpoint;
  readonly definition: Definition;
  /** What was wanted when it was taken over. */
  readonly order: NumberedOrder | undefined;
}

/** A claim to a campaign that nobody has made before. */
export function newClaim(
  { cluster }: SessionContext,
  { owner, leaseMs = DEFAULT_LEASE_MS }: CampaignRunOptions,
): Claim {
  const { runtime } = cluster;
  return {
    owner: owner ?? cluster.processName ?? "unknown process",
    token: BigInt.asUintN(64, runtime.randomBigint64()).toString(16),
    since: runtime.wallClock(),
    leaseMs,
  };
}

/** The handle of a campaign that this process runs, pauses and runs again. */
export class CampaignRun implements Campaign {
  readonly id: string;
  readonly #context: SessionContext;
  readonly #store: CampaignStore;
  readonly #options: CampaignRunOptions;
  readonly #definition: Definition;
  readonly #announcements = new Announcements();
  #loop: CampaignLoop;
  /** Resolves with the end of the loop, whichever it is. */
  #ended: Promise<LoopEnd>;
  /** Shared by all who want it to go on: without a store nobody else would keep two of them apart. */
  #resuming: Promise<void> | undefined;

  private constructor(setup: RunSetup, claim: Claim, { checkpoint, definition, order }: Begun) {
    this.id = checkpoint.id;
    this.#context = setup.context;
    this.#store = setup.store;
    this.#options = setup.options;
    this.#definition = definition;
    this.#loop = this.#newLoop(claim, { checkpoint, definition, order });
    this.#ended = this.#loop.run(checkpoint.counters.slices === 0 ? "started" : "resumed");
  }

  /** Runs a campaign that the store has, under a claim that it has accepted. */
  static begin(setup: RunSetup, claim: Claim, begun: Begun): CampaignRun {
    return new CampaignRun(setup, claim, begun);
  }

  get checkpoint(): CampaignCheckpoint {
    return this.#loop.checkpoint;
  }

  get progress(): CampaignProgress {
    return this.#loop.progress;
  }

  async pause(): Promise<void> {
    await this.#resumed();
    this.#loop.pause("pause() was called");
    await this.#ended;
  }

  async abort(): Promise<void> {
    this.#loop.abort("abort() was called");
    await this.#ended;
    const { status } = this.checkpoint;
    if (status === "done" || status === "aborted") return;
    // It had ended before: it is taken back, to be ended for good.
    await this.resume();
    this.#loop.abort("abort() was called");
    await this.#ended;
  }

  async resume(): Promise<void> {
    if (this.#loop.isRunning) return;
    this.#resuming ??= this.#goOn().finally(() => {
      this.#resuming = undefined;
    });
    await this.#resuming;
  }

  async #goOn(): Promise<void> {
    const claim = newClaim(this.#context, this.#options);
    this.#loop = this.#newLoop(claim, await goOnWith(await this.#kept(claim), this.#store, claim));
    this.#ended = this.#loop.run("resumed");
    this.#announcements.announce();
  }

  async setRate(recordsPerSecond: number | undefined): Promise<void> {
    if (recordsPerSecond !== undefined) checkRecordsPerSecond(recordsPerSecond);
    await this.#resumed();
    if (!this.#loop.isRunning) {
      const claim = newClaim(this.#context, this.#options);
      const { checkpoint } = parseCheckpoint((await this.#kept(claim)).checkpoint);
      await this.#store.release({ ...checkpoint, recordsPerSecond: recordsPerSecond ?? null }, claim);
    }
    this.#loop.setRate(recordsPerSecond, "setRate() was called");
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CampaignProgress, void, undefined> {
    for (;;) {
      // What is announced while the reader is at work is not missed.
      const news = this.#announcements.next();
      const { progress } = this;
      yield progress;
      if (progress.state !== "running" && progress.state !== "waiting") return;
      await news;
    }
  }

  async waitTillComplete(options: CampaignWaitOptions = {}): Promise<CampaignSummary> {
    checkCallOptions<CampaignWaitOptions>("waitTillComplete", options, {
      signal: true,
      totalTimeout: true,
      onProgress: true,
    });
    const { signal, totalTimeout = 0, onProgress } = options;
    const { cluster } = this.#context;
    return cluster.deadline(0, signal).run(async (scope) => {
      let isLate = false;
      const late = (): void => {
        isLate = true;
        this.#announcements.announce();
      };
      const timer = totalTimeout === 0 ? undefined : setLimit(cluster.runtime, totalTimeout, late, true);
      const lift = signal && onAbort(signal, () => this.#announcements.announce());
      try {
        for (;;) {
          scope.throwIfAborted("wait for the campaign");
          const news = this.#announcements.next();
          onProgress?.(this.progress);
          if (!this.#loop.isRunning) return await this.#summary();
          if (isLate) {
            throw new TimeoutError(`Campaign ${this.id} still runs after ${totalTimeout} ms of waiting; it goes on`);
          }
          await news;
        }
      } finally {
        timer?.cancel();
        lift?.();
      }
    });
  }

  verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return verifyCampaign(this.#context, this.checkpoint, this.#definition, options);
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { state, percent, reason } = this.progress;
    return show("Campaign", { id: this.id, state, percent, reason }, options, inspect);
  }

  /** Whoever resumes it meanwhile comes first, well or not. */
  async #resumed(): Promise<void> {
    if (this.#resuming !== undefined) await Promise.allSettled([this.#resuming]);
  }

  /** Without a store, where it was left is known here alone. */
  async #kept(claim: Claim): Promise<Taken> {
    return (await this.#store.acquire(claim)) ?? { checkpoint: JSON.stringify(this.checkpoint), order: undefined };
  }

  async #summary(): Promise<CampaignSummary> {
    const { error } = await this.#ended;
    if (error !== undefined) throw error;
    const { repeated, failureCauses, status } = this.checkpoint;
    const { progress, id } = this;
    if (status === "done") return { ...progress, id, repeated, failureCauses };
    const code = status === "aborted" ? "CAMPAIGN_ABORTED" : "CAMPAIGN_PAUSED";
    throw new CampaignError(`Campaign ${id} is ${status} at ${progress.percent} %: ${progress.reason}`, id, { code });
  }

  #newLoop(claim: Claim, { checkpoint, definition, order }: Begun): CampaignLoop {
    return new CampaignLoop({
      context: this.#context,
      store: this.#store,
      claim,
      claimedAt: momentOf(this.#context),
      checkpoint,
      order,
      definition,
      options: this.#options,
      observer: new CampaignObserver(this.#context, checkpoint.id, definition, this.#options.onEvent),
      onChange: () => this.#announcements.announce(),
    });
  }
}

/** A campaign that was taken over, to go on with. @throws CampaignError when it is at its end */
export async function goOnWith(taken: Taken, store: CampaignStore, claim: Claim): Promise<Begun> {
  const { checkpoint, definition } = parseCheckpoint(taken.checkpoint);
  await refuseEnded(checkpoint, store, claim);
  return { checkpoint: { ...checkpoint, status: "running" }, definition, order: taken.order };
}

/** Gives a campaign that is at its end back, and says so. @throws CampaignError */
export async function refuseEnded(checkpoint: CampaignCheckpoint, store: CampaignStore, claim: Claim): Promise<void> {
  const { status, id } = checkpoint;
  if (status !== "done" && status !== "aborted") return;
  await store.release(checkpoint, claim);
  throw new CampaignError(`Campaign ${id} is ${status}: there is nothing to go on with`, id, {
    code: "CAMPAIGN_ENDED",
  });
}
