/**
 * Calls when the signal fires, unless what this returns was called before. For a signal that has not fired yet.
 *
 * Each signal has one listener, however many wait for it: Node.js takes more than ten for a leak and says so on the
 * console, and a command on twenty keys has one signal.
 */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
  const waiters = waiting.get(signal) ?? new Waiters(signal);
  waiters.add(call);
  return () => waiters.remove(call);
}

const waiting = new WeakMap<AbortSignal, Waiters>();

/** All who wait for one signal. */
class Waiters {
  readonly #signal: AbortSignal;
  readonly #calls = new Set<() => void>();
  readonly #fire = (): void => {
    waiting.delete(this.#signal);
    // One that another's call takes back is not called any more.
    for (const call of this.#calls) call();
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    waiting.set(signal, this);
    signal.addEventListener("abort", this.#fire, { once: true });
  }

  add(call: () => void): void {
    this.#calls.add(call);
  }

  remove(call: () => void): void {
    this.#calls.delete(call);
    if (this.#calls.size > 0 || waiting.get(this.#signal) !== this) return;
    waiting.delete(this.#signal);
    this.#signal.removeEventListener("abort", this.#fire);
  }
}
