import type { JobStatus } from "../../protocol/info/job-status.js";
import type { Runtime } from "../../runtime/runtime.js";
import { throwIfAborted } from "../time/deadline.js";
import type { DiagnosticsChannel } from "../transport/transport.js";
import { conclude } from "./task-end.js";
import type { NodeStart } from "./task-errors.js";
import { TaskNews, type TaskOrigin } from "./task-news.js";
import type { TaskPart } from "./task-part.js";
import { combine, type TaskProgress, type TaskSummary } from "./task-progress.js";
import { type WatchOptions, watchTask } from "./task-watch.js";
import { checkWaitOptions, type WaitOptions } from "./wait-options.js";

/** What a task does to its records; `unknown` for a task that was attached by its id. */
export type TaskKind = "update" | "replace" | "delete" | "touch" | "udf" | "unknown";

/** What a task needs of the cluster, node by node. Nodes go by their ids. */
export interface JobMonitor {
  /** The node's account of the job; `undefined` when it knows no such job. Rejects when it does not answer. */
  show(node: string, taskId: bigint, signal: AbortSignal | undefined): Promise<JobStatus | undefined>;
  /** False when the job was not running there. Rejects when the node does not answer. */
  abort(node: string, taskId: bigint, signal: AbortSignal | undefined): Promise<boolean>;
  /** Whether the connection to the node broke since it last spoke of the job, so that it may have forgotten the job. */
  mayHaveRestarted(node: string): boolean;
  /** Whether the node has left the cluster, as far as this client knows. */
  isGone(node: string): boolean;
  /** Whether an error means that the node did not answer, rather than that it refused. */
  isSilence(error: unknown): boolean;
  /** Fires when no node can be asked any more, with the error that says why as its reason. */
  readonly closed: AbortSignal;
}

/** What a handle is made of. */
export interface TaskSetup {
  readonly origin: TaskOrigin;
  readonly parts: readonly TaskPart[];
  readonly notStarted?: readonly NodeStart[];
  readonly monitor: JobMonitor;
  /** Where observers hear of the task. */
  readonly channel: DiagnosticsChannel;
  readonly runtime: Runtime;
}

/** What became of {@link ExecuteTask.abort}, by node id. */
export interface AbortOutcome {
  readonly aborted: readonly string[];
  /** The job had ended there, or never ran. */
  readonly notActive: readonly string[];
  /** These did not answer: the job may still run there. */
  readonly unreachable: readonly string[];
}

/**
 * A background task that runs on the servers, whether or not anybody watches it.
 *
 * @example
 * const task = await session.backgroundTask().touch(users).execute();
 * for await (const p of task) console.log(p.percent, p.succeeded);
 *
 * @example
 * const summary = await task.waitTillComplete({ timeoutMs: 60_000 });
 * console.log(`${summary.succeeded} done, ${summary.failed} failed`);
 */
export class ExecuteTask implements AsyncIterable<TaskProgress> {
  /** The same on every node; never 0. Hand it to `backgroundTask().attach` in another process. */
  readonly id: bigint;
  readonly kind: TaskKind;
  /** Nodes that refused the start, or may not have got it; empty unless `onPartialStart: "continue"` let it run. */
  readonly notStarted: readonly NodeStart[];
  readonly #parts: readonly TaskPart[];
  readonly #monitor: JobMonitor;
  readonly #runtime: Runtime;
  readonly #news: TaskNews;
  #endIsTold = false;

  /** @internal Made by `execute()` and `attach()`. */
  constructor({ origin, parts, notStarted = [], monitor, channel, runtime }: TaskSetup) {
    this.id = origin.taskId;
    this.kind = origin.kind;
    this.notStarted = notStarted;
    this.#parts = parts;
    this.#monitor = monitor;
    this.#runtime = runtime;
    this.#news = new TaskNews(channel, origin);
    if (origin.kind !== "unknown") this.#news.started(this.nodes);
    this.#tellEnd();
  }

  /** Ids of the nodes that the task was given to. */
  get nodes(): readonly string[] {
    return this.#parts.map((part) => part.node);
  }

