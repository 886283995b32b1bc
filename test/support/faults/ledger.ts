import type { ClusterCore } from "../../../src/cluster/cluster-core.js";
import { AerospikeError, type Cluster, type Session } from "../../../src/index.js";
import { below, pick, type Random } from "./chance.js";
import { behaviorOf } from "./lab.js";
import { Accounts } from "./ledger-accounts.js";
import { type Call, LedgerCalls } from "./ledger-calls.js";

/** Errors that trouble with sockets and servers may come to. */
export const TROUBLE: ReadonlySet<string> = new Set([
  "ABORTED",
  "BAD_REPLY",
  "CLUSTER_UNAVAILABLE",
  "CONNECTION",
  "DEVICE_OVERLOAD",
  "INVALID_NODE",
  "KEY_BUSY",
  "MAX_ERROR_RATE",
  "PARTITION_UNAVAILABLE",
  "TIMEOUT",
]);
/** Errors of background tasks beside those. */
const TROUBLE_OF_TASKS: ReadonlySet<string> = new Set(["BACKGROUND_START", "TASK_ABORTED", "TASK_LOST"]);

/** Of a task, beside the time of its start: what has begun is stopped where the start fails, and causes are looked for. */
const TASK_EXTRA_MS = 8_000;

export interface LedgerOptions {
  readonly records: number;
  /** Longest timeout that is drawn, in ms. */
  readonly longestTimeoutMs: number;
  /** Shortest timeout that is drawn, in ms. Default 1. */
  readonly shortestTimeoutMs?: number;
  /** Longest text that is written, in characters. Default 1,500. */
  readonly longestText?: number;
  /** Whether records stay on their nodes, so that a background task meets each of them once. */
  readonly isSettled: boolean;
  /** Share of the calls that go through all records: queries, counts, background tasks. Default 0.06. */
  readonly scans?: number;
  /** Share of the calls that their callers give up. Default 0.15. */
  readonly aborts?: number;
  /** Whether calls may come in such numbers that nodes refuse to run more queries at once. Default false. */
  readonly crowds?: boolean;
  /** How much later than its limit a call that began then may end, in ms. Default: nobody looks. */
  readonly slackMs?: (startedAt: number) => number;
}

/** To read what there is, once nothing goes wrong any more. */
const PATIENT = behaviorOf({ all: { totalTimeout: 20_000, maxRetries: 100, retryDelay: 50 } });

interface Caller {
  readonly session: Session;
  readonly totalMs: number;
}

/**
 * A client's commands on records of which it knows what they must hold. Every answer can tell whose it is, and at the
 * end the records tell what happened how often.
 */
export class Ledger {
  readonly #cluster: ClusterCore;
  readonly #client: Cluster;
  readonly #random: Random;
  readonly #options: LedgerOptions;
  readonly #accounts: Accounts;
  readonly #calls: LedgerCalls;
  readonly #callers: readonly Caller[];
  /** Answers that belong to another command, or to none. There must be none. */
  readonly crossed: string[] = [];
  /** Errors that no trouble explains. There must be none. */
  readonly unexpected: string[] = [];
  /** Calls that ended after their limit. There must be none. */
  readonly late: string[] = [];
  /** How the calls ended, by error code; "ok" for answers. */
  readonly outcomes = new Map<string, number>();

  constructor(client: Cluster, cluster: ClusterCore, random: Random, options: LedgerOptions) {
    this.#client = client;
    this.#cluster = cluster;
    this.#random = random;
    this.#options = options;
    this.#accounts = new Accounts(options.records);
    this.#calls = new LedgerCalls(cluster, random, this.#accounts, options);
    this.#callers = Array.from({ length: 8 }, () => this.#drawCaller());
  }

  get answered(): number {
    return this.outcomes.get("ok") ?? 0;
  }

  /** Writes the records, while nothing goes wrong. */
  open(): Promise<void> {
    return this.#accounts.open(this.#client.createSession());
  }

  /** Sends commands, so many at once; `between` is called before each. */
  async run(commands: number, concurrency: number, between: () => void): Promise<void> {
    let left = commands;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        between();
        await this.runOne();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  /** Reads the records, while nothing goes wrong: what does not add up. */
  audit(): Promise<string[]> {
    return this.#accounts.audit(this.#client.createSession(PATIENT));
  }

  /** One call, drawn by chance. Answers how it ended: an error code, or "ok". */
  async runOne(): Promise<string> {
    const random = this.#random;
    const { session, totalMs } = pick(random, this.#callers);
    const { aborts = 0.15, longestTimeoutMs } = this.#options;
    const abort = random() < aborts ? new AbortController() : undefined;
    const timer = abort && this.#abortLater(abort);
    const call = this.#calls.draw();
    const startedAt = this.#cluster.runtime.now();
    try {
      const crossed = await call.run(session, abort === undefined ? {} : { signal: abort.signal });
      if (crossed !== undefined) this.crossed.push(crossed);
      return this.#count("ok");
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      const isExpected =
        TROUBLE.has(error.code) ||
        (call.isTask && TROUBLE_OF_TASKS.has(error.code)) ||
        (this.#options.crowds === true && error.code === "FORBIDDEN" && error.message.includes("query-threads-limit"));
      if (!isExpected) this.unexpected.push(`${call.name}: ${error.name} ${error.code}: ${error.message}`);
      return this.#count(error.code);
    } finally {
      timer?.cancel();
      const limitMs = call.isTask ? totalMs + TASK_EXTRA_MS + 20 * longestTimeoutMs : (call.totalMs ?? totalMs);
      this.#checkTime(call, startedAt, limitMs);
    }
  }

  #checkTime({ name }: Call, startedAt: number, limitMs: number): void {
    const slackMs = this.#options.slackMs?.(startedAt);
    if (slackMs === undefined) return;
    const tookMs = this.#cluster.runtime.now() - startedAt;
    if (tookMs <= limitMs + slackMs) return;
    this.late.push(`${name} took ${tookMs.toFixed(0)} ms of ${limitMs}, and ${slackMs.toFixed(0)} more at most`);
  }

  #drawCaller(): Caller {
    const random = this.#random;
    const { longestTimeoutMs, shortestTimeoutMs = 1 } = this.#options;
    const totalMs = shortestTimeoutMs + below(random, longestTimeoutMs - shortestTimeoutMs + 1);
    const behavior = behaviorOf({
      all: {
        totalTimeout: totalMs,
        socketTimeout: random() < 0.5 ? 1 + below(random, longestTimeoutMs) : 0,
        maxRetries: below(random, 4),
        retryDelay: random() < 0.3 ? 5 : 0,
        replica: pick(random, ["sequence", "master", "random"] as const),
      },
      readsQuery: { totalTimeout: totalMs },
      writesQuery: { totalTimeout: totalMs },
    });
    return { session: this.#client.createSession(behavior), totalMs };
  }

  #abortLater(controller: AbortController): { cancel(): void } {
    const ms = below(this.#random, this.#options.longestTimeoutMs);
    return this.#cluster.runtime.setTimer(ms, () => controller.abort(), true);
  }

  #count(outcome: string): string {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    return outcome;
  }
}
