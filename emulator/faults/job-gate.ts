import type { OptionNames } from "../../protocol/check/check-options.js";
import { checkCount } from "./fault-check.js";

/** Which jobs a gate stops, and where. */
export interface JobGateOptions {
  /** The node's place in the cluster; absent: every node. */
  readonly node?: number;
  /** Records that a node's part of a job still gets through. Default 0. */
  readonly afterRecords?: number;
}

export const JOB_GATE_OPTIONS: OptionNames<JobGateOptions> = { node: true, afterRecords: true };

/** Background jobs that are stopped half-way. `using` lets them on at the end of the block. */
export class JobGate {
  readonly #node: number | undefined;
  readonly #onRelease: (gate: JobGate) => void;
  #limit: number;
  #isReleased = false;
  readonly #held = new Set<() => void>();
  #waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  /** @internal */
  constructor(options: JobGateOptions, onRelease: (gate: JobGate) => void) {
    const { afterRecords = 0 } = options;
    checkCount("holdJobs(options): afterRecords", afterRecords, 0);
    this.#node = options.node;
    this.#limit = afterRecords;
    this.#onRelease = onRelease;
  }

  /** Parts of jobs that stand at the gate now. */
  get held(): number {
    return this.#held.size;
  }

  /** Resolves once so many parts of jobs (one a node and job) stand at the gate. */
  whenHeld(count = 1): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ count, resolve });
      this.#notify();
    });
  }

  /** Lets each part get through `records` more, then stops it again. */
  step(records: number): void {
    checkCount("step(records)", records, 1);
    this.#limit += records;
    this.#letOn();
  }

  /** Lets the jobs on for good. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#onRelease(this);
    this.#letOn();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** @internal Records that a node's part may have got through. */
  limitOf(node: number): number {
    if (this.#isReleased || (this.#node !== undefined && this.#node !== node)) return Number.POSITIVE_INFINITY;
    return this.#limit;
  }

  /** @internal Calls when the part may go on. */
  hold(letOn: () => void): void {
    this.#held.add(letOn);
    this.#notify();
  }

  /** @internal The part waits no longer. */
  leave(letOn: () => void): void {
    this.#held.delete(letOn);
  }

  #letOn(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const letOn of held) letOn();
  }

  #notify(): void {
    const ready = this.#waiters.filter((waiter) => waiter.count <= this.#held.size);
    this.#waiters = this.#waiters.filter((waiter) => waiter.count > this.#held.size);
    for (const waiter of ready) waiter.resolve();
  }
}
