import type { CampaignProgress, CampaignState } from "../background/campaign-api/campaign.js";
import { CampaignError } from "../background/campaign-api/campaign-errors.js";
import type { CampaignCheckpoint, CampaignStatus, OpenSlice } from "../background/campaign-api/checkpoint.js";
import type { CampaignRunOptions } from "../background/campaign-api/options.js";
import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { onAbort } from "../time/on-abort.js";
import { Calm } from "./calm.js";
import type { CampaignObserver } from "./campaign-observer.js";
import { withCauses, withRepeated } from "./checkpoint.js";
import type { ClusterView } from "./cluster-view.js";
import type { Definition } from "./definition.js";
import { Lease, type Moment, momentOf } from "./lease.js";
import { registerMarking, removeMarking } from "./marking-function.js";
import { RateControl } from "./rate-control.js";
import { sizeOfSet } from "./set-size.js";
import { firstWidth, nextWidth, PARTS, sliceFrom } from "./slice-plan.js";
import { runSlice, type SliceEnd, type SliceOwner, settleSlice, stopSlice } from "./slice-run.js";
import { Speed } from "./speed.js";
import type { CampaignStore, Claim } from "./store.js";

const DEFAULT_SLICE_SECONDS = 5;
/** A node that refuses a slice is asked again, so long. */
const REFUSED_PAUSE_MS = 1_000;
const MOST_REFUSALS = 600;
const LONGEST_SLEEP_MS = 1_000;
/** For giving a campaign back when the client is at its end, or an abort has to reach the nodes. */
const LAST_WORDS_MS = 30_000;

export interface LoopSetup {
  readonly context: SessionContext;
  readonly store: CampaignStore;
  readonly claim: Claim;
  readonly claimedAt: Moment;
  readonly checkpoint: CampaignCheckpoint;
  readonly definition: Definition;
  readonly options: CampaignRunOptions;
  readonly observer: CampaignObserver;
  onChange(): void;
}

/** How a run ended; the checkpoint has its status. */
export interface LoopEnd {
  readonly error: unknown;
}

/** One run of a campaign, from a claim to its end: slice after slice, each written down before it is given to the servers. */
export class CampaignLoop {
  readonly #setup: LoopSetup;
  readonly #lease: Lease;
  readonly #calm: Calm;
  readonly #speed = new Speed();
  readonly #owner: SliceOwner;
  /** Ends whatever is waited for: an abort, a lease that is lost, a failure beside the loop. */
  readonly #interrupt = new AbortController();
  #checkpoint: CampaignCheckpoint;
  #wish: { readonly status: "paused" | "aborted"; readonly reason: string } | undefined;
  #failure: { readonly error: unknown } | undefined;
  #state: CampaignState = "running";
  #reason = "begins";
  #slicePercent: number | null = null;
  #rate: RateControl | undefined;
  #width = 0;
  #refusals = 0;

