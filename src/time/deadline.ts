import type { Runtime } from "../../runtime/runtime.js";
import { AbortError } from "../errors/errors.js";

/**
 * How long one operation may take, made once when it starts and passed down to everything that it does.
 *
 * @example
 * const deadline = new Deadline(runtime, 30_000, signal);
 * for (const node of nodes) await cluster.info(node, ["build"], deadline.within(2_000));
 */
export class Deadline {
  readonly #runtime: Runtime;
  /** What was allowed in all, in ms; 0 for no limit. */
  readonly totalMs: number;
  /** On the runtime's clock; Infinity without a limit. */
  readonly endsAt: number;
  readonly signal: AbortSignal | undefined;
  /** On the runtime's clock. */
  readonly startedAt: number;

  constructor(runtime: Runtime, totalMs: number, signal?: AbortSignal) {
    this.#runtime = runtime;
    this.totalMs = totalMs;
    this.startedAt = runtime.now();
    this.endsAt = totalMs > 0 ? this.startedAt + totalMs : Number.POSITIVE_INFINITY;
    this.signal = signal;
  }

  /** Milliseconds left, never below 0; Infinity without a limit. */
  get remainingMs(): number {
    return Math.max(0, this.endsAt - this.#runtime.now());
  }

  get isOver(): boolean {
    return this.#runtime.now() >= this.endsAt;
  }

  /** When an attempt that starts now must be over: after `socketTimeoutMs` (0 for no limit), and never after the end. */
  attemptEndsAt(socketTimeoutMs: number): number {
    return socketTimeoutMs > 0 ? Math.min(this.#runtime.now() + socketTimeoutMs, this.endsAt) : this.endsAt;
  }

  /** What an attempt that starts now may take, in whole milliseconds; 0 for no limit. This is what a server is told. */
  attemptMs(socketTimeoutMs: number): number {
    const remaining = this.remainingMs;
    const ms = socketTimeoutMs > 0 ? Math.min(socketTimeoutMs, remaining) : remaining;
    return ms === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.ceil(ms));
  }

  /** For a step of the operation that may take `ms` of what is left; 0 for no limit of its own. */
  within(ms: number): Deadline {
    return new Deadline(this.#runtime, this.attemptMs(ms), this.signal);
  }

  /** The same end, with another signal. */
  withSignal(signal: AbortSignal): Deadline {
    return new Deadline(this.#runtime, this.attemptMs(0), signal);
  }

  /** Throws AbortError when the caller's signal has fired. */
  throwIfAborted(operation: string): void {
    throwIfAborted(this.signal, operation);
  }
}

/** Throws AbortError when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined, operation: string): void {
  if (signal?.aborted === true) throw abortError(signal, operation);
}

/** What an operation rejects with when its signal fires. */
export function abortError(signal: AbortSignal, operation: string): AbortError {
  return new AbortError(`The ${operation} was aborted`, { cause: signal.reason });
}
