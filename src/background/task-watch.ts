import type { Runtime } from "../../runtime/runtime.js";
import { TimeoutError } from "../errors/errors.js";
import { abortError, Deadline } from "../time/deadline.js";
import { onAbort } from "../time/on-abort.js";
import { pollPace } from "../time/poll-pace.js";
import type { TaskPart } from "./task-part.js";
import { combine, type TaskProgress } from "./task-progress.js";

/** Answers of several nodes that come this close together make one report. */
const GATHER_MS = 2;

export interface WatchOptions {
  /** Ends the watch with AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the watch with TimeoutError. */
  readonly timeoutMs?: number | undefined;
  /** The longest pause between two questions to a node. */
  readonly pollIntervalMs?: number | undefined;
}

/** What is watched, and how its nodes are asked. */
export interface Watched {
  readonly taskId: bigint;
  readonly parts: readonly TaskPart[];
  poll(part: TaskPart, signal: AbortSignal): Promise<void>;
  /** Fires when nobody can be asked any more; its reason is the error that the watch ends with. */
  readonly closed: AbortSignal;
  readonly runtime: Runtime;
}

/**
 * Follows a task until every part has ended. Each node is asked on a pace of its own, so that a slow one does not
 * delay what the others say; every change gives one report, and a slow reader gets the latest.
 */
export async function* watchTask(
  watched: Watched,
  options: WatchOptions,
): AsyncGenerator<TaskProgress, void, undefined> {
  const { parts, runtime } = watched;
  const stop = new AbortController();
  const news = new News();
  const pace = new Deadline(runtime, 0, stop.signal);
  const follow = async (part: TaskPart): Promise<void> => {
    while (!part.ended) {
      const { leftMs, progress } = part;
      const watchedMs = runtime.now() - pace.startedAt;
      await pace.sleep(pollPace({ watchedMs, leftMs, mostMs: options.pollIntervalMs }));
      await watched.poll(part, stop.signal);
      if (part.progress !== progress) news.announce();
    }
  };
  const lift = interruptions(watched, options, (error) => news.fail(error));
  const followers = parts.filter((part) => !part.ended).map((part) => follow(part).catch((error) => news.fail(error)));
  try {
    for (;;) {
      news.throwIfFailed();
      const progress = combine(parts.map((part) => part.progress));
      yield progress;
      if (progress.state !== "active") return;
      await news.next();
      if (parts.some((part) => !part.ended)) await pace.sleep(GATHER_MS);
    }
  } finally {
    lift();
    stop.abort();
    await Promise.all(followers);
  }
}

/** Calls with the error when something ends the watch before the task has ended. Answers what takes that back. */
function interruptions(
  { taskId, closed, runtime }: Watched,
  { signal, timeoutMs }: WatchOptions,
  interrupt: (error: unknown) => void,
): () => void {
  const lifts = [whenAborted(closed, () => interrupt(closed.reason))];
  if (signal !== undefined)
    lifts.push(whenAborted(signal, () => interrupt(abortError(signal, "The wait for the task was aborted"))));
  if (timeoutMs !== undefined) {
    const message = `Task ${taskId} is still running after ${timeoutMs} ms of waiting; it goes on`;
    const timer = runtime.setTimer(timeoutMs, () => interrupt(new TimeoutError(message)), true);
    lifts.push(() => timer.cancel());
  }
  return () => {
    for (const lift of lifts) lift();
  };
}

/** Calls when the signal fires, at once if it has. Answers what takes the listener away. */
function whenAborted(signal: AbortSignal, call: () => void): () => void {
  if (!signal.aborted) return onAbort(signal, call);
  call();
  return () => undefined;
}

/** One pending notice: announcing twice before anybody looks is announcing once. */
class News {
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
