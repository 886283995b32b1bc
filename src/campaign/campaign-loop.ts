import type { CampaignProgress, CampaignState } from "../background/campaign-api/campaign.js";
import { CampaignError } from "../background/campaign-api/campaign-errors.js";
import type { CampaignCheckpoint, OpenSlice } from "../background/campaign-api/checkpoint.js";
import type { CampaignRunOptions } from "../background/campaign-api/options.js";
import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { onAbort } from "../time/on-abort.js";
import { Calm } from "./calm.js";
import type { CampaignObserver, NewEvent } from "./campaign-observer.js";
import type { ClusterView } from "./cluster-view.js";
import type { Definition } from "./definition.js";
import type { Moment } from "./lease.js";
import { Ledger } from "./ledger.js";
import { whyNoMark } from "./mark-options.js";
import { registerMarking, removeMarking } from "./marking-function.js";
import { FIRST_REASON } from "./politeness.js";
import { RateControl } from "./rate-control.js";
import { sizeOfSet } from "./set-size.js";
import { firstWidth, LEARNED_FROM, nextWidth, PARTS, sliceFrom, type TimedSlice } from "./slice-plan.js";
import { runSlice, type SliceEnd, type SliceOwner, settleSlice, stopLastSlice, stopSlice } from "./slice-run.js";
import { newSliceTaskId } from "./slice-task-id.js";
import { Speed } from "./speed.js";
import type { CampaignOrder, CampaignStore, Claim, NumberedOrder } from "./store.js";

const DEFAULT_SLICE_SECONDS = 5;
/** A slice that nodes don't start is tried again at this pace, and ever more slowly where others took it; so long in all. */
const REFUSED_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 64_000;
const MOST_REFUSED_MS = 600_000;
/** After so long somebody who wants an end is listened to. */
const LONGEST_SLEEP_MS = 1_000;
/** For what has to be done when nothing else is: the nodes are told to stop. */
const LAST_WORDS_MS = 30_000;

export interface LoopSetup {
  readonly context: SessionContext;
  readonly store: CampaignStore;
  readonly claim: Claim;
  readonly claimedAt: Moment;
  readonly checkpoint: CampaignCheckpoint;
  /** What was wanted when it was taken over, of a holder that may not have heard of it. */
  readonly order: NumberedOrder | undefined;
  readonly definition: Definition;
  readonly options: CampaignRunOptions;
  readonly observer: CampaignObserver;
  /** Called when there is something new to see. */
  onChange(): void;
}

/** How a run ended; the checkpoint has its status. */
export interface LoopEnd {
  /** What this process can't go on for; undefined when that was not the end. */
  readonly error: unknown;
}

/** One run of a campaign, from a claim to its end: slice after slice, each written down before it is given to the servers. */
export class CampaignLoop {
  readonly #setup: LoopSetup;
  readonly #ledger: Ledger;
  readonly #calm: Calm;
  readonly #speed = new Speed();
  readonly #owner: SliceOwner;
  readonly #sliceMs: number;
  /** Ends whatever is waited for: an abort, a lease that is lost, a failure beside the loop. */
  readonly #interrupt = new AbortController();
  #wish: { readonly status: "paused" | "aborted"; readonly reason: string } | undefined;
  #failure: { readonly error: unknown } | undefined;
  #state: CampaignState = "running";
  #reason = "begins";
  #slicePercent: number | null = null;
  #rate: RateControl | undefined;
  /** Why slices have another one than what is asked for. */
  #rateReason: string | null;
  /** The last slices of this phase and run, to learn from how long the next one is. */
  #timed: readonly TimedSlice[] = [];
  /** How long was waited for nodes to start the slice that is next. */
  #refusedMs = 0;

