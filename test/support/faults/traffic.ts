import type { Runtime, Timer } from "../../../runtime/runtime.js";
import type { Ledger } from "./ledger.js";

const TICK_MS = 10;

export interface TrafficOptions {
  /** Calls a second. */
  readonly rate: number;
  /** Calls that are under way at the same time at most: those above are left out, and counted. */
  readonly mostAtOnce: number;
}

/** Calls that ended within a while. */
export interface Share {
  readonly answered: number;
  readonly failed: number;
  /** What they failed with, each once. */
  readonly codes: ReadonlySet<string>;
}

/** Calls of a ledger at a steady pace, whatever becomes of those before. */
export class Traffic {
  readonly #ledger: Ledger;
  readonly #runtime: Runtime;
  readonly #options: TrafficOptions;
  /** By the number of the tick that they began in: a call that fails late counts where it began. */
  readonly #answered: number[] = [];
  readonly #failures: { readonly tick: number; readonly code: string }[] = [];
  readonly #underway = new Set<Promise<void>>();
  #startedAt = 0;
  #timer: Timer | undefined;
  #begun = 0;
  /** Calls that were not made because too many were under way. */
  leftOut = 0;

  constructor(ledger: Ledger, runtime: Runtime, options: TrafficOptions) {
    this.#ledger = ledger;
    this.#runtime = runtime;
    this.#options = options;
  }

  get begun(): number {
    return this.#begun;
  }

  start(): void {
    this.#startedAt = this.#runtime.now();
    this.#tick();
  }

  /** Resolves once all calls have ended. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await Promise.all(this.#underway);
  }

  /** What came of the calls that began between two times of the runtime's clock. */
  between(from: number, to: number): Share {
    const [first, end] = [this.#tickOf(from), this.#tickOf(to)];
    const answered = this.#answered.slice(first, end).reduce((total, count = 0) => total + count, 0);
    const failures = this.#failures.filter(({ tick }) => tick >= first && tick < end);
    return { answered, failed: failures.length, codes: new Set(failures.map(({ code }) => code)) };
  }

  #tick(): void {
    this.#timer = this.#runtime.setTimer(TICK_MS, () => this.#tick(), true);
    const { rate, mostAtOnce } = this.#options;
    const due = Math.floor(((this.#runtime.now() - this.#startedAt) * rate) / 1_000);
    for (; this.#begun + this.leftOut < due; this.#begun++) {
      if (this.#underway.size >= mostAtOnce) {
        this.leftOut = due - this.#begun;
        return;
      }
      this.#call();
    }
  }

  #call(): void {
    const tick = this.#tickOf(this.#runtime.now());
    const call = this.#ledger.runOne().then((outcome) => {
      this.#underway.delete(call);
      // Callers that give up have no reason to complain.
      if (outcome === "ok" || outcome === "ABORTED") this.#answered[tick] = (this.#answered[tick] ?? 0) + 1;
      else this.#failures.push({ tick, code: outcome });
    });
    this.#underway.add(call);
  }

  #tickOf(time: number): number {
    return Math.floor((time - this.#startedAt) / TICK_MS);
  }
}
