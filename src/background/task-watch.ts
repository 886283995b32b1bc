import type { Runtime } from "../../runtime/runtime.js";
import { throwIfAborted } from "../cluster/deadline.js";
import { sleep } from "../sleep.js";
import { pollPace } from "./poll-pace.js";
import type { TaskPart } from "./task-part.js";
import { combine, type TaskProgress } from "./task-progress.js";

/** Answers of several nodes that come this close together make one report. */
const GATHER_MS = 2;

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** The longest pause between two questions to a node. */
  readonly pollIntervalMs?: number | undefined;
}

/**
 * Follows a task until every part has ended. Each node is asked on a pace of its own, so that a slow one does not
 * delay what the others say; every change gives one report, and a slow reader gets the latest.
 */
export async function* watchTask(
  parts: readonly TaskPart[],
  poll: (part: TaskPart, signal: AbortSignal) => Promise<void>,
  runtime: Runtime,
  options: WatchOptions,
): AsyncGenerator<TaskProgress, void, undefined> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const news = new News();
  const start = runtime.now();
  const follow = async (part: TaskPart): Promise<void> => {
    while (!part.ended) {
      await sleep(runtime, pollPace(runtime.now() - start, options.pollIntervalMs), signal);
      await poll(part, signal);
      news.announce();
    }
  };
  const followers = parts.filter((part) => !part.ended).map((part) => follow(part).catch((error) => news.fail(error)));
  try {
    for (;;) {
      throwIfAborted(options.signal, "wait for the task");
      const progress = combine(parts.map((part) => part.progress));
      yield progress;
      if (progress.state !== "active") return;
      await news.next();
      if (parts.some((part) => !part.ended)) await sleep(runtime, GATHER_MS, signal);
    }
  } finally {
    stop.abort();
    await Promise.all(followers);
  }
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
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#fresh = false;
  }
}
