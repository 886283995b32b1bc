import type { JobStatus } from "../../protocol/info/job-status.js";
import type { NodeProgress, TaskState } from "./task-progress.js";

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

/**
 * One node's part of a task, from what that node has said of it. Once ended it stays ended: a later "not found" only
 * means that the server has forgotten the job.
 */
export class TaskPart {
  readonly node: string;
  #progress: NodeProgress;
  #known: boolean;
  /** The connection broke since the node last spoke of the job, so the node may have restarted. */
  #disturbed = false;
  /** Orders to stop it that the node has not answered yet. */
  #stopOrders = 0;
  /** The node ran the job when it was told to stop it. */
  #stopped = false;

  private constructor(node: string, known: boolean, progress: Omit<NodeProgress, "node">) {
    this.node = node;
    this.#known = known;
    this.#progress = { node, ...progress };
  }

  /** A part that a node has accepted. */
  static started(node: string): TaskPart {
    return new TaskPart(node, true, { state: "active", percent: 0, ...NOTHING });
  }

  /** A part that a node has nothing to do for: it does not know the set. */
  static empty(node: string): TaskPart {
    return new TaskPart(node, true, { state: "done", percent: 100, ...NOTHING });
  }

  /** A part that a node may have, or have had: what it has done is not known before it says so. */
  static attached(node: string): TaskPart {
    return new TaskPart(node, false, { state: "active", percent: 0, ...UNKNOWN });
  }

  /** A part of which nobody knows whether the node took it: it counts as lost when the node does not know of it. */
  static uncertain(node: string): TaskPart {
    const part = TaskPart.attached(node);
    part.#disturbed = true;
    return part;
  }

  get progress(): NodeProgress {
    return this.#progress;
  }

  /** Whether the node has accepted the job, or spoken of it since. */
  get isKnown(): boolean {
    return this.#known;
  }

  get ended(): boolean {
    return this.#progress.state !== "active";
  }

  /** How long the part would go on from the node's last word, at the speed that it has had. */
  get leftMs(): number {
    const { percent, runTimeMs } = this.#progress;
    if (runTimeMs === null || percent <= 0) return Number.POSITIVE_INFINITY;
    return (runTimeMs * (100 - percent)) / percent;
  }

  /** Takes the node's answer; `undefined` stands for "job not found". */
  observe(status: JobStatus | undefined): void {
    if (this.ended) return;
    if (status === undefined) {
      // Whether it ended by itself or by the order shows when the order is answered.
      if (this.#stopOrders > 0) return;
      // A node that restarted has lost its jobs; one that did not has ended this one and dropped it from its list.
      if (this.#disturbed && !this.#stopped) this.#endAs("lost");
      else this.#endAs(this.#stopped ? "aborted" : "done");
      return;
    }
    this.#known = true;
    this.#disturbed = false;
    this.#progress = {
      node: this.node,
      state: stateOf(status),
      percent: status.done ? 100 : status.progress,
      succeeded: status.succeeded,
      failed: status.failed,
      filteredByMeta: status.filteredMeta,
      filteredByBins: status.filteredBins,
      throttled: status.throttled,
      runTimeMs: status.runTimeMs,
    };
  }

  /** Takes the news that the node did not answer; `gone`: it is no longer part of the cluster. */
  observeSilence(gone: boolean): void {
    if (this.ended) return;
    this.#disturbed = true;
    if (gone) this.#endAs(this.#stopped ? "aborted" : "lost");
  }

  /** Takes note that the node is being told to stop the job; what it answers is told to {@link stopAnswered}. */
  stopOrdered(): void {
    this.#stopOrders++;
  }

  /** @param wasActive whether the node ran the job: should it forget the job now, that is how it ended */
  stopAnswered(wasActive: boolean): void {
    this.#stopOrders--;
    if (!wasActive) return;
    this.#known = true;
    this.#stopped = true;
  }

  /** Without a last word of the node. What is lost keeps what it had done; what ended has done more, nobody knows how much. */
  #endAs(state: "done" | "aborted" | "lost"): void {
    this.#progress =
      state === "lost" ? { ...this.#progress, state } : { node: this.node, state, percent: 100, ...UNKNOWN };
  }
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