  /**
   * Asks every node that has not finished.
   * @returns `"complete"` once no node runs it any more, however it ended; `"notFound"` when no node knows it, and none
   *   did since this handle was made: only a task that was attached can be so
   */
  async queryStatus(options: { readonly signal?: AbortSignal } = {}): Promise<"notFound" | "inProgress" | "complete"> {
    const { state } = await this.progress(options);
    if (state === "active") return "inProgress";
    return state === "done" && !this.#parts.some((part) => part.isKnown) ? "notFound" : "complete";
  }

  /** Asks every node that has not finished, all at once, and adds up. */
  async progress(options: { readonly signal?: AbortSignal } = {}): Promise<TaskProgress> {
    throwIfAborted(options.signal, "question about the task");
    await Promise.all(this.#parts.map((part) => (part.ended ? undefined : this.#poll(part, options.signal))));
    return this.#combined();
  }

  /** Progress now, at every change, and when the task has ended; then the iteration ends too. */
  [Symbol.asyncIterator](): AsyncIterator<TaskProgress, void, undefined> {
    return this.#watch({});
  }

  /**
   * Waits until every node has finished.
   * @throws TaskAbortedError when the job was aborted or abandoned, or a node left while it ran; TimeoutError after
   *   `timeoutMs`; TaskRecordsFailedError when asked for; AbortError when the signal fires
   */
  async waitTillComplete(options: WaitOptions = {}): Promise<TaskSummary> {
    checkWaitOptions(options);
    let last = this.#combined();
    for await (const progress of this.#watch(options)) {
      options.onProgress?.(progress);
      last = progress;
    }
    return conclude({ ...last, taskId: this.id }, options.failOnRecordErrors === true);
  }

  /**
   * Stops the job on every node at once. Records that were changed stay changed.
   * Idempotent: a node where the job has ended is listed under `notActive`.
   */
  async abort(options: { readonly signal?: AbortSignal } = {}): Promise<AbortOutcome> {
    throwIfAborted(options.signal, "order to stop the task");
    const outcomes = await Promise.all(this.#parts.map((part) => this.#stop(part, options.signal)));
    const nodesThatAre = (outcome: keyof AbortOutcome): string[] =>
      this.nodes.filter((_, i) => outcomes[i] === outcome);
    return {
      aborted: nodesThatAre("aborted"),
      notActive: nodesThatAre("notActive"),
      unreachable: nodesThatAre("unreachable"),
    };
  }

  #watch(options: WatchOptions): AsyncGenerator<TaskProgress, void, undefined> {
    const watched = {
      taskId: this.id,
      parts: this.#parts,
      poll: (part: TaskPart, signal: AbortSignal) => this.#poll(part, signal),
      closed: this.#monitor.closed,
      runtime: this.#runtime,
    };
    return watchTask(watched, options);
  }

  async #stop(part: TaskPart, signal: AbortSignal | undefined): Promise<keyof AbortOutcome> {
    let wasActive = false;
    part.stopOrdered();
    try {
      wasActive = await this.#monitor.abort(part.node, this.id, signal);
      return wasActive ? "aborted" : "notActive";
    } catch (error) {
      if (!this.#monitor.isSilence(error)) throw error;
      part.observeSilence(this.#monitor.isGone(part.node));
      return "unreachable";
    } finally {
      part.stopAnswered(wasActive);
    }
  }

  async #poll(part: TaskPart, signal: AbortSignal | undefined): Promise<void> {
    try {
      const status = await this.#monitor.show(part.node, this.id, signal);
      if (status === undefined && this.#monitor.mayHaveRestarted(part.node)) part.observeSilence(false);
      part.observe(status);
    } catch (error) {
      if (signal?.aborted === true || !this.#monitor.isSilence(error)) throw error;
      part.observeSilence(this.#monitor.isGone(part.node));
    }
    this.#tellEnd();
  }

  /** Once, when the last part has ended. */
  #tellEnd(): void {
    if (this.#endIsTold || !this.#parts.every((part) => part.ended)) return;
    this.#endIsTold = true;
    this.#news.ended(this.#combined());
  }

  #combined(): TaskProgress {
    return combine(this.#parts.map((part) => part.progress));
  }
}
