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
  /** The connection broke since the node last spoke of the job, so the node may have restarted. */
  #disturbed = false;

  private constructor(node: string, progress: NodeProgress) {
    this.node = node;
    this.#progress = progress;
  }

  /** A part that a node has accepted. */
  static started(node: string): TaskPart {
    return new TaskPart(node, { node, state: "active", percent: 0, ...NOTHING });
  }

  /** A part of which nobody knows whether the node took it: it counts as lost when the node does not know of it. */
  static uncertain(node: string): TaskPart {
    const part = TaskPart.started(node);
    part.#disturbed = true;
    return part;
  }

  /** A part that a node has nothing to do for: it does not know the set. */
  static empty(node: string): TaskPart {
    return new TaskPart(node, { node, state: "done", percent: 100, ...NOTHING });
  }

  get progress(): NodeProgress {
    return this.#progress;
  }

  get ended(): boolean {
    return this.#progress.state !== "active";
  }

  /** Takes the node's answer; `undefined` stands for "job not found". */
  observe(status: JobStatus | undefined): void {
    if (this.ended) return;
    if (status === undefined) {
      // A node that restarted has lost its jobs; one that did not has finished this one and dropped it from its list.
      this.#progress = this.#disturbed
        ? { ...this.#progress, state: "lost" }
        : { node: this.node, state: "done", percent: 100, ...UNKNOWN };
      return;
    }
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
    if (gone) this.#progress = { ...this.#progress, state: "lost" };
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
