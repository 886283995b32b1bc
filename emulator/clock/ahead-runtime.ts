import type { Runtime, Timer } from "../../runtime/runtime.js";

interface Pending {
  readonly due: number;
  /** Breaks ties: what was set first fires first. */
  readonly order: number;
  readonly keepAlive: boolean;
  readonly call: () => void;
  timer: Timer;
}

/** Another runtime whose clocks can be put ahead, timers with them. Chance is that of the other. */
export class AheadRuntime implements Runtime {
  readonly nextTurn?: (call: () => void) => void;
  readonly #base: Runtime;
  readonly #pending = new Set<Pending>();
  #orders = 0;
  /** Of the clock that never goes back. */
  #monotonicAheadMs = 0;
  #aheadMs = 0;

  constructor(base: Runtime) {
    this.#base = base;
    if (base.nextTurn !== undefined) this.nextTurn = (call) => base.nextTurn?.(call);
  }

  /** How far ahead of the other runtime its wall clock is. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  now(): number {
    return this.#base.now() + this.#monotonicAheadMs;
  }

  wallClock(): number {
    return this.#base.wallClock() + this.#aheadMs;
  }

  setTimer(ms: number, call: () => void, keepAlive: boolean): Timer {
    const pending: Pending = {
      due: this.now() + ms,
      order: this.#orders++,
      keepAlive,
      call,
      timer: this.#base.setTimer(ms, () => this.#fire(pending), keepAlive),
    };
    this.#pending.add(pending);
    return {
      cancel: () => {
        this.#pending.delete(pending);
        pending.timer.cancel();
      },
    };
  }

  random(): number {
    return this.#base.random();
  }

  randomBigint64(): bigint {
    return this.#base.randomBigint64();
  }

  /** Puts both clocks ahead. Timers that are due then fire at once, each a single time, in the order in which they were due. */
  advance(ms: number): void {
    this.#aheadMs += ms;
    this.#monotonicAheadMs += ms;
    const now = this.now();
    const all = [...this.#pending].sort((a, b) => a.due - b.due || a.order - b.order);
    for (const pending of all) {
      // One that fires may cancel others.
      if (!this.#pending.has(pending)) continue;
      pending.timer.cancel();
      if (pending.due <= now) this.#fire(pending);
      else {
        pending.timer = this.#base.setTimer(pending.due - now, () => this.#fire(pending), pending.keepAlive);
      }
    }
  }

  /** Puts the wall clock where it was when it was that far ahead; the clock of timers stays. */
  setBack(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  #fire(pending: Pending): void {
    if (this.#pending.delete(pending)) pending.call();
  }
}
