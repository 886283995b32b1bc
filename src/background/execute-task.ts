import type { OptionNames } from "../../protocol/check/check-options.js";
import type { JobStatus } from "../../protocol/info/job-status.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions, questionOf } from "../policy/call-options.js";
import { type Deadline, throwIfAborted } from "../time/deadline.js";
import type { DiagnosticsChannel } from "../transport/transport.js";
import type { TaskKind } from "./background-work.js";
import type { JobNodes } from "./job-nodes.js";
import type { NodeJob, StopOutcome } from "./node-job.js";
import { conclude, type NodeStart } from "./task-errors.js";
import { TaskObserver, type TaskOrigin } from "./task-observer.js";
import { combine, type TaskProgress, type TaskSummary } from "./task-progress.js";
import { watchTask } from "./task-watch.js";

/** Time to look for what makes records fail, once a task has ended. */
const CAUSES_TIMEOUT_MS = 3_000;

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
   * that has forgotten the job can't say whether there were any.
   */
  readonly failOnRecordErrors?: boolean | undefined;
}

const WAIT_OPTIONS: OptionNames<WaitOptions> = {
  ...CALL_OPTIONS,
  onProgress: true,
  pollIntervalMs: true,
  failOnRecordErrors: true,
};

/** What became of {@link ExecuteTask.abort}, by node id. */
export interface AbortOutcome {
  readonly aborted: readonly string[];
  /** The job had ended there, or never ran. */
  readonly notActive: readonly string[];
  /** These did not reply: the job may still run there. */
  readonly unreachable: readonly string[];
}

/** What a handle is made of. */
export interface TaskSetup {
  readonly origin: TaskOrigin;
  readonly jobs: readonly NodeJob[];
  readonly notStarted?: readonly NodeStart[];
  readonly nodes: JobNodes;
  /** Where observers hear of the task. */
  readonly channel: DiagnosticsChannel;
  /** Looks for what makes records fail; from what a node said of the job, if one did. */
  findCauses(status: JobStatus | undefined, deadline: Deadline): Promise<readonly string[]>;
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
  readonly #jobs: readonly NodeJob[];
  readonly #nodes: JobNodes;
  readonly #observer: TaskObserver;
  readonly #findCauses: TaskSetup["findCauses"];
  #endIsPublished = false;

  /** @internal Made by `execute()` and `attach()`. */
  constructor({ origin, jobs, notStarted = [], nodes, channel, findCauses }: TaskSetup) {
    this.id = origin.taskId;
    this.kind = origin.kind;
    this.notStarted = notStarted;
    this.#jobs = jobs;
    this.#nodes = nodes;
    this.#findCauses = findCauses;
    this.#observer = new TaskObserver(channel, origin);
    if (origin.kind !== "unknown") this.#observer.started(this.nodes);
    for (const job of jobs) job.onEnd = () => this.#publishEnd();
    this.#publishEnd();
  }

