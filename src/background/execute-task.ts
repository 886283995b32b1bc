import { INSPECT, type Inspect, show } from "../data/inspect.js";
import type { CallOptions } from "../policy/call-options.js";
import type { TaskKind } from "./background-work.js";
import type { NodeStart } from "./task-errors.js";
import type { TaskJobs } from "./task-jobs.js";
import type { TaskProgress, TaskSummary } from "./task-progress.js";

/**
 * Options of {@link ExecuteTask.waitTillComplete}. `totalTimeout` ends the wait with TimeoutError (default: no limit), the
 * signal with AbortError; the job goes on. A node has `socketTimeout` for the reply to each question (default 2 s), which
 * is repeated `maxRetries` times (default 0); one that does not reply is asked again at the next turn.
 */
export interface WaitOptions extends CallOptions {
  /** Called with the first progress, every change and the last. What it throws ends the wait. */
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
  /**
   * The longest pause between two questions to a node, in ms, 1 to 2^31-1. Default 1000; the first questions come after
   * 10 ms.
   */
  readonly pollIntervalMs?: number | undefined;
  /**
   * Whether failed records reject the wait with TaskRecordsFailedError. Default false: the summary counts them. A server
   * that has forgotten the job can't say whether there were any; what the others say counts.
   */
  readonly failOnRecordErrors?: boolean | undefined;
}

/** What became of {@link ExecuteTask.abort}, by node id. */
export interface AbortOutcome {
  readonly aborted: readonly string[];
  /** The job had ended there, or never ran. */
  readonly notActive: readonly string[];
  /** These did not reply: the job may still run there. */
  readonly unreachable: readonly string[];
}

/** What a handle is made of. */
export interface TaskHandle {
  readonly taskId: bigint;
  readonly kind: TaskKind;
  readonly nodes: readonly string[];
  readonly notStarted?: readonly NodeStart[];
  /** What is done with it; of a task that was attached it is loaded when it is needed. */
  readonly jobs: () => TaskJobs | Promise<TaskJobs>;
}

/**
 * A background task that runs on the servers, whether or not anybody watches it.
 *
 * @example
 * const task = await session.backgroundTask().touch(users).execute();
 * for await (const p of task) console.log(p.percent, p.succeeded);
 *
 * @example
 * const summary = await task.waitTillComplete({ totalTimeout: 60_000 });
 * console.log(`${summary.succeeded} done, ${summary.failed} failed`, ...summary.failureCauses);
 */
export class ExecuteTask implements AsyncIterable<TaskProgress> {
  /** The same on every node; never 0. Hand it to `backgroundTask().attach` in another process. */
  readonly id: bigint;
  readonly kind: TaskKind;
  /** Nodes that refused the start, or may not have got it; empty unless `onPartialStart: "continue"` let it run. */
  readonly notStarted: readonly NodeStart[];
  readonly #nodes: readonly string[];
  readonly #jobs: () => TaskJobs | Promise<TaskJobs>;

  /** @internal Made by `execute()` and `attach()`. */
  constructor({ taskId, kind, nodes, notStarted = [], jobs }: TaskHandle) {
    this.id = taskId;
    this.kind = kind;
    this.notStarted = notStarted;
    this.#nodes = nodes;
    this.#jobs = jobs;
  }

  /** Ids of the nodes that the task was given to. */
  get nodes(): readonly string[] {
    return this.#nodes;
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { id, kind, nodes } = this;
    const notStarted = this.notStarted.map(({ node, outcome }) => `${node}: ${outcome}`);
    return show("ExecuteTask", { id, kind, nodes, ...(notStarted.length > 0 && { notStarted }) }, options, inspect);
  }

  /**
   * Asks every node that has not finished.
   * @returns `"complete"` once no node runs it any more, however it ended; `"notFound"` when no node knows it, and none
   *   did since this handle was made: only a task that was attached can be so
   */
  async queryStatus(options?: CallOptions): Promise<"notFound" | "inProgress" | "complete"> {
    switch ((await this.#progress("queryStatus", options)).state) {
      case "active":
        return "inProgress";
      case "unknown":
        return "notFound";
      default:
        return "complete";
    }
  }

  /** Asks every node that has not finished, all at once, and adds up. */
  async progress(options?: CallOptions): Promise<TaskProgress> {
    return this.#progress("progress", options);
  }

  /** Progress now, at every change, and when the task has ended; then the iteration ends too. */
  [Symbol.asyncIterator](): AsyncIterator<TaskProgress, void, undefined> {
    return this.#watch();
  }

  /**
   * Waits until every node has finished.
   * @throws TaskAbortedError when the job was aborted or abandoned, a node left while it ran, or no node knows a task
   *   that was attached; TimeoutError after `totalTimeout`; TaskRecordsFailedError when asked for; AbortError when the signal
   *   fires; TypeError and RangeError for options that are wrong
   */
  async waitTillComplete(options?: WaitOptions): Promise<TaskSummary> {
    return (await this.#jobs()).waitTillComplete(options);
  }

  /**
   * Stops the job on every node at once. Records that were changed stay changed.
   * Idempotent: a node where the job has ended is listed under `notActive`.
   */
  async abort(options?: CallOptions): Promise<AbortOutcome> {
    return (await this.#jobs()).abort(options);
  }

  async *#watch(): AsyncGenerator<TaskProgress, void, undefined> {
    yield* (await this.#jobs()).watch({});
  }

  async #progress(method: string, options: CallOptions | undefined): Promise<TaskProgress> {
    return (await this.#jobs()).progress(method, options);
  }
}
