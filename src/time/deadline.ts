import type { Runtime } from "../../runtime/runtime.js";
import { AbortError, type ErrorDetails } from "../errors/errors.js";
import { type DeadlineHeap, JITTER_MS } from "./deadline-heap.js";
import { onAbort } from "./on-abort.js";

const GRACES = 3;
/** What an operation is put off by that finds its time over. */
const LEAST_GRACE_MS = 100;
const MOST_GRACE_MS = 5_000;

/** Why what still runs ends with {@link Deadline.run}: said, as a signal would make an exception with its stack otherwise. */
const OVER = "the work is over";

/**
 * What ends one operation: its time limit, the caller's signal, the end of the client. It is made once, when the
 * operation starts, and passed down to everything that the operation does, which waits by means of it.
 *
 * @example
 * const deadline = cluster.deadline(30_000, signal);
 * for (const node of nodes) await cluster.info(node, ["build"], deadline.within(2_000));
 */
export class Deadline {
  readonly #heap: DeadlineHeap;
  /** What was allowed in all, in ms; 0 for no limit. */
  readonly totalMs: number;
  /** On the clock of the heap, which all but stands still while the program is busy. */
  #endsAt: number;
  /** How often it may still be put off because it had passed when the operation went on. */
  #graces = GRACES;
  /** On the runtime's clock. */
  readonly startedAt: number;
  /** The caller's; the operation ends with AbortError when it fires. */
  readonly signal: AbortSignal | undefined;
  /** Fires when the client is closed; its reason is the error that the operation ends with then. */
  readonly closed: AbortSignal | undefined;
  /** What it is a scope of, and ends with. */
  #whole: Deadline | undefined = undefined;
  /** What it is a step of. */
  #parent: Deadline | undefined = undefined;

  constructor(
    heap: DeadlineHeap,
    totalMs: number,
    signal?: AbortSignal,
    closed?: AbortSignal,
    startedAt: number = heap.runtime.now(),
  ) {
    this.#heap = heap;
    this.totalMs = totalMs;
    this.startedAt = startedAt;
    heap.notice(startedAt);
    this.#endsAt = totalMs > 0 ? startedAt + totalMs - heap.busyMs : Number.POSITIVE_INFINITY;
    this.signal = signal;
    this.closed = closed;
  }

  get runtime(): Runtime {
    return this.#heap.runtime;
  }

  /** On the runtime's clock; Infinity without a limit. It moves on when the program was busy: see {@link DeadlineHeap}. */
  get endsAt(): number {
    return this.#whole === undefined ? this.#endsAt + this.#heap.busyMs : this.#whole.endsAt;
  }

  /** Puts the end off if it has passed before the operation goes on: by as much, and by enough to begin something. */
  #giveGrace(now: number): void {
    if (this.#whole !== undefined) {
      this.#whole.#giveGrace(now);
      return;
    }
    if (this.#parent !== undefined) this.#parent.#giveGrace(now);
    const lateMs = now - this.endsAt;
    // What ended in time has no more of it.
    if (this.#graces === 0 || lateMs < JITTER_MS) return;
    this.#graces--;
    const moreMs = Math.min(Math.max(lateMs, Math.min(LEAST_GRACE_MS, this.totalMs / 2)), MOST_GRACE_MS);
    this.#endsAt = now + moreMs - this.#heap.busyMs;
  }

  /** Milliseconds left, never below 0; Infinity without a limit. */
  get remainingMs(): number {
    const now = this.#now();
    return Math.max(0, this.endsAt - now);
  }

  get isOver(): boolean {
    return this.#now() >= this.endsAt;
  }

  /**
   * Whether there is more than so much time to go on: asked where the operation begins something, after anything that its
   * limit does not end, such as a pause, or work of the program. When time ran out meanwhile, the program was busy, and the
   * end is put off, a few times.
   */
  hasTime(ms = 0): boolean {
    const now = this.#now();
    this.#giveGrace(now);
    return this.endsAt - now > ms;
  }

  #now(): number {
    const now = this.runtime.now();
    this.#heap.notice(now);
    return now;
  }

  /** When an attempt that starts now must be over: after `socketTimeoutMs` (0 for no limit), and never after the end. */
  attemptEndsAt(socketTimeoutMs: number, now: number = this.runtime.now()): number {
    this.#heap.notice(now);
    return socketTimeoutMs > 0 ? Math.min(now + socketTimeoutMs, this.endsAt) : this.endsAt;
  }

  /** What an attempt that starts now may take, in whole milliseconds; 0 for no limit. This is what a server is told. */
  attemptMs(socketTimeoutMs: number): number {
    const remaining = this.remainingMs;
    const ms = socketTimeoutMs > 0 ? Math.min(socketTimeoutMs, remaining) : remaining;
    return ms === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.ceil(ms));
  }

  /** For a step of the operation that may take `ms` of what is left; 0 for no limit of its own. */
  within(ms: number): Deadline {
    this.hasTime();
    const step = new Deadline(this.#heap, this.attemptMs(ms), this.signal, this.closed);
    step.#parent = this;
    return step;
  }

  /**
   * Does work that has several parts at once. It gets a deadline with the same end, whose signal also fires when the
   * client is closed, when one of `ends` fires, and when the work is over, for whatever of it still runs then.
   * @throws what the work throws; the client's end when that is what ended it
   */
  async run<T>(work: (scope: Deadline) => Promise<T>, ...ends: readonly AbortSignal[]): Promise<T> {
    const stop = new AbortController();
    const { closed } = this;
    const lifts = [this.signal, closed, ...ends].map((end) => end && whenAborted(end, () => stop.abort(end.reason)));
    try {
      const scope = new Deadline(this.#heap, this.totalMs, stop.signal, closed, this.startedAt);
      scope.#whole = this;
      return await work(scope);
    } catch (error) {
      throw closed?.aborted === true ? closed.reason : error;
    } finally {
      for (const lift of lifts) lift?.();
      stop.abort(OVER);
    }
  }

  /**
   * Resolves after `ms`, whatever time is left. Somebody waits for it, so it holds the process.
   * @throws AbortError when the signal fires first; the client's end when that comes first
   */
  async sleep(ms: number): Promise<void> {
    this.throwIfAborted("wait");
    const lifts: ((() => void) | undefined)[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = this.runtime.setTimer(ms, resolve, true);
        const interrupt = (): void => {
          timer.cancel();
          reject();
        };
        for (const end of [this.closed, this.signal]) lifts.push(end && onAbort(end, interrupt));
      });
    } catch {
      this.throwIfAborted("wait");
    } finally {
      for (const lift of lifts) lift?.();
    }
  }

  /** Throws AbortError when the caller's signal has fired, and the client's end when it is closed. */
  throwIfAborted(operation: string): void {
    if (this.closed?.aborted === true) throw this.closed.reason;
    throwIfAborted(this.signal, operation);
  }
}

/** Throws AbortError when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined, operation: string): void {
  if (signal?.aborted === true) throw abortError(signal, `The ${operation} was aborted`);
}

/** What an operation rejects with when the caller's signal ends it. */
export function abortError(signal: AbortSignal, message: string, details: ErrorDetails = {}): AbortError {
  return new AbortError(message, { ...details, cause: signal.reason });
}

/** Calls when the signal fires, at once if it has. Returns what takes the listener away. */
function whenAborted(signal: AbortSignal, call: () => void): () => void {
  if (!signal.aborted) return onAbort(signal, call);
  call();
  return () => undefined;
}
