/** Holds a job to so many records a second. */
export class Pace {
  readonly #recordsPerSecond: number;
  readonly #startedAt: number;
  #count = 0;

  /** @param recordsPerSecond 0 for as fast as it goes */
  constructor(recordsPerSecond: number, now: number) {
    this.#recordsPerSecond = recordsPerSecond;
    this.#startedAt = now;
  }

  /** Counts a record and answers how many milliseconds early it is. */
  take(now: number): number {
    if (this.#recordsPerSecond === 0) return 0;
    this.#count++;
    const due = this.#startedAt + (this.#count * 1000) / this.#recordsPerSecond;
    return Math.max(0, due - now);
  }
}
