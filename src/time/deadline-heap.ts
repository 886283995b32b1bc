import type { Runtime, Timer } from "../../runtime/runtime.js";
import { nextTurn } from "./next-turn.js";

/** Something that has to happen by a certain time unless it is taken back. It belongs to one heap at most. */
export interface Expiring {
  /** Kept by the heap: when it expires on the runtime's clock, and where it stands, -1 while it stands nowhere. */
  dueAt: number;
  heapIndex: number;
  /** Kept by the heap: whether it was given more time because the program was busy. */
  hadGrace: boolean;
  /**
   * Called when it expires late, before sockets are read and before {@link onDue}: what comes of that may still count.
   * @param now on the runtime's clock
   */
  onLate?(now: number): void;
  /** Called once, out of the heap already. */
  onDue(): void;
}

/** The most that a deadline is put off because the program was busy. */
const MOST_GRACE_MS = 5_000;

/** When something ends that had to end at `dueAt`, and was late. */
export function putOff(dueAt: number, now: number): number {
  return now + Math.min(now - dueAt, MOST_GRACE_MS);
}

/**
 * All deadlines of a client on one timer. Thousands of commands a second each have a deadline that hardly ever comes;
 * a timer for each would cost more than the command.
 *
 * A program that computes reads no sockets, and so has its timers fire before it sees what came meanwhile. Therefore
 * nothing expires before the sockets were read once more, and what expires late, by a time in which the program was
 * busy, has once as much time again: a socket that is being opened, say, needs several turns.
 *
 * The timer does not hold the process: whatever waits for a deadline holds a socket, and that does.
 */
export class DeadlineHeap {
  readonly #runtime: Runtime;
  /** A binary heap, soonest first. */
  readonly #heap: Expiring[] = [];
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #isClosed = false;
  readonly #fire = (): void => this.#expire();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Sets or moves the deadline of an entry; Infinity takes it out. */
  set(entry: Expiring, dueAt: number): void {
    if (dueAt === Number.POSITIVE_INFINITY) {
      this.remove(entry);
      return;
    }
    entry.hadGrace = false;
    this.#move(entry, dueAt);
  }

  #move(entry: Expiring, dueAt: number): void {
    entry.dueAt = dueAt;
    if (entry.heapIndex < 0) {
      entry.heapIndex = this.#heap.length;
      this.#heap.push(entry);
    }
    this.#siftUp(entry);
    this.#siftDown(entry);
    // A timer that is too early costs one wake-up; one that is too late would let a deadline pass.
    if (dueAt < this.#timerAt) this.#arm(dueAt);
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

  #arm(at: number): void {
    this.#timer?.cancel();
    this.#timerAt = at;
    // Rounded up: a runtime that cuts fractions off would fire too early again and again.
    this.#timer = this.#runtime.setTimer(Math.max(0, Math.ceil(at - this.#runtime.now())), this.#fire, false);
  }

  #expire(): void {
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const runtime = this.#runtime;
    const now = runtime.now();
    const first = this.#heap[0];
    if (first === undefined) return;
    if (first.dueAt < now) this.#announce(now, 0);
    if (first.dueAt > now) this.#arm(first.dueAt);
    else nextTurn(runtime, () => this.#expireUntil(now));
  }

  /** Tells the entry at an index, and those behind it in the heap, that they expire late if they do. */
  #announce(now: number, index: number): void {
    const entry = this.#heap[index];
    if (entry === undefined || entry.dueAt >= now) return;
    entry.onLate?.(now);
    this.#announce(now, 2 * index + 1);
    this.#announce(now, 2 * index + 2);
  }

  /** Ends what was due at a time after which the sockets have been read. */
  #expireUntil(time: number): void {
    if (this.#isClosed) return;
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return;
      if (first.dueAt > time) {
        if (first.dueAt < this.#timerAt) this.#arm(first.dueAt);
        return;
      }
      if (first.dueAt < time && !first.hadGrace) {
        first.hadGrace = true;
        this.#move(first, putOff(first.dueAt, time));
      } else {
        this.remove(first);
        first.onDue();
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
