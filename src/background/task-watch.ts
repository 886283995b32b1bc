import type { InfoSettings } from "../cluster/options.js";
import { TimeoutError } from "../errors/errors.js";
import { setLimit } from "../time/limit-timer.js";
import type { JobNodes } from "./job-nodes.js";
import type { NodeJob } from "./node-job.js";
import { combine, type TaskProgress } from "./task-progress.js";

/** Why the questions end: said, as a signal would make an exception with its stack otherwise. */
const OVER = "the watch is over";
/** Replies of several nodes that come this close together make one report. */
const GATHER_MS = 2;

export interface WatchOptions {
  /** Ends the watch with AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the watch with TimeoutError; 0 for never. */
  readonly totalTimeout?: number | undefined;
  /** The longest pause between two questions to a node. */
  readonly pollIntervalMs?: number | undefined;
}

/** What is watched. */
export interface Watched {
  readonly taskId: bigint;
  readonly jobs: readonly NodeJob[];
  readonly nodes: JobNodes;
}

/**
 * Follows a task until every part has ended. Each node is asked on a pace of its own, so that a slow one does not
 * delay what the others say; every change gives one report, and a slow reader gets the latest.
 */
export async function* watchTask(
  { taskId, jobs, nodes }: Watched,
  { signal, totalTimeout = 0, pollIntervalMs }: WatchOptions,
  question?: InfoSettings,
): AsyncGenerator<TaskProgress, void, undefined> {
  // Questions end with the signal and the client; when the watch runs out of time they are no failure of the nodes.
  const deadline = nodes.deadline(0, signal);
  const stop = new AbortController();
  const reports = new Reports();
  const pace = { mostMs: pollIntervalMs, question };
  const following = deadline
    .run((scope) => Promise.all(jobs.map((job) => job.follow(scope, pace, () => reports.announce()))), stop.signal)
    .catch((error: unknown) => reports.fail(error));
  const late = (): void =>
    reports.fail(new TimeoutError(`Task ${taskId} is still running after ${totalTimeout} ms of waiting; it goes on`));
  const timer = totalTimeout === 0 ? undefined : setLimit(deadline.runtime, totalTimeout, late, true);
  try {
    for (;;) {
      deadline.throwIfAborted("wait for the task");
      reports.throwIfFailed();
      const progress = combine(jobs.map((job) => job.progress));
      yield progress;
      if (progress.state !== "active") return;
      await reports.next();
      if (jobs.length > 1 && jobs.some((job) => !job.hasEnded)) await deadline.sleep(GATHER_MS);
    }
  } finally {
    timer?.cancel();
    stop.abort(OVER);
    await following;
  }
}

/** One pending report: announcing twice before anybody looks is announcing once. */
class Reports {
  #fresh = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  announce(): void {
    this.#fresh = true;
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  async next(): Promise<void> {
    if (!this.#fresh && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    this.throwIfFailed();
    this.#fresh = false;
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
