import type { BackgroundStart } from "../../protocol/command/background-job.js";
import type { JobStatus } from "../../protocol/info/job-status.js";
import type { InfoSettings } from "../cluster/options.js";
import { AerospikeError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import { pollPace } from "../time/poll-pace.js";
import { isNoReply, type JobNodes } from "./job-nodes.js";
import type { NodeStart } from "./task-errors.js";
import type { NodeProgress, TaskState } from "./task-progress.js";

/** How often, and how long apart, a node is asked for a job whose start lost its reply. The server registers a job before it replies. */
const QUESTIONS = 4;
const QUESTION_PAUSE_MS = 100;

/** So much of its length a job may seem to take more or less than before, and still keep its speed. */
const STEADY = 0.15;

const UNKNOWN = {
  succeeded: null,
  failed: null,
  filteredByMeta: null,
  filteredByBins: null,
  throttled: null,
  runTimeMs: null,
} as const;

const NOTHING = {
  succeeded: 0,
  failed: 0,
  filteredByMeta: 0,
  filteredByBins: 0,
  throttled: 0,
  runTimeMs: 0,
} as const;

/** How a part is followed. */
export interface FollowPace {
  /** The longest pause between two questions. */
  readonly mostMs?: number | undefined;
  /** How patiently the node is asked. */
  readonly question?: InfoSettings | undefined;
}

/** What {@link NodeJob.stop} came to. */
export type StopOutcome = "aborted" | "notActive" | "unreachable";

/**
 * One node's part of a background task, from its start to its end: starts it, asks for it, stops it, and knows where it
 * stands from what the node said. Once ended it stays ended: a later "not found" only means that the server has forgotten
 * the job.
 */
export class NodeJob {
  /** Id of the node. */
  readonly node: string;
  /** Called when the part has ended, for whichever reason. */
  onEnd: () => void = () => undefined;
  readonly #nodes: JobNodes;
  readonly #taskId: bigint;
  #progress: NodeProgress;
  /** What the node last said of the job. */
  #status: JobStatus | undefined;
  /** The same while the job ran on: later ones count as gone through what the job skips once it is stopped. */
  #running: { readonly percent: number; readonly handled: number } | undefined;
  /** The node has accepted the job or may have, or it has spoken of it since. */
  #hasHadIt = false;
  /** The connection that the node's last word of the job, or the start, came over. */
  #connection: object | undefined;
  /** The node did not reply since it last spoke of the job, so that it may have restarted and forgotten it. */
  #isDisturbed = false;
  /** Orders to stop it that the node has not replied to yet. */
  #stopOrders = 0;
  /** The node ran the job when it was told to stop it. */
  #isStopped = false;

  /**
   * A part that the node may have, or have had: what it has done is not known before the node says so.
   * @param connection what the node was connected by when the handle was made
   */
  constructor(
    nodes: JobNodes,
    taskId: bigint,
    node: string,
    connection: object | undefined = nodes.connectionTo(node),
  ) {
    this.node = node;
    this.#nodes = nodes;
    this.#taskId = taskId;
    this.#connection = connection;
    this.#progress = { node, state: "active", percent: null, ...UNKNOWN };
  }

  get progress(): NodeProgress {
    return this.#progress;
  }

  /** What the node last said of the job; undefined when it has said nothing. */
  get status(): JobStatus | undefined {
    return this.#status;
  }

  get hasEnded(): boolean {
    return this.#progress.state !== "active";
  }

  /**
   * Starts the job on the node: sends the request once, whatever comes of it.
   * @param send rejects with what went wrong
   */
  async start(send: () => Promise<BackgroundStart>, deadline: Deadline): Promise<NodeStart> {
    const { node } = this;
    try {
      const reply = await send();
      this.#accepted(reply);
      return { node, outcome: reply === "started" ? "started" : "noSuchSet" };
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      if (!error.inDoubt) return { node, outcome: "refused", error };
      if (await this.#isRegistered(deadline)) {
        this.#accepted("started");
        return { node, outcome: "started" };
      }
      // Lost, unless the node turns out to know it.
      this.#hasHadIt = true;
      this.#isDisturbed = true;
      return { node, outcome: "inDoubt", error };
    }
  }

  /**
   * Takes a start back, on a node where the job runs or may run.
   * @returns whether it may run all the same
   */
  async revoke(start: NodeStart, deadline: Deadline): Promise<boolean> {
    const { outcome } = start;
    if (outcome !== "started" && outcome !== "inDoubt") return false;
    for (let i = 0; i < QUESTIONS && deadline.hasTime(i === 0 ? 0 : QUESTION_PAUSE_MS); i++) {
      if (i > 0) await deadline.sleep(QUESTION_PAUSE_MS);
      try {
        const { wasActive, status } = await this.#nodes.stop(this.node, this.#taskId, deadline);
        // What started and is not active has ended. Of what is in doubt the request may still be on its way.
        if (wasActive || status !== undefined || outcome === "started") return false;
      } catch (error) {
        // A connection that broke says nothing about the next one, unless there will be none.
        if (!isNoReply(error)) return true;
      }
    }
    return true;
  }

  /** Asks the node, and takes what it says, or that it says nothing. */
  async poll(deadline: Deadline, question?: InfoSettings): Promise<void> {
    const { node } = this;
    // Before the question: the reply may come over a newer one.
    const connection = this.#nodes.connectionTo(node);
    try {
      const status = await this.#nodes.show(node, this.#taskId, deadline, question);
      if (status === undefined) this.#notFound();
      else this.#take(status, connection);
    } catch (error) {
      if (deadline.signal?.aborted === true || !isNoReply(error)) throw error;
      this.#noReply();
    }
  }

  /** Asks again and again, at a pace of its own, until the part has ended or the signal fires. */
  async follow(deadline: Deadline, pace: FollowPace, onChange: () => void): Promise<void> {
    const { mostMs, question } = pace;
    let lengthBefore = Number.POSITIVE_INFINITY;
    while (!this.hasEnded) {
      const before = this.#progress;
      const watchedMs = deadline.runtime.now() - deadline.startedAt;
      const lengthMs = this.#lengthMs;
      const leftMs = lengthMs - (before.runTimeMs ?? 0);
      const isSteady = Math.abs(lengthMs - lengthBefore) <= STEADY * lengthMs;
      lengthBefore = lengthMs;
      await deadline.sleep(pollPace({ watchedMs, leftMs, isSteady, mostMs }));
      await this.poll(deadline, question);
      if (this.#progress !== before) onChange();
    }
  }

  /** Tells the node to stop the job. */
  async stop(deadline: Deadline, question?: InfoSettings): Promise<StopOutcome> {
    const { node } = this;
    const connection = this.#nodes.connectionTo(node);
    this.#stopOrders++;
    let wasActive = false;
    try {
      const reply = await this.#nodes.stop(node, this.#taskId, deadline, question);
      wasActive = reply.wasActive;
      if (reply.status !== undefined) this.#take(reply.status, connection);
      return wasActive ? "aborted" : "notActive";
    } catch (error) {
      if (!isNoReply(error)) throw error;
      this.#noReply();
      return "unreachable";
    } finally {
      this.#stopOrders--;
      if (wasActive) {
        this.#hasHadIt = true;
        this.#isStopped = true;
      }
    }
  }

  /** How long the part would take in all, at the speed that it has had by the node's last word; Infinity when nobody can tell. */
  get #lengthMs(): number {
    const { percent, runTimeMs } = this.#progress;
    if (runTimeMs === null || percent === null || percent <= 0) return Number.POSITIVE_INFINITY;
    return (100 * runTimeMs) / percent;
  }

  /** A node without the set has nothing to do. */
  #accepted(reply: BackgroundStart): void {
    this.#hasHadIt = true;
    this.#running = { percent: 0, handled: 0 };
    const isEmpty = reply === "no such set";
    this.#set({ node: this.node, state: isEmpty ? "done" : "active", percent: isEmpty ? 100 : 0, ...NOTHING });
  }

  /** Sending the request again could run the job twice, if the first one ran and was forgotten; a question can't. */
  async #isRegistered(deadline: Deadline): Promise<boolean> {
    for (let i = 0; i < QUESTIONS && deadline.hasTime(i === 0 ? 0 : QUESTION_PAUSE_MS); i++) {
      try {
        if (i > 0) await deadline.sleep(QUESTION_PAUSE_MS);
        if ((await this.#nodes.show(this.node, this.#taskId, deadline)) !== undefined) return true;
      } catch (error) {
        // The next question may find the node back, unless nobody can or wants to ask any more.
        if (!isNoReply(error)) return false;
      }
    }
    return false;
  }

  #take(status: JobStatus, connection: object | undefined): void {
    // Two replies may overtake each other.
    if (this.hasEnded || status.runTimeMs < (this.#progress.runTimeMs ?? 0)) return;
    this.#status = status;
    this.#hasHadIt = true;
    this.#isDisturbed = false;
    this.#connection = connection;
    if (!status.done && status.outcome === "ok") {
      this.#running = { percent: status.progress, handled: handledBy(status) };
    }
    this.#set({
      node: this.node,
      state: stateOf(status),
      percent: this.#percentOf(status),
      succeeded: status.succeeded,
      failed: status.failed,
      filteredByMeta: status.filteredMeta,
      filteredByBins: status.filteredBins,
      throttled: status.throttled,
      runTimeMs: status.runTimeMs,
    });
  }

  /**
   * A job that was stopped says 100 %, for it has gone through the rest without doing anything. How far it came is what it
   * said while it ran, and how many records more it has counted since.
   */
  #percentOf(status: JobStatus): number | null {
    if (status.outcome === "ok") return status.done ? 100 : status.progress;
    const running = this.#running;
    const handled = handledBy(status);
    if (running === undefined) return null;
    if (handled === running.handled) return running.percent;
    if (running.handled === 0) return null;
    return Math.min(100, Math.round((100 * running.percent * handled) / running.handled) / 100);
  }

  #notFound(): void {
    if (this.hasEnded) return;
    // Whether it ended by itself or by the order shows when the node replies to the order.
    if (this.#stopOrders > 0) return;
    if (this.#nodes.connectionTo(this.node) !== this.#connection) this.#isDisturbed = true;
    if (this.#isStopped) this.#endAs("aborted");
    // A node that restarted has lost its jobs; one that did not has ended this one and dropped it from its list.
    else if (this.#hasHadIt) this.#endAs(this.#isDisturbed ? "lost" : "done");
    else this.#endAs("unknown");
  }

  #noReply(): void {
    if (this.hasEnded) return;
    this.#isDisturbed = true;
    const hasLeft = this.#nodes.connectionTo(this.node) === undefined;
    if (hasLeft) this.#endAs(this.#isStopped ? "aborted" : "lost");
  }

  /** Without a last word of the node. What is lost keeps what it had done; what ended has done more, nobody knows how much. */
  #endAs(state: "done" | "aborted" | "lost" | "unknown"): void {
    if (state === "lost") this.#set({ ...this.#progress, state });
    else this.#set({ node: this.node, state, percent: state === "done" ? 100 : null, ...UNKNOWN });
  }

  #set(progress: NodeProgress): void {
    this.#progress = progress;
    if (this.hasEnded) this.onEnd();
  }
}

/** Records that the job is done with, in whichever way. */
function handledBy({ succeeded, failed, filteredMeta, filteredBins }: JobStatus): number {
  return succeeded + failed + filteredMeta + filteredBins;
}

function stateOf(status: JobStatus): TaskState {
  if (!status.done) return "active";
  switch (status.outcome) {
    case "ok":
      return "done";
    case "user-aborted":
      return "aborted";
    default:
      return "abandoned";
  }
}
