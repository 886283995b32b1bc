import type { Runtime, Timer } from "../../runtime/runtime.js";
import { nextTurn } from "./next-turn.js";

/** Something that has to happen by a certain time unless it is taken back. It belongs to one heap at most. */
export interface Expiring {
  /** Kept by the heap: when it expires on the clock of the heap, and where it stands, -1 while it stands nowhere. */
  dueAt: number;
  heapIndex: number;
  /** Called once, out of the heap already. */
  onDue(): void;
}

/** Timers that are late by less say nothing of the program. */
const JITTER_MS = 5;
/** A limit of which less is left is waited for in one step. */
const SHORTEST_STEP_MS = 10;

/**
 * How long to wait of what is left of a limit before looking at the clock: a quarter. If that look is late, the program has
 * been busy since, and what was left when that began is known to within a quarter.
 */
export function stepOf(leftMs: number): number {
  return leftMs > SHORTEST_STEP_MS ? leftMs / 4 : Math.max(0, leftMs);
}

/** For how long the program was busy that looks at the clock now, and had to at `lookAt`. */
export function busyFor(lookAt: number, now: number): number {
  const lateMs = now - lookAt;
  return lateMs < JITTER_MS ? 0 : lateMs;
}

/**
 * All deadlines of a client on one timer. Thousands of commands a second each have a deadline that hardly ever comes;
 * a timer for each would cost more than the command.
 *
 * A program that computes reads no sockets, and so has its timers fire before it sees what came meanwhile. Therefore
 * nothing expires before the sockets were read once more, and the time in which the program was busy does not count: to
 * open a socket, say, needs several turns. That it was busy shows in timers that are late, so the timer fires after a quarter
 * of what is left of the soonest deadline, and after a quarter of the rest again. Each block costs a quarter at least, so
 * what gets no reply ends however busy the program is.
 *
 * So the heap has a clock of its own, which stands still while the program is busy: the runtime's less
 * {@link busyMs}. Deadlines are kept by that clock, so that all of them are put off by one addition; touching each of
 * them took longer than the 5 ms after which a program counts as busy once 20,000 commands waited, and so had no end.
 *
 * The timer does not hold the process: whatever waits for a deadline holds a socket, and that does.
 */
export class DeadlineHeap {
  readonly runtime: Runtime;
  /** A binary heap, soonest first. */
  readonly #heap: Expiring[] = [];
  #busyMs = 0;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #isClosed = false;
  readonly #fire = (): void => this.#look();

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** For how long the program was busy in all while something had a deadline, as far as was noticed. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /**
   * Sets or moves the deadline of an entry; Infinity takes it out.
   * @param dueAt on the runtime's clock
   * @param now on the runtime's clock
   */
  set(entry: Expiring, dueAt: number, now: number): void {
    if (dueAt === Number.POSITIVE_INFINITY) {
      this.remove(entry);
      return;
    }
    this.notice(now);
    this.#move(entry, dueAt - this.#busyMs);
    // A timer that is too early costs one wake-up; one that is too late would let a deadline pass.
    if (dueAt < this.#timerAt) this.#arm(dueAt, now);
  }

  /**
   * If the timer has not fired at its time, the program has been busy since: whatever has a deadline has that much more
   * time. To be called before a deadline is compared with the clock.
   * @param now on the runtime's clock
   */
  notice(now: number): void {
    if (now <= this.#timerAt || this.#isClosed) return;
    const busyMs = busyFor(this.#timerAt, now);
    if (busyMs === 0) return;
    this.#timerAt = now;
    this.#busyMs += busyMs;
  }

  #move(entry: Expiring, dueAt: number): void {
    entry.dueAt = dueAt;
    if (entry.heapIndex < 0) {
      entry.heapIndex = this.#heap.length;
      this.#heap.push(entry);
    }
    this.#siftUp(entry);
    this.#siftDown(entry);
  }

  /** Takes an entry out; does nothing when it is not in. */
  remove(entry: Expiring): void {
    const index = entry.heapIndex;
    if (index < 0) return;
    entry.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    last.heapIndex = index;
    this.#heap[index] = last;
    this.#siftUp(last);
    this.#siftDown(last);
  }

  /** Stops the timer. Entries still in the heap will never fall due. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Number.NEGATIVE_INFINITY;
    this.#isClosed = true;
  }

  /** Has the timer fire on the way to a deadline. */
  #arm(dueAt: number, now: number): void {
    const stepMs = stepOf(dueAt - now);
    if (now + stepMs >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = now + stepMs;
    // Rounded up: a runtime that cuts fractions off would fire too early again and again.
    this.#timer = this.runtime.setTimer(Math.ceil(stepMs), this.#fire, false);
  }

  #look(): void {
    const now = this.runtime.now();
    this.notice(now);
    this.#rest();
    const first = this.#heap[0];
    if (first === undefined) return;
    const dueAt = first.dueAt + this.#busyMs;
    if (dueAt > now) this.#arm(dueAt, now);
    else {
      // The program may be busy in this turn, too.
      this.#timerAt = now;
      nextTurn(this.runtime, () => this.#expireUntil(now));
    }
  }

  #rest(): void {
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  /** Ends what was due at a time after which the sockets have been read, however busy the program was in that turn. */
  #expireUntil(time: number): void {
    if (this.#isClosed) return;
    const last = time - this.#busyMs;
    this.notice(this.runtime.now());
    this.#rest();
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return;
      if (first.dueAt > last) {
        this.#arm(first.dueAt + this.#busyMs, this.runtime.now());
        return;
      }
      this.remove(first);
      first.onDue();
    }
  }

  #siftUp(entry: Expiring): void {
    const heap = this.#heap;
    let at = entry.heapIndex;
    while (at > 0) {
      const parent = heap[(at - 1) >> 1]!;
      if (parent.dueAt <= entry.dueAt) break;
      heap[at] = parent;
      parent.heapIndex = at;
      at = (at - 1) >> 1;
    }
    heap[at] = entry;
    entry.heapIndex = at;
  }

  #siftDown(entry: Expiring): void {
    const heap = this.#heap;
    let at = entry.heapIndex;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.dueAt < heap[child]!.dueAt) child++;
      const lower = heap[child]!;
      if (lower.dueAt >= entry.dueAt) break;
      heap[at] = lower;
      lower.heapIndex = at;
      at = child;
    }
    heap[at] = entry;
    entry.heapIndex = at;
  }
}
