import type { VirtualRuntime } from "../../runtime/virtual-runtime.js";
import { AerospikeError, Behavior, type Cluster, type Session } from "../../src/index.js";
import { below, pick, type Random } from "../support/faults/chance.js";
import { behaviorOf } from "../support/faults/lab.js";
import { TROUBLE } from "../support/faults/ledger.js";
import type { Knobs } from "./knobs.js";
import type { Weather } from "./weather.js";

/** What must hold of every schedule. */
export type Invariant =
  | "crossed"
  | "lost"
  | "doubt"
  | "query"
  | "task"
  | "campaign"
  | "transaction"
  | "deadline"
  | "error"
  | "members"
  | "end";

export interface Violation {
  readonly invariant: Invariant;
  readonly text: string;
}

/** Errors that trouble with sockets and servers may come to. */
const EXPECTED: ReadonlySet<string> = new Set([
  ...TROUBLE,
  // Batches of writes are transactions in strong consistency.
  "COMMIT_FAILED",
  "MRT_BLOCKED",
]);

/** Timers are rounded up to milliseconds, and sockets read once more before anything is given up. */
const SLACK_MS = 5;
/** A program that is busy for less is not noticed. */
const SHORTEST_STALL_MS = 5;
/** What an operation gets at least that finds its limit passed because the program was busy; half of its limit if that is less. */
const LEAST_GRACE_MS = 100;

/** A client's session, and how long its commands may take. */
export interface Caller {
  readonly session: Session;
  /** Of commands on records, queries and starts of tasks. */
  readonly totalMs: number;
}

/** How a call went. */
export type Ending<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AerospikeError };

/** Makes calls, and holds each to what is true of all: that it ends in time, and with an error that trouble explains. */
export class Attempts {
  readonly violations: Violation[] = [];
  /** How calls ended, by error code; "ok" for answers. */
  readonly outcomes = new Map<string, number>();
  readonly #runtime: VirtualRuntime;
  readonly #weather: Weather;
  readonly #aborts: Random | undefined;

  constructor(runtime: VirtualRuntime, weather: Weather, { faults }: Knobs, aborts: Random) {
    this.#runtime = runtime;
    this.#weather = weather;
    this.#aborts = faults.includes("abort") ? aborts : undefined;
  }

  fault(invariant: Invariant, text: string): void {
    this.violations.push({ invariant, text });
  }

  /** @param alsoExpected errors beside those of sockets and servers */
  async call<T>(
    name: string,
    totalMs: number,
    work: (options: { readonly signal?: AbortSignal }) => Promise<T>,
    alsoExpected: readonly string[] = [],
  ): Promise<Ending<T>> {
    const { runtime, weather } = { runtime: this.#runtime, weather: this.#weather };
    const controller = this.#aborts !== undefined && this.#aborts() < 0.15 ? new AbortController() : undefined;
    const timer =
      controller && runtime.setTimer(below(this.#aborts ?? Math.random, totalMs), () => controller.abort(), true);
    const startedAt = runtime.now();
    const stalledBefore = weather.stalledMs;
    try {
      const value = await work(controller === undefined ? {} : { signal: controller.signal });
      this.#count("ok");
      return { ok: true, value };
    } catch (error) {
      if (!(error instanceof AerospikeError)) {
        this.fault("error", `${name}: ${error instanceof Error ? error.stack : String(error)}`);
        throw error;
      }
      this.#count(error.code);
      if (!EXPECTED.has(error.code) && !alsoExpected.includes(error.code)) {
        this.fault("error", `${name}: ${error.name} ${error.code}: ${error.message}`);
      }
      return { ok: false, error };
    } finally {
      timer?.cancel();
      const stalledMs = weather.stalledMs - stalledBefore;
      // What is due while the program computes ends later, and is given as much time again, or enough to begin something.
      const graceMs = stalledMs < SHORTEST_STALL_MS ? 0 : Math.min(LEAST_GRACE_MS, totalMs / 2);
      const allowed = totalMs + stalledMs + Math.max(stalledMs, graceMs) + SLACK_MS;
      const took = runtime.now() - startedAt;
      if (took > allowed)
        this.fault("deadline", `${name} took ${took} ms of ${totalMs}, and ${stalledMs} were stalled`);
    }
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}

/** Callers as they are: some patient, some not. */
export function drawCaller(client: Cluster, random: Random): Caller {
  if (random() < 0.2) {
    const totalMs = 10_000;
    return {
      session: client.createSession(behaviorOf({ all: { totalTimeout: totalMs }, ...ofQueries(totalMs) })),
      totalMs,
    };
  }
  const totalMs = 5 + below(random, random() < 0.5 ? 100 : 1_500);
  const behavior = Behavior.DEFAULT.deriveWithChanges("drawn", {
    all: {
      totalTimeout: totalMs,
      socketTimeout: random() < 0.5 ? 1 + below(random, totalMs) : 0,
      maxRetries: below(random, 5),
      retryDelay: random() < 0.3 ? 5 : 0,
      replica: pick(random, ["sequence", "master", "random"] as const),
    },
    ...ofQueries(totalMs),
  });
  return { session: client.createSession(behavior), totalMs };
}

function ofQueries(totalTimeout: number) {
  return { readsQuery: { totalTimeout }, writesQuery: { totalTimeout } };
}
