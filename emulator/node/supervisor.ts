import type { Runtime, Timer } from "../../runtime/runtime.js";
import type { NodeNamespace } from "./node-namespace.js";

/** How often a node looks at its limits when nothing expires. */
const STOP_WRITES_PERIOD_MS = 10_000;

/** The thread of a node that removes expired records and stops writes at their limits. */
export class Supervisor {
  readonly #namespace: NodeNamespace;
  readonly #runtime: Runtime;
  #expiry: Timer | undefined;
  #limits: Timer | undefined;

  constructor(namespace: NodeNamespace, runtime: Runtime) {
    this.#namespace = namespace;
    this.#runtime = runtime;
  }

  start(): void {
    this.restartExpiry();
    this.#watchLimits();
  }

  stop(): void {
    this.#expiry?.cancel();
    this.#limits?.cancel();
  }

  /** Takes up the period anew, after it changed. */
  restartExpiry(): void {
    this.#expiry?.cancel();
    const period = this.#namespace.settings.nsupPeriod * 1000;
    if (period === 0) return;
    this.#expiry = this.#runtime.setTimer(period, () => this.#expire(), false);
  }

  #expire(): void {
    const now = this.#runtime.wallClock();
    for (const partition of this.#namespace.held("master")) {
      for (const record of partition.records()) {
        if (!this.#namespace.isDoomed(record, now)) continue;
        partition.delete(record.digest);
        this.#namespace.counters.add("expired_objects");
      }
    }
    this.restartExpiry();
  }

  #watchLimits(): void {
    const { settings, availablePercent } = this.#namespace;
    this.#namespace.stopWrites = availablePercent < settings.stopWritesAvailPct;
    this.#limits = this.#runtime.setTimer(STOP_WRITES_PERIOD_MS, () => this.#watchLimits(), false);
  }
}
