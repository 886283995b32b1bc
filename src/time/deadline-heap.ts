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
export const JITTER_MS = 5;
/** Of the time that a program was busy, the part that counts all the same, and the most that counts of a long one. */
const COUNTED_SHARE = 1 / 4;
const MOST_COUNTED_MS = 25;
/** A limit of which less is left is waited for in one step. */
const SHORTEST_STEP_MS = 10;

/**
 * How long to wait of what is left of a limit before looking at the clock: a quarter. If that look is late, the program has
 * been busy since, and what was left when that began is known to within a quarter.
 */
export function stepOf(leftMs: number): number {
  return leftMs > SHORTEST_STEP_MS ? leftMs / 4 : Math.max(0, leftMs);
}

/**
 * What does not count of the time in which the program was busy that looks at the clock now, and had to at `lookAt`. A part of
 * it does, so that time goes on for a program that has much to do in every turn: its sockets are read all the same.
 */
export function busyFor(lookAt: number, now: number): number {
  const lateMs = now - lookAt;
  return Math.max(0, lateMs - Math.max(JITTER_MS, Math.min(lateMs * COUNTED_SHARE, MOST_COUNTED_MS)));
}

/**
 * All deadlines of a client on one timer. Thousands of commands a second each have a deadline that hardly ever comes;
 * a timer for each would cost more than the command.
 *
 * A program that computes reads no sockets, and so has its timers fire before it sees what came meanwhile. Therefore
 * nothing expires before the sockets were read once more, and the time in which the program was busy hardly counts: to
 * open a socket, say, needs several turns. That it was busy shows in timers that are late, so the timer fires after a quarter
 * of what is left of the soonest deadline, and after a quarter of the rest again. Each block costs a quarter at least, and
 * something of its own length, so what gets no reply ends however busy the program is.
 *
 * So the heap has a clock of its own, which all but stands still while the program is busy: the runtime's less
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
  /** The same when the timer was set. */
  #busyBefore = 0;
  #timer: Timer | undefined;
  /** When the timer has to fire, on the runtime's clock. Infinity: there is none. -Infinity: none is to be set now. */
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
    // Asked here, for it costs every command: it hardly ever is.
    if (now > this.#timerAt) this.notice(now);
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
    if (now <= this.#timerAt || this.#timerAt === Number.NEGATIVE_INFINITY) return;
    const busyMs = this.#busyBefore + busyFor(this.#timerAt, now);
    if (busyMs > this.#busyMs) this.#busyMs = busyMs;
  }

  /** The timer has to fire then. */
  #expectAt(time: number): void {
    this.#timerAt = time;
    this.#busyBefore = this.#busyMs;
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
    this.#expectAt(now + stepMs);
    // Rounded up: a runtime that cuts fractions off would fire too early again and again.
    this.#timer = this.runtime.setTimer(Math.ceil(stepMs), this.#fire, false);
  }

  #armForFirst(now: number): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const first = this.#heap[0];
    if (first !== undefined) this.#arm(first.dueAt + this.#busyMs, now);
  }

  #look(): void {
    const now = this.runtime.now();
    this.notice(now);
    this.#timer = undefined;
    const first = this.#heap[0];
    // Added as where the timer is set: by a subtraction, rounded otherwise, what the timer fires for may not be due yet.
    if (first === undefined || first.dueAt + this.#busyMs > now) this.#armForFirst(now);
    else {
      const time = Math.max(first.dueAt, now - this.#busyMs);
      // The program may be busy in this turn, too.
      this.#expectAt(now);
      nextTurn(this.runtime, () => this.#expireUntil(time));
    }
  }

  /**
   * Ends what was due at a time after which the sockets have been read, however busy the program was in that turn.
   * @param time on the clock of the heap
   */
  #expireUntil(time: number): void {
    if (this.#isClosed) return;
    const began = this.runtime.now();
    this.notice(began);
    // The clock stands still meanwhile, so that what ends now is over, however many they are.
    this.#timerAt = Number.NEGATIVE_INFINITY;
    try {
      for (;;) {
        const first = this.#heap[0];
        if (this.#isClosed || first === undefined || first.dueAt > time) break;
        this.remove(first);
        first.onDue();
      }
    } finally {
      if (!this.#isClosed) {
        const now = this.runtime.now();
        this.#expectAt(began);
        this.notice(now);
        this.#armForFirst(now);
      }
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
