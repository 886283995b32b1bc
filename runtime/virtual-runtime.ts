import type { Runtime, Timer } from "./runtime.js";

export interface VirtualRuntimeOptions {
  /** Same seed, same chance. Default 1. */
  readonly seed?: number;
  /** Milliseconds since 1970 that the clock starts at. Default the start of 2030. */
  readonly wallClock?: number;
}

interface Pending {
  readonly due: number;
  /** Breaks ties: what was set first fires first. */
  readonly order: number;
  /** Undefined once it has fired or was cancelled: the entry stays until its time, and must not hold what would have run. */
  call: (() => void) | undefined;
}

/** Longest that {@link VirtualRuntime.until} lets the clock run unless told otherwise: a day. */
const PATIENCE_MS = 86_400_000;

/** Timers that may fire at one moment, before it is sure that they set each other without end. */
const MOST_AT_ONCE = 200_000;

/**
 * A clock that moves only when told to, and chance that repeats from a seed: tests of hours run in moments, and a
 * failure replays.
 *
 * @example
 * const runtime = new VirtualRuntime({ seed: 7 });
 * const client = connect({ transport: network, runtime });
 * await runtime.until(client);
 */
export class VirtualRuntime implements Runtime {
  #now = 0;
  #startedAt: number;
  /** A binary heap, soonest first. */
  readonly #pending: Pending[] = [];
  #live = 0;
  /** Timers that have fired since the clock moved on. */
  #firedNow = 0;
  #orders = 0;
  #state: number;

  constructor(options: VirtualRuntimeOptions = {}) {
    this.#startedAt = options.wallClock ?? 1_893_456_000_000;
    this.#state = (options.seed ?? 1) | 0;
  }

  now(): number {
    return this.#now;
  }

  wallClock(): number {
    return this.#startedAt + Math.floor(this.#now);
  }

  setTimer(ms: number, call: () => void, _keepAlive: boolean): Timer {
    const pending: Pending = { due: this.#now + Math.max(0, ms), order: this.#orders++, call };
    this.#insert(pending);
    this.#live++;
    return {
      cancel: () => {
        if (pending.call === undefined) return;
        pending.call = undefined;
        this.#live--;
      },
    };
  }

  nextTurn(call: () => void): void {
    this.setTimer(0, call, false);
  }

  random(): number {
    return this.#next() / 0x1_0000_0000;
  }

  randomBigint64(): bigint {
    return (BigInt(this.#next()) << 32n) | BigInt(this.#next());
  }

  /** Timers that are set and neither fired nor cancelled. */
  get pendingTimers(): number {
    return this.#live;
  }

  /** Lets everything run that waits for no timer. */
  settle(): Promise<void> {
    return new Promise(nextTurn);
  }

  /** Moves the clock on by `ms`, timer by timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    while (this.#fireNext(end)) await this.settle();
    this.#now = Math.max(this.#now, end);
  }

  /** Moves the clock on by `ms` while nothing runs, as when a program computes: timers that fall due meanwhile are late. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** Sets the time of day on by `ms`, or back where it is negative; timers do not notice. */
  shiftWallClock(ms: number): void {
    this.#startedAt += ms;
  }

  /**
   * Moves the clock on until the promise is settled, and gives what it gave.
   * Throws when nothing is left that could settle it, when that would take longer than `patienceMs`, and when timers of no
   * length set each other without end.
   */
  async until<T>(promise: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    promise.then(done, done);
    const end = this.#now + patienceMs;
    await this.settle();
    while (!settled) {
      if (!this.#fireNext(end)) throw new Error(`Nothing within ${patienceMs} ms settles the promise`);
      await this.settle();
    }
    return promise;
  }

  #fireNext(end: number): boolean {
    for (;;) {
      const next = this.#pending[0];
      if (next === undefined || next.due > end) return false;
      this.#removeFirst();
      const { call } = next;
      if (call === undefined) continue;
      next.call = undefined;
      this.#live--;
      if (next.due > this.#now) {
        this.#now = next.due;
        this.#firedNow = 0;
      } else if (++this.#firedNow > MOST_AT_ONCE) {
        throw new Error(`${MOST_AT_ONCE} timers fired at ${this.#now} ms, each set by another: the clock can't go on`);
      }
      call();
      return true;
    }
  }

  #insert(pending: Pending): void {
    const heap = this.#pending;
    let at = heap.push(pending) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(pending, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = pending;
  }

  #removeFirst(): void {
    const heap = this.#pending;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }

  /** Mulberry32: 32 bits at a time. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

/** Calls once every promise reaction that is ready, and those that they make ready, have run. */
function nextTurn(call: () => void): void {
  if (typeof setImmediate === "function") setImmediate(call);
  else setTimeout(call, 0);
}