  constructor(setup: LoopSetup) {
    const { context, store, claim, claimedAt, checkpoint, definition, options } = setup;
    this.#setup = setup;
    this.#checkpoint = checkpoint;
    this.#owner = { context, id: checkpoint.id, definition };
    this.#lease = new Lease(context, store, claim, claimedAt, {
      onLost: () => this.#fail(this.#leaseLost()),
      onOrder: (order) => {
        if (order.do === "rate") this.setRate(order.recordsPerSecond ?? undefined, "somebody asked for it");
        else if (order.do === "abort") this.abort("somebody asked for it");
        else this.pause("somebody asked for it");
      },
      onTrouble: (error) => this.#tell({ event: "trouble", reason: `the lease was not renewed: ${error}`, error }),
    });
    const watcher = this;
    this.#calm = new Calm(
      context,
      definition.namespace,
      {
        get isWanted() {
          return watcher.#wish === undefined;
        },
        onWaiting: (reason) => this.#waiting(reason),
        onGoingOn: (reason) => this.#goingOn(reason),
      },
      options.politeness?.maxAwayMs,
    );
  }

  get checkpoint(): CampaignCheckpoint {
    return this.#checkpoint;
  }

  get isRunning(): boolean {
    return this.#state === "running" || this.#state === "waiting";
  }

  get progress(): CampaignProgress {
    const { counters, phase, position, open, status } = this.#checkpoint;
    const share = open === null ? 0 : ((open.end - open.begin) * (this.#slicePercent ?? 0)) / 100;
    const done = status === "done" ? PARTS : position + share;
    return {
      ...counters,
      state: this.#state,
      reason: this.#reason,
      phase,
      percent: Math.round((10_000 * done) / PARTS) / 100,
      recordsPerSecond: this.#rate?.rate ?? this.#checkpoint.recordsPerSecond ?? undefined,
      measuredPerSecond: this.#speed.perSecond,
      msLeft: this.#speed.msFor(PARTS - done),
      slice: open,
      slicePercent: this.#slicePercent,
    };
  }

  pause(reason: string): void {
    this.#wish ??= { status: "paused", reason };
  }

  abort(reason: string): void {
    if (!this.isRunning) return;
    this.#wish = { status: "aborted", reason };
    this.#interrupt.abort(new Error("The campaign is aborted"));
  }

  setRate(recordsPerSecond: number | undefined, reason: string): void {
    const from = this.#checkpoint.recordsPerSecond ?? undefined;
    this.#checkpoint = { ...this.#checkpoint, recordsPerSecond: recordsPerSecond ?? null };
    if (this.#rate !== undefined) this.#rate.asked = recordsPerSecond;
    this.#tell({ event: "rate", reason, from, to: recordsPerSecond });
    this.#setup.onChange();
  }

  /** Runs until the campaign is done, or something ends the run. Never rejects. */
  async run(how: "started" | "resumed"): Promise<LoopEnd> {
    const { context, options } = this.#setup;
    const { signal } = options;
    const lift = signal && onAbort(signal, () => this.pause("its signal fired"));
    if (signal?.aborted === true) this.pause("its signal fired");
    const deadline = context.cluster.deadline(0, this.#interrupt.signal);
    try {
      await deadline.run(async (scope) => {
        // What goes on beside the slices ends with them; what goes wrong there ends them.
        const beside = (work: Promise<void>): void =>
          void work.catch((error: unknown) => this.#failBeside(error, scope));
        beside(this.#lease.run(scope));
        this.#tell({ event: how, reason: `by ${this.#setup.claim.owner}` });
        const { definition } = this.#owner;
        this.#rate = await RateControl.open(context, definition, this.#asked, options.politeness, scope);
        beside(this.#rate.run(scope));
        await this.#slices(scope, this.#rate);
      });
    } catch (error) {
      if (this.#wish?.status !== "aborted" || this.#failure !== undefined) this.#failure ??= { error };
    } finally {
      lift?.();
    }
    return this.#end();
  }

  get #asked(): number | undefined {
    return this.#checkpoint.recordsPerSecond ?? undefined;
  }

  async #slices(deadline: Deadline, rate: RateControl): Promise<void> {
    const { mark, action } = this.#owner.definition;
    if (mark !== undefined && action.type === "udf" && this.#checkpoint.phase === "change") {
      await registerMarking(this.#setup.context, this.#checkpoint.id);
    }
    this.#calm.expect(this.#checkpoint.open?.nodes ?? []);
    while (this.#wish === undefined) {
      if (this.#checkpoint.position === PARTS) {
        if (!(await this.#nextPhase())) return;
        continue;
      }
      const view = await this.#calm.wait(deadline);
      if (view !== undefined) await this.#slice(view, deadline, rate);
    }
  }

  /** @returns whether there is one */
  async #nextPhase(): Promise<boolean> {
    const { mark, action } = this.#owner.definition;
    if (mark !== undefined && action.type === "udf" && this.#checkpoint.phase === "change") await this.#dropMarking();
    if (this.#checkpoint.phase === "unmark" || mark?.removeMarks !== true) {
      this.#checkpoint = { ...this.#checkpoint, status: "done" };
      return false;
    }
    this.#speed.reset();
    this.#width = 0;
    await this.#save({ ...this.#checkpoint, phase: "unmark", position: 0 });
    this.#tell({ event: "phase", reason: "every record is changed", phase: "unmark" });
    return true;
  }

  async #slice(view: ClusterView, deadline: Deadline, rate: RateControl): Promise<void> {
    const { runtime } = this.#setup.context.cluster;
    const startedAt = runtime.now();
    const left = this.#checkpoint.open;
    const onProgress = ({ percent }: { readonly percent: number | null }): void => {
      this.#slicePercent = percent;
      this.#setup.onChange();
    };
    rate.begin(view);
    if (left !== null) this.#running("finds out what became of the slice that was under way");
    let open = left;
    let end = open === null ? undefined : await settleSlice(this.#owner, open, deadline, onProgress);
    if (open === null || end?.end === "unknown") {
      if (open !== null && end?.end === "unknown") await this.#noteRepeat(open, end.reason);
      open = await this.#openSlice(view, rate, open?.taskId);
      end = await runSlice(this.#owner, this.#checkpoint.phase, open, deadline, onProgress);
    }
    if (end === undefined || this.#wish?.status === "aborted") return;
    await this.#close(open, end, runtime.now() - startedAt, deadline, rate);
    this.#slicePercent = null;
    this.#setup.onChange();
  }

  /** Writes down what is about to be given to the servers. */
  async #openSlice(view: ClusterView, rate: RateControl, taskId?: string): Promise<OpenSlice> {
    const { context, options } = this.#setup;
    const sliceMs = 1000 * (options.sliceSeconds ?? DEFAULT_SLICE_SECONDS);
    if (this.#width === 0) {
      const { namespace, setName } = this.#owner.definition;
      const { records } = await sizeOfSet(context, namespace, setName, context.cluster.deadline(LAST_WORDS_MS));
      this.#width = firstWidth({ records, perSecond: (rate.rate ?? rate.cap) * view.nodes.length, sliceMs });
    }
    const open: OpenSlice = {
      ...sliceFrom(this.#checkpoint.position, this.#width),
      taskId: taskId ?? newTaskId(context.cluster.runtime.randomBigint64()),
      nodes: view.nodes,
      clusterKey: view.clusterKey,
      recordsPerSecond: rate.rate ?? null,
    };
    await this.#save({ ...this.#checkpoint, open });
    while (!this.#lease.isSafe) {
      if (!(await this.#lease.renew())) throw this.#leaseLost();
      if (!this.#lease.isSafe) await context.cluster.deadline(0, this.#interrupt.signal).sleep(LONGEST_SLEEP_MS);
    }
    this.#running(`changes the records of parts ${open.begin} to ${open.end} of ${PARTS}`);
    this.#tell({
      event: "slice",
      reason: `as long as ${sliceMs} ms should be, at the speed of late`,
      slice: { begin: open.begin, end: open.end },
      taskId: BigInt(open.taskId),
      recordsPerSecond: rate.rate,
    });
    return open;
  }

  async #close(open: OpenSlice, end: SliceEnd, tookMs: number, deadline: Deadline, rate: RateControl): Promise<void> {
    if (end.end !== "refused") this.#refusals = 0;
    switch (end.end) {
      case "done": {
        const after = await this.#calm.wait(deadline);
        // Somebody wants an end: what is open is found out about by whoever goes on.
        if (after === undefined) return;
        if (after.clusterKey === open.clusterKey) return this.#done(open, end, after, tookMs, rate);
        return this.#again(
          open,
          "nodes came or went while it ran, so that some records may have been left out",
          deadline,
        );
      }
      case "again":
      case "unknown":
        return this.#again(open, end.reason, deadline);
      case "stopped":
        await this.#again(open, end.reason, deadline);
        return this.pause(`somebody stopped its task: ${end.reason}`);
      default:
        return this.#refused(end.error, deadline);
    }
  }

  async #done(
    open: OpenSlice,
    { counted, causes }: SliceEnd & { readonly end: "done" },
    after: ClusterView,
    tookMs: number,
    rate: RateControl,
  ): Promise<void> {
    const { counters, phase, workedMs, failureCauses } = this.#checkpoint;
    const changed = counted?.succeeded ?? 0;
    const width = open.end - open.begin;
    this.#speed.add({ width, changed, tookMs });
    const before = rate.rate;
    const decision = rate.decide(after);
    this.#width = nextWidth({
      width,
      tookMs,
      sliceMs: 1000 * (this.#setup.options.sliceSeconds ?? DEFAULT_SLICE_SECONDS),
      rateFactor: (rate.rate ?? rate.cap) / (open.recordsPerSecond ?? rate.cap),
    });
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
    if (decision === undefined) return;
    if (rate.rate !== before) this.#tell({ event: "rate", reason: decision.reason, from: before, to: rate.rate });
    if (decision.pauseMs > 0) await this.#pauseFor(decision.pauseMs, decision.reason);
  }

  /** The slice is given to the servers again, once its task surely does no more. */
  async #again(open: OpenSlice, reason: string, deadline: Deadline): Promise<void> {
    await stopSlice(this.#setup.context, open, deadline);
    await this.#noteRepeat(open, reason);
  }

  async #noteRepeat(open: OpenSlice, reason: string): Promise<void> {
    const { begin, end } = open;
    const { phase, counters } = this.#checkpoint;
    await this.#save({
      ...withRepeated(this.#checkpoint, { begin, end, phase, reason }),
      open: null,
      counters: { ...counters, isLowerBound: true },
    });
    this.#tell({ event: "repeat", reason, slice: { begin, end } });
  }

  async #refused(error: AerospikeError, deadline: Deadline): Promise<void> {
    if (++this.#refusals > MOST_REFUSALS) throw error;
    await this.#save({ ...this.#checkpoint, open: null });
    if (this.#refusals === 1) this.#waiting(`the servers don't start it: ${error.message}`);
    await deadline.sleep(REFUSED_PAUSE_MS);
  }

  async #pauseFor(ms: number, reason: string): Promise<void> {
    const { cluster } = this.#setup.context;
    const deadline = cluster.deadline(0, this.#interrupt.signal);
    this.#waiting(`${reason}; slower than ${this.#rate?.rate} a second it can't be, so it pauses for ${ms} ms`);
    const until = cluster.runtime.now() + ms;
    while (this.#wish === undefined && cluster.runtime.now() < until) {
      await deadline.sleep(Math.min(LONGEST_SLEEP_MS, until - cluster.runtime.now()));
    }
    this.#goingOn("the pause is over");
  }

  /** Writes it down, and tells whoever wants to know. */
  async #save(checkpoint: CampaignCheckpoint): Promise<void> {
    const { context, store, claim, options } = this.#setup;
    const sentAt = momentOf(context);
    // The rate may have been set meanwhile.
    const { recordsPerSecond } = this.#checkpoint;
    const whole = { ...checkpoint, recordsPerSecond };
    if (!(await store.save(whole, claim))) throw this.#leaseLost();
    this.#lease.confirm(sentAt);
    this.#checkpoint = { ...whole, recordsPerSecond: this.#checkpoint.recordsPerSecond };
    await options.onCheckpoint?.(this.#checkpoint);
  }

  /** Gives the campaign back with the status that it has come to. */
  async #end(): Promise<LoopEnd> {
    const { context, store, claim, options } = this.#setup;
    const failure = this.#failure;
    const reason = failure === undefined ? (this.#wish?.reason ?? "all is done") : String(failure.error);
    const isLost = failure?.error instanceof CampaignError && failure.error.code === "CAMPAIGN_LEASE_LOST";
    try {
      if (!isLost && !context.cluster.isClosed) {
        const status: CampaignStatus = failure === undefined ? this.#finalStatus : "running";
        if (status === "aborted") await this.#stopForGood();
        const checkpoint = { ...this.#checkpoint, status };
        await store.release(checkpoint, claim);
        this.#checkpoint = checkpoint;
        await options.onCheckpoint?.(checkpoint);
      }
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#slicePercent = null;
    this.#reason = reason;
    const status = this.#checkpoint.status;
    this.#state = this.#failure !== undefined || status === "running" ? "failed" : status;
    this.#tell({ event: this.#state === "failed" ? "failed" : this.#finalStatus, reason });
    this.#setup.onChange();
    return { error: this.#failure?.error };
  }

  get #finalStatus(): "paused" | "aborted" | "done" {
    return this.#checkpoint.status === "done" ? "done" : (this.#wish?.status ?? "paused");
  }

  /** What is under way is stopped; where that can't be told, it may go on to its end. */
  async #stopForGood(): Promise<void> {
    const { context } = this.#setup;
    const { open } = this.#checkpoint;
    if (open !== null) await stopSlice(context, open, context.cluster.deadline(LAST_WORDS_MS));
    await this.#dropMarking();
  }

  async #dropMarking(): Promise<void> {
    const { mark, action } = this.#owner.definition;
    if (mark === undefined || action.type !== "udf") return;
    try {
      await removeMarking(this.#setup.context, this.#checkpoint.id);
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      this.#tell({
        event: "trouble",
        reason: `the module that marks records was not removed: ${error.message}`,
        error,
      });
    }
  }

  #leaseLost(): CampaignError {
    const { id } = this.#checkpoint;
    return new CampaignError(
      `Campaign ${id}: the lease of ${this.#setup.claim.owner} is lost; somebody else may run it by now, or it was removed`,
      id,
      { code: "CAMPAIGN_LEASE_LOST" },
    );
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#interrupt.abort(error);
  }

  /** What runs beside the slices is ended with them, which is no failure. */
  #failBeside(error: unknown, scope: Deadline): void {
    if (scope.signal?.aborted !== true && scope.closed?.aborted !== true) this.#fail(error);
  }

  #waiting(reason: string): void {
    this.#state = "waiting";
    this.#reason = reason;
    this.#tell({ event: "waiting", reason });
    this.#setup.onChange();
  }

  #goingOn(reason: string): void {
    this.#running(reason);
    this.#tell({ event: "goingOn", reason });
  }

  #running(reason: string): void {
    this.#state = "running";
    this.#reason = reason;
    this.#setup.onChange();
  }

  #tell(event: Parameters<CampaignObserver["tell"]>[0]): void {
    this.#setup.observer.tell(event, this.#checkpoint.status);
  }
}

/** 0 is no id for a server. */
function newTaskId(random: bigint): string {
  const id = BigInt.asUintN(64, random);
  return String(id === 0n ? 1n : id);
}
