/** Timers are no finer: who is less early than this goes on at once. */
const LEAST_WAIT_MS = 1;
/** Longest pause between two records, whatever the pace: below 100 records a second the server doesn't keep it. */
const MOST_WAIT_MS = 10;

/** Holds a job to so many records a second, the way the server does. */
export class Pace {
  readonly #recordsPerSecond: number;
  readonly #startedAt: number;
  #count = 0;

  /** @param recordsPerSecond 0 for as fast as it goes */
  constructor(recordsPerSecond: number, now: number) {
    this.#recordsPerSecond = recordsPerSecond;
    this.#startedAt = now;
  }

  /** Counts a record and returns how many milliseconds to wait; 0 for not at all. */
  take(now: number): number {
    if (this.#recordsPerSecond === 0) return 0;
    this.#count++;
    const early = this.#startedAt + (this.#count * 1000) / this.#recordsPerSecond - now;
    return early > LEAST_WAIT_MS ? Math.min(early, MOST_WAIT_MS) : 0;
  }
}
