import type { TaskCounters } from "../../src/index.js";

/** What is shown of a task, or of one node's part, at a moment. */
export interface Reading {
  /** 0 to 100; `null` where nobody knows. */
  readonly percent: number | null;
  readonly changed: number | null;
  readonly failed: number | null;
  readonly filtered: number | null;
  /** Records a second that were gone through, over the last seconds; `null` before there are two readings. */
  readonly perSecond: number | null;
  /** `null` where it can't be told. */
  readonly msLeft: number | null;
}

/** The rate is that of the last so many milliseconds. */
const WINDOW_MS = 5_000;

/** Makes rate and time left of counters that come now and then. */
export class ProgressMeter {
  readonly #samples: { readonly at: number; readonly done: number; readonly percent: number }[] = [];

  read(counters: TaskCounters, now: number): Reading {
    const { percent, succeeded, failed, filteredByMeta, filteredByBins } = counters;
    const filtered = filteredByMeta === null || filteredByBins === null ? null : filteredByMeta + filteredByBins;
    const done = succeeded === null || failed === null || filtered === null ? null : succeeded + failed + filtered;
    if (done !== null) this.#add(now, done, percent ?? 0);
    return {
      percent,
      changed: succeeded,
      failed,
      filtered,
      perSecond: this.#perSecond(),
      msLeft: this.#msLeft(percent),
    };
  }

  #add(at: number, done: number, percent: number): void {
    const samples = this.#samples;
    samples.push({ at, done, percent });
    while (samples.length > 2 && at - (samples[1]?.at ?? at) >= WINDOW_MS) samples.shift();
  }

  #perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return null;
    return (1000 * (last.done - first.done)) / (last.at - first.at);
  }

  #msLeft(percent: number | null): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (percent === 100) return 0;
    if (percent === null || first === undefined || last === undefined || last.percent <= first.percent) return null;
    return ((100 - percent) * (last.at - first.at)) / (last.percent - first.percent);
  }
}