  /** Ids of the nodes that the task was given to. */
  get nodes(): readonly string[] {
    return this.#jobs.map((job) => job.node);
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
  async queryStatus(options: CallOptions = {}): Promise<"notFound" | "inProgress" | "complete"> {
    checkCallOptions("queryStatus", options);
    switch ((await this.#ask(options)).state) {
      case "active":
        return "inProgress";
      case "unknown":
        return "notFound";
      default:
        return "complete";
    }
  }

  /** Asks every node that has not finished, all at once, and adds up. */
  async progress(options: CallOptions = {}): Promise<TaskProgress> {
    checkCallOptions("progress", options);
    return this.#ask(options);
  }

  /** Progress now, at every change, and when the task has ended; then the iteration ends too. */
  [Symbol.asyncIterator](): AsyncIterator<TaskProgress, void, undefined> {
    return this.#watch({});
  }

  /**
   * Waits until every node has finished.
   * @throws TaskAbortedError when the job was aborted or abandoned, a node left while it ran, or no node knows a task
   *   that was attached; TimeoutError after `totalTimeout`; TaskRecordsFailedError when asked for; AbortError when the signal
   *   fires; TypeError and RangeError for options that are wrong
   */
  async waitTillComplete(options: WaitOptions = {}): Promise<TaskSummary> {
    checkWaitOptions(options);
    const deadline = this.#nodes.deadline(options.totalTimeout ?? 0, options.signal);
    let last = this.#combined();
    for await (const progress of this.#watch(options)) {
      options.onProgress?.(progress);
      last = progress;
    }
    const failureCauses = await this.#causesOf(last, deadline);
    return conclude({ ...last, taskId: this.id, failureCauses }, options.failOnRecordErrors === true);
  }

  /**
   * Stops the job on every node at once. Records that were changed stay changed.
   * Idempotent: a node where the job has ended is listed under `notActive`.
   */
  async abort(options: CallOptions = {}): Promise<AbortOutcome> {
    checkCallOptions("abort", options);
    throwIfAborted(options.signal, "order to stop the task");
    const deadline = this.#nodes.deadline(options.totalTimeout ?? 0, options.signal);
    const outcomes = await Promise.all(this.#jobs.map((job) => job.stop(deadline, questionOf(options))));
    const nodesThatAre = (outcome: StopOutcome): string[] => this.nodes.filter((_, i) => outcomes[i] === outcome);
    return {
      aborted: nodesThatAre("aborted"),
      notActive: nodesThatAre("notActive"),
      unreachable: nodesThatAre("unreachable"),
    };
  }

  #watch(options: WaitOptions): AsyncGenerator<TaskProgress, void, undefined> {
    return watchTask({ taskId: this.id, jobs: this.#jobs, nodes: this.#nodes }, options, questionOf(options));
  }

  async #ask(options: CallOptions): Promise<TaskProgress> {
    const { signal, totalTimeout = 0 } = options;
    throwIfAborted(signal, "question about the task");
    const deadline = this.#nodes.deadline(totalTimeout, signal);
    const question = questionOf(options);
    await Promise.all(this.#jobs.map((job) => (job.hasEnded ? undefined : job.poll(deadline, question))));
    return this.#combined();
  }

  /** What can't be found out is no reason to fail a wait that has come to its end. */
  async #causesOf({ failed }: TaskProgress, deadline: Deadline): Promise<readonly string[]> {
    if (failed === null || failed === 0) return [];
    const status = this.#jobs.find((job) => job.status !== undefined)?.status;
    return this.#findCauses(status, deadline.within(CAUSES_TIMEOUT_MS)).catch(() => []);
  }

  /** Once, when the last part has ended. */
  #publishEnd(): void {
    if (this.#endIsPublished || !this.#jobs.every((job) => job.hasEnded)) return;
    this.#endIsPublished = true;
    this.#observer.ended(this.#combined());
  }

  #combined(): TaskProgress {
    return combine(this.#jobs.map((job) => job.progress));
  }
}

/** The longest time that timers keep to. */
const MOST_MS = 0x7fff_ffff;

function checkWaitOptions(options: WaitOptions): void {
  checkCallOptions("waitTillComplete", options, WAIT_OPTIONS);
  checkType("onProgress", options.onProgress, "function");
  checkType("failOnRecordErrors", options.failOnRecordErrors, "boolean");
  const ms: unknown = options.pollIntervalMs;
  if (ms === undefined || (typeof ms === "number" && ms >= 1 && ms <= MOST_MS)) return;
  throw new RangeError(`waitTillComplete: pollIntervalMs: expected 1 to ${MOST_MS} milliseconds, got ${describe(ms)}`);
}

function checkType(name: string, value: unknown, type: "function" | "boolean"): void {
  if (value === undefined || typeof value === type) return;
  throw new TypeError(`waitTillComplete: ${name}: expected a ${type}, got ${describe(value)}`);
}
