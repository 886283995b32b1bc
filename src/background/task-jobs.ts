import type { OptionNames } from "../../protocol/check/check-options.js";
import type { JobStatus } from "../../protocol/info/job-status.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { QUESTION_MS } from "../cluster/info-client.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions, questionOf } from "../policy/call-options.js";
import { type Deadline, throwIfAborted } from "../time/deadline.js";
import type { DiagnosticsChannel } from "../transport/transport.js";
import type { AbortOutcome, WaitOptions } from "./execute-task.js";
import type { JobNodes } from "./job-nodes.js";
import type { NodeJob, StopOutcome } from "./node-job.js";
import { conclude } from "./task-errors.js";
import { TaskObserver, type TaskOrigin } from "./task-observer.js";
import { combine, leastFailed, type TaskProgress, type TaskSummary } from "./task-progress.js";
import { watchTask } from "./task-watch.js";

/** Time to look for what makes records fail, once a task has ended. */
const CAUSES_TIMEOUT_MS = 3_000;

const WAIT_OPTIONS: OptionNames<WaitOptions> = {
  ...CALL_OPTIONS,
  onProgress: true,
  pollIntervalMs: true,
  failOnRecordErrors: true,
};

/** The parts of a task, and what is needed to ask about them. */
export interface TaskSetup {
  readonly origin: TaskOrigin;
  readonly jobs: readonly NodeJob[];
  readonly nodes: JobNodes;
  /** What `nodes.changes` was before the start; undefined for a task that was attached. */
  readonly changesBefore?: number | undefined;
  /** Where observers hear of the task. */
  readonly channel: DiagnosticsChannel;
  /** Looks for what makes records fail; from what a node said of the job, if one did. */
  findCauses(status: JobStatus | undefined, deadline: Deadline): Promise<readonly string[]>;
}

/** The parts of a task, each on its node; {@link ExecuteTask} is the handle over them. */
export class TaskJobs {
  readonly #id: bigint;
  readonly #jobs: readonly NodeJob[];
  readonly #nodes: JobNodes;
  readonly #observer: TaskObserver;
  readonly #changesBefore: number | undefined;
  readonly #findCauses: TaskSetup["findCauses"];
  #endIsPublished = false;

  constructor({ origin, jobs, nodes, changesBefore, channel, findCauses }: TaskSetup) {
    this.#id = origin.taskId;
    this.#jobs = jobs;
    this.#nodes = nodes;
    this.#changesBefore = changesBefore;
    this.#findCauses = findCauses;
    this.#observer = new TaskObserver(channel, origin);
    if (origin.kind !== "unknown") this.#observer.started(this.nodes);
    for (const job of jobs) job.onEnd = () => this.#publishEnd();
    this.#publishEnd();
  }

  get nodes(): readonly string[] {
    return this.#jobs.map((job) => job.node);
  }

  async progress(method: string, options: CallOptions = {}): Promise<TaskProgress> {
    checkCallOptions(method, options);
    return this.#ask(options);
  }

  async waitTillComplete(options: WaitOptions = {}): Promise<TaskSummary> {
    checkWaitOptions(options);
    const deadline = this.#nodes.deadline(options.totalTimeout ?? 0, options.signal);
    let last = this.#combined();
    for await (const progress of this.watch(options)) {
      options.onProgress?.(progress);
      last = progress;
    }
    const [failureCauses, clusterChanged] = await Promise.all([
      this.#causesOf(last, deadline),
      this.#hasClusterChanged(deadline),
    ]);
    const summary = { ...last, taskId: this.#id, failureCauses, clusterChanged };
    return conclude(summary, options.failOnRecordErrors === true);
  }

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

  watch(options: WaitOptions): AsyncGenerator<TaskProgress, void, undefined> {
    return watchTask({ taskId: this.#id, jobs: this.#jobs, nodes: this.#nodes }, options, questionOf(options));
  }

  async #ask(options: CallOptions): Promise<TaskProgress> {
    const { signal, totalTimeout = 0 } = options;
    throwIfAborted(signal, "question about the task");
    const deadline = this.#nodes.deadline(totalTimeout, signal);
    const question = questionOf(options);
    await Promise.all(this.#jobs.map((job) => (job.hasEnded ? undefined : job.poll(deadline, question))));
    return this.#combined();
  }

  async #hasClusterChanged(deadline: Deadline): Promise<boolean | null> {
    if (this.#changesBefore === undefined) return null;
    return (await this.#nodes.haveChangedSince(this.#changesBefore, deadline.within(QUESTION_MS))) ?? null;
  }

  /** What can't be found out is no reason to fail a wait that has come to its end. */
  async #causesOf(progress: TaskProgress, deadline: Deadline): Promise<readonly string[]> {
    if (leastFailed(progress) === 0) return [];
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
