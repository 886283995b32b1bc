const TICK_MS = 10;

/** How long the event loop was not free: what falls due meanwhile is late. */
export class Lag {
  readonly #timer: NodeJS.Timeout;
  #lastAt = performance.now();
  #total = 0;
  /** When the loop had been busy, and for how long in all by then. */
  readonly #samples: { readonly at: number; readonly late: number; readonly total: number }[] = [];

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  get total(): number {
    return this.#total + Math.max(0, performance.now() - this.#lastAt - TICK_MS);
  }

  /** Milliseconds that the loop was busy since then. */
  since(time: number): number {
    let before = 0;
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      const sample = this.#samples[i]!;
      if (sample.at >= time) continue;
      before = sample.total;
      break;
    }
    return this.total - before;
  }

  /** The longest that it was busy at a stretch between two times. */
  longestBetween(from: number, to: number): number {
    let longest = 0;
    for (const { at, late } of this.#samples) if (at >= from && at - late < to) longest = Math.max(longest, late);
    return longest;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    const late = now - this.#lastAt - TICK_MS;
    this.#lastAt = now;
    if (late <= 1) return;
    this.#total += late;
    this.#samples.push({ at: now, late, total: this.#total });
    if (this.#samples.length > 10_000) this.#samples.splice(0, 5_000);
  }
}