  constructor(setup: LoopSetup) {
    const { context, checkpoint, definition, options } = setup;
    this.#setup = setup;
    this.#owner = { context, id: checkpoint.id, definition };
    this.#rateReason = options.politeness === undefined ? null : FIRST_REASON;
    this.#sliceMs = 1000 * (options.sliceSeconds ?? DEFAULT_SLICE_SECONDS);
    this.#ledger = new Ledger(
      { ...setup, onCheckpoint: options.onCheckpoint },
      {
        onLost: () => this.#fail(this.#ledger.lost()),
        onOrder: (order) => this.#obey(order),
        onTrouble: (error) => this.#tell({ event: "trouble", reason: `the lease was not renewed: ${error}`, error }),
      },
    );
    const watcher = {
      isWanted: () => this.#wish === undefined,
      onWaiting: (reason: string) => this.#waiting(reason),
      onGoingOn: (reason: string) => this.#goingOn(reason),
    };
    this.#calm = new Calm(context, definition.namespace, watcher, options.politeness?.maxAwayMs);
  }

  get checkpoint(): CampaignCheckpoint {
    return this.#ledger.checkpoint;
  }

  get isRunning(): boolean {
    return this.#state === "running" || this.#state === "waiting";
  }

  get progress(): CampaignProgress {
    const { counters, phase, position, open, status } = this.checkpoint;
    const share = open === null ? 0 : ((open.end - open.begin) * (this.#slicePercent ?? 0)) / 100;
    const done = status === "done" ? PARTS : position + share;
    return {
      ...counters,
      state: this.#state,
      reason: this.#reason,
      phase,
      percent: Math.round((10_000 * done) / PARTS) / 100,
      recordsPerSecond: this.#rate === undefined ? this.#ledger.rate : this.#rate.rate,
      measuredPerSecond: this.#speed.perSecond,
      msLeft: this.#speed.msFor(PARTS - done),
      slice: open,
      slicePercent: this.#slicePercent,
    };
  }

  /** The slice that is under way comes to its end before. */
  pause(reason: string): void {
    this.#wish ??= { status: "paused", reason };
  }

  abort(reason: string): void {
    if (!this.isRunning) return;
    this.#wish = { status: "aborted", reason };
    this.#interrupt.abort(new Error("The campaign is aborted"));
  }

  setRate(recordsPerSecond: number | undefined, reason: string): void {
    const from = this.#ledger.rate;
    this.#ledger.rate = recordsPerSecond;
    if (this.#rate !== undefined) this.#rate.asked = recordsPerSecond;
    this.#tellRate(reason, from, recordsPerSecond);
    this.#setup.onChange();
  }

  /** Runs until the campaign is done, or something ends the run. Never rejects. */
  async run(how: "started" | "resumed"): Promise<LoopEnd> {
    const { context, options, claim, order } = this.#setup;
    const { signal } = options;
    const pause = (): void => this.pause("its signal fired");
    const lift = signal && onAbort(signal, pause);
    if (signal?.aborted === true) pause();
    const rest = new AbortController();
    this.#beside((scope) => this.#ledger.lease.run(scope), rest.signal);
    try {
      await context.cluster.deadline(0, this.#interrupt.signal).run(async (scope) => {
        this.#tell({ event: how, reason: `by ${claim.owner}` });
        // Whoever resumes after a pause wants it to go on.
        if (order !== undefined && order.order.do !== "pause") this.#obey(order.order);
        if (this.#wish !== undefined) return;
        const { definition } = this.#owner;
        const open = () => RateControl.open(context, definition, this.#ledger.rate, options.politeness, scope);
        const rate = await this.#patiently(open, scope);
        if (rate === undefined) return;
        this.#rate = rate;
        const { signal: end } = scope;
        if (end !== undefined) this.#beside((probing) => rate.run(probing), end);
        await this.#slices(scope, rate);
      });
    } catch (error) {
      if (this.#wish?.status !== "aborted") this.#failure ??= { error };
    } finally {
      lift?.();
    }
    await this.#end();
    rest.abort();
    return { error: this.#failure?.error };
  }

  async #slices(deadline: Deadline, rate: RateControl): Promise<void> {
    if (this.#marksByFunction && this.checkpoint.phase === "change") {
      await this.#patiently(() => registerMarking(this.#setup.context, this.checkpoint.id), deadline);
    }
    this.#calm.expect(this.checkpoint.open?.nodes ?? []);
    while (this.#wish === undefined && this.#failure === undefined) {
      if (await this.#patiently(() => this.#step(deadline, rate), deadline)) return;
    }
  }

  /** @returns whether it was the last one */
  async #step(deadline: Deadline, rate: RateControl): Promise<boolean> {
    if (this.checkpoint.position === PARTS) return !(await this.#nextPhase());
    const view = await this.#calm.wait(deadline);
    if (view !== undefined) await this.#slice(view, deadline, rate);
    return false;
  }

  /**
   * Does something until it goes well: what fails as nodes and networks fail is no reason to give a campaign up, and where it
   * stands is written down. Undefined when somebody wants an end.
   */
  async #patiently<T>(work: () => Promise<T>, deadline: Deadline): Promise<T | undefined> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        deadline.throwIfAborted("campaign");
        if (!(error instanceof AerospikeError && (error.isTransient || error.inDoubt))) throw error;
        this.#tell({ event: "trouble", reason: error.message, error });
        this.#waiting(`tries again: ${error.message}`);
        await deadline.sleep(LONGEST_SLEEP_MS);
        if (this.#wish !== undefined) return undefined;
        this.#running("tries again");
      }
    }
  }

  /** @returns whether there is one */
  async #nextPhase(): Promise<boolean> {
    if (this.checkpoint.phase === "change") await this.#dropMarking();
    if (this.checkpoint.phase === "unmark" || this.#owner.definition.mark?.removeMarks !== true) return false;
    this.#speed.reset();
    this.#timed = [];
    await this.#ledger.enter("unmark");
    this.#tell({ event: "phase", reason: "every record is changed", phase: "unmark" });
    return true;
  }

  /** Gives the next slice to the servers, or finds out what became of one that was given to them before. */
  async #slice(view: ClusterView, deadline: Deadline, rate: RateControl): Promise<void> {
    const { runtime } = this.#setup.context.cluster;
    const onProgress = ({ percent }: { readonly percent: number | null }): void => {
      this.#slicePercent = percent;
      this.#setup.onChange();
    };
    const left = this.checkpoint.open;
    if (left !== null) {
      this.#running("finds out what became of the slice that was under way");
      const end = await settleSlice(this.#owner, left, deadline, onProgress);
      if (end.end !== "unknown") return this.#close(left, end, undefined, deadline, rate);
      await this.#repeat(left, end.reason);
    }
    const open = await this.#open(view, rate, left?.taskId);
    rate.begin(view);
    const startedAt = runtime.now();
    const end = await runSlice(this.#owner, this.checkpoint.phase, open, deadline, onProgress);
    await this.#close(open, end, runtime.now() - startedAt, deadline, rate);
  }

  /** @param taskId of a slice that no node knows: should its start still be on its way, nodes refuse one of the two */
  async #open(view: ClusterView, rate: RateControl, taskId?: string): Promise<OpenSlice> {
    const { context } = this.#setup;
    const range = sliceFrom(this.checkpoint.position, await this.#nextWidth(view, rate.rate ?? rate.cap));
    const open: OpenSlice = {
      ...range,
      taskId: taskId ?? newSliceTaskId(this.#owner.id, context.cluster.runtime.randomBigint64()),
      nodes: view.nodes,
      clusterKey: view.clusterKey,
      recordsPerSecond: rate.rate ?? null,
      rateReason: this.#rateReason,
    };
    this.#slicePercent = null;
    await this.#ledger.open(open);
    const reason = `changes the records of parts ${open.begin} to ${open.end} of ${PARTS}`;
    this.#running(reason);
    this.#tell({ event: "slice", reason, slice: range, taskId: BigInt(open.taskId), recordsPerSecond: rate.rate });
    return open;
  }

  async #nextWidth({ nodes }: ClusterView, rate: number): Promise<number> {
    if (this.#timed.length > 0) return nextWidth(this.#timed, rate, this.#sliceMs);
    const { context } = this.#setup;
    const { namespace, setName } = this.#owner.definition;
    const { records } = await sizeOfSet(context, namespace, setName, context.cluster.deadline(LAST_WORDS_MS));
    return firstWidth({ records, perSecond: rate * nodes.length, sliceMs: this.#sliceMs });
  }

  /** @param tookMs undefined of a slice that was begun before this run */
  async #close(
    open: OpenSlice,
    end: SliceEnd,
    tookMs: number | undefined,
    deadline: Deadline,
    rate: RateControl,
  ): Promise<void> {
    const isRefused = end.end === "refused" || (end.end === "again" && end.notStarted !== undefined);
    if (!isRefused) this.#refusedMs = 0;
    switch (end.end) {
      case "done": {
        const after = await this.#calm.wait(deadline);
        // Somebody wants an end: what became of the slice is found out by whoever goes on.
        if (after === undefined) return;
        if (after.clusterKey !== open.clusterKey)
          return this.#again(open, "nodes came or went while it ran, so that records may have been left out", deadline);
        if (this.#calm.sawStopWrites && end.counted?.failed !== 0 && this.#mayRepeat) {
          return this.#again(open, "records failed while a node took no writes", deadline);
        }
        return this.#done(open, end, after, tookMs, rate);
      }
      case "again":
        await this.#again(open, end.reason, deadline);
        return end.notStarted && this.#partlyRefused(end.notStarted, deadline);
      case "impossible":
        // Written down before: whoever goes on would take it that somebody had stopped the task.
        await this.#again(open, end.reason, deadline);
        throw end.error;
      case "unknown":
        return this.#again(open, end.reason, deadline);
      case "stopped":
        await this.#again(open, end.reason, deadline);
        return this.pause(`somebody stopped its task: ${end.reason}`);
      default:
        return this.#refused(end.error, deadline);
    }
  }

  /** Whether a slice that is given to the servers again changes no record twice. */
  get #mayRepeat(): boolean {
    const { mark, kind } = this.#owner.definition;
    return this.checkpoint.phase === "unmark" || mark !== undefined || whyNoMark(kind) !== undefined;
  }

  async #done(
    open: OpenSlice,
    { counted, causes }: SliceEnd & { readonly end: "done" },
    after: ClusterView,
    tookMs: number | undefined,
    rate: RateControl,
  ): Promise<void> {
    await this.#ledger.close({ open, counted, causes, tookMs: tookMs ?? 0 });
    this.#slicePercent = null;
    if (tookMs !== undefined) {
      const width = open.end - open.begin;
      this.#speed.add({ width, changed: counted?.succeeded ?? 0, tookMs });
      const before = rate.rate;
      const decision = rate.decide(after);
      this.#timed = [...this.#timed, { width, tookMs, rate: open.recordsPerSecond ?? rate.cap }].slice(-LEARNED_FROM);
      if (decision !== undefined && rate.rate !== before) {
        this.#tellRate(decision.reason, before, rate.rate);
      }
      if (decision !== undefined && decision.pauseMs > 0) await this.#rest(decision.pauseMs, decision.reason);
    }
    this.#setup.onChange();
  }

  /** The slice has to be given to the servers again, once its task surely does no more. */
  async #again(open: OpenSlice, reason: string, deadline: Deadline): Promise<void> {
    await stopSlice(this.#setup.context, open, deadline);
    await this.#repeat(open, reason);
  }

  async #repeat(open: OpenSlice, reason: string): Promise<void> {
    await this.#ledger.repeat(open, reason);
    this.#tell({ event: "repeat", reason, slice: { begin: open.begin, end: open.end } });
  }

  async #refused(error: AerospikeError, deadline: Deadline): Promise<void> {
    await this.#ledger.withdraw();
    if (this.#refusedMs >= MOST_REFUSED_MS) throw error;
    await this.#heldUp(error, REFUSED_PAUSE_MS, deadline);
  }

  /**
   * Each try changes records on the nodes that take it: they follow each other ever more slowly, and after some minutes even
   * what may pass ends the run.
   */
  async #partlyRefused(error: AerospikeError, deadline: Deadline): Promise<void> {
    if (this.#refusedMs >= MOST_REFUSED_MS) return this.#fail(error);
    await this.#heldUp(error, Math.min(LONGEST_PAUSE_MS, REFUSED_PAUSE_MS + this.#refusedMs), deadline);
  }

  /** Servers don't start a slice that they may start later. */
  async #heldUp(error: AerospikeError, ms: number, deadline: Deadline): Promise<void> {
    this.#refusedMs += ms;
    this.#waiting(`the servers don't start it: ${error.message}; they are asked again in ${ms / 1000} s`);
    await this.#sleep(ms, deadline);
  }

  async #rest(ms: number, reason: string): Promise<void> {
    const { cluster } = this.#setup.context;
    this.#waiting(`${reason}; it is as slow as it may be, and pauses for ${ms} ms`);
    await this.#sleep(ms, cluster.deadline(0, this.#interrupt.signal));
    this.#goingOn("the pause is over");
  }

  /** Until the time is over, or somebody wants an end. */
  async #sleep(ms: number, deadline: Deadline): Promise<void> {
    const { runtime } = this.#setup.context.cluster;
    const until = runtime.now() + ms;
    while (this.#wish === undefined && runtime.now() < until) {
      await deadline.sleep(Math.min(LONGEST_SLEEP_MS, until - runtime.now()));
    }
  }

  async #end(): Promise<void> {
    const isDone = this.#wish === undefined && this.#failure === undefined;
    let status = this.#statusAtEnd(isDone);
    try {
      if (!this.#isLost && !this.#setup.context.cluster.isClosed) status = await this.#giveBack(isDone);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#slicePercent = null;
    const failure = this.#failure;
    const state = failure === undefined ? status : "failed";
    this.#state = state;
    const reason = isDone || this.#wish === undefined ? "all is done" : this.#wish.reason;
    this.#reason = failure === undefined ? reason : String(failure.error);
    this.#tell({ event: state, reason: this.#reason });
    this.#setup.onChange();
  }

  /** What is wanted of a campaign that is done comes too late. */
  #statusAtEnd(isDone: boolean): "done" | "paused" | "aborted" {
    return isDone ? "done" : (this.#wish?.status ?? "paused");
  }

  /** Gives the campaign back as it is wanted, which somebody may change until then. */
  async #giveBack(isDone: boolean): Promise<"done" | "paused" | "aborted"> {
    for (;;) {
      const status = this.#statusAtEnd(isDone);
      const hasFailed = this.#failure !== undefined;
      if (!hasFailed && status === "aborted") await this.#stopForGood();
      const order = await this.#ledger.end(hasFailed ? "running" : status);
      if (order === undefined) return status;
      this.#obey(order);
    }
  }

  get #isLost(): boolean {
    const error = this.#failure?.error;
    return error instanceof CampaignError && error.code === "CAMPAIGN_LEASE_LOST";
  }

  /** What is under way is stopped; a node that can't be told may go on to the end of the slice. */
  async #stopForGood(): Promise<void> {
    const { context } = this.#setup;
    const { open } = this.checkpoint;
    const late = open && (await stopLastSlice(context, open, context.cluster.deadline(LAST_WORDS_MS)));
    if (late) this.#tell({ event: "trouble", reason: `a slice may go on to its end: ${late.message}`, error: late });
    await this.#dropMarking();
  }

  get #marksByFunction(): boolean {
    const { mark, action } = this.#owner.definition;
    return mark !== undefined && action.type === "udf";
  }

  async #dropMarking(): Promise<void> {
    if (!this.#marksByFunction) return;
    try {
      await removeMarking(this.#setup.context, this.checkpoint.id);
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      this.#tell({
        event: "trouble",
        reason: `the module that marks records was not removed: ${error.message}`,
        error,
      });
    }
  }

  #obey(order: CampaignOrder): void {
    const reason = "somebody asked for it";
    if (order.do === "rate") this.setRate(order.recordsPerSecond ?? undefined, reason);
    else if (order.do === "abort") this.abort(reason);
    else this.pause(reason);
  }

  /** Lets work go on beside the slices until the signal fires; what goes wrong there ends them. */
  #beside(work: (scope: Deadline) => Promise<void> | undefined, end: AbortSignal): void {
    const scope = this.#setup.context.cluster.deadline(0, end);
    const failed = (error: unknown): void => {
      if (!end.aborted && !this.#setup.context.cluster.isClosed) this.#fail(error);
    };
    work(scope)?.catch(failed);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#interrupt.abort(error);
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

  /** Those who watch from elsewhere find the reason with the next slice. */
  #tellRate(reason: string, from: number | undefined, to: number | undefined): void {
    this.#rateReason = reason;
    this.#tell({ event: "rate", reason, from, to });
  }

  #tell(event: NewEvent): void {
    this.#setup.observer.tell(event, this.checkpoint.status);
  }
}
