import type { JobStatus } from "../../protocol/info/job-status.js";
import type { Runtime } from "../../runtime/runtime.js";
import { throwIfAborted } from "../cluster/deadline.js";
import { type NodeStart, TimeoutError } from "../errors.js";
import { conclude } from "./task-end.js";
import type { TaskPart } from "./task-part.js";
import { combine, type TaskProgress, type TaskSummary } from "./task-progress.js";
import { watchTask } from "./task-watch.js";

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
}

/** Options of {@link ExecuteTask.waitTillComplete}. */
export interface WaitOptions {
  /** Rejects with TimeoutError after so long; the job goes on. Default: no limit. */
  readonly timeoutMs?: number;
  /** Stops waiting, with AbortError; the job goes on. */
  readonly signal?: AbortSignal;
  /** Called with the first progress, every change and the last. */
  readonly onProgress?: (progress: TaskProgress) => void;
  /** The longest pause between two questions to a node, in ms. Default 1000; the first questions come after 10 ms. */
  readonly pollIntervalMs?: number;
  /** Whether failed records reject the wait with TaskRecordsFailedError. Default false: the summary counts them. */
  readonly failOnRecordErrors?: boolean;
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

  /** @internal Made by `execute()` and `attach()`. */
  constructor(
    id: bigint,
    kind: TaskKind,
    parts: readonly TaskPart[],
    monitor: JobMonitor,
    runtime: Runtime,
    notStarted: readonly NodeStart[] = [],
  ) {
    this.id = id;
    this.kind = kind;
    this.notStarted = notStarted;
    this.#parts = parts;
    this.#monitor = monitor;
    this.#runtime = runtime;
  }

  /** Ids of the nodes that the task was given to. */
  get nodes(): readonly string[] {
    return this.#parts.map((part) => part.node);
  }

  /**
   * Asks every node that has not finished.
   * @returns `"complete"` once no node runs it any more, however it ended; `"notFound"` when no node knows it
   */
  async queryStatus(options: { readonly signal?: AbortSignal } = {}): Promise<"notFound" | "inProgress" | "complete"> {
    const { state, perNode } = await this.progress(options);
    if (state === "active") return "inProgress";
    const forgotten = Object.values(perNode).every((part) => part.state === "done" && part.succeeded === null);
    return forgotten ? "notFound" : "complete";
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
    checkPollInterval(options.pollIntervalMs);
    const limit = this.#timeLimit(options.timeoutMs);
    const signals = [options.signal, limit?.signal].filter((signal) => signal !== undefined);
    try {
      const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
      let last = this.#combined();
      for await (const progress of this.#watch({ signal, pollIntervalMs: options.pollIntervalMs })) {
        options.onProgress?.(progress);
        last = progress;
      }
      return conclude({ ...last, taskId: this.id }, options.failOnRecordErrors === true);
    } catch (error) {
      // What the limit interrupted only says that it was interrupted.
      throw limit?.signal.aborted === true ? limit.signal.reason : error;
    } finally {
      limit?.cancel();
    }
  }

  /**
   * Stops the job on every node at once. Records that were changed stay changed.
   * Idempotent: a node where the job has ended is listed under `notActive`.
   */
  async abort(options: { readonly signal?: AbortSignal } = {}): Promise<AbortOutcome> {
    throwIfAborted(options.signal, "order to stop the task");
    const outcome = { aborted: [] as string[], notActive: [] as string[], unreachable: [] as string[] };
    await Promise.all(
      this.nodes.map(async (node) => {
        try {
          const wasActive = await this.#monitor.abort(node, this.id, options.signal);
          outcome[wasActive ? "aborted" : "notActive"].push(node);
        } catch (error) {
          if (!this.#monitor.isSilence(error)) throw error;
          outcome.unreachable.push(node);
        }
      }),
    );
    return outcome;
  }

  #watch(options: { readonly signal?: AbortSignal | undefined; readonly pollIntervalMs?: number | undefined }) {
    return watchTask(this.#parts, (part, signal) => this.#poll(part, signal), this.#runtime, options);
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
  }

  #combined(): TaskProgress {
    return combine(this.#parts.map((part) => part.progress));
  }

  #timeLimit(timeoutMs: number | undefined): { signal: AbortSignal; cancel: () => void } | undefined {
    if (timeoutMs === undefined) return undefined;
    if (!Number.isFinite(timeoutMs) || timeoutMs < 0) {
      throw new RangeError(`waitTillComplete: timeoutMs is ${timeoutMs}; allowed: 0 and more`);
    }
    const controller = new AbortController();
    const message = `Task ${this.id} is still running after ${timeoutMs} ms of waiting; it goes on`;
    const timer = this.#runtime.setTimer(timeoutMs, () => controller.abort(new TimeoutError(message)), true);
    return { signal: controller.signal, cancel: () => timer.cancel() };
  }
}

function checkPollInterval(ms: number | undefined): void {
  if (ms === undefined || (Number.isFinite(ms) && ms > 0)) return;
  throw new RangeError(`waitTillComplete: pollIntervalMs is ${ms}; allowed: more than 0`);
}
