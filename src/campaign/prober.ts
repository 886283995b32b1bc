import type { Key } from "../data/key.js";
import { AbortError, AerospikeError, RecordNotFoundError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { CampaignSet } from "./cluster-store.js";
import { type ProbeReport, p99 } from "./politeness.js";

/** Probes that may be under way: more would wait for each other. */
const MOST_UNDER_WAY = 64;

/** Reads at a steady pace and times it. */
export class Prober {
  readonly #context: SessionContext;
  readonly #probe: () => Promise<unknown>;
  readonly #intervalMs: number;
  #times: number[] = [];
  #failed = 0;
  #underWay = 0;

  constructor(context: SessionContext, probe: () => Promise<unknown>, perSecond: number) {
    this.#context = context;
    this.#probe = probe;
    this.#intervalMs = 1000 / perSecond;
  }

  /** Until the signal of the deadline fires. */
  async run(deadline: Deadline): Promise<void> {
    const { runtime } = this.#context.cluster;
    let next = runtime.now();
    while (deadline.signal?.aborted !== true && deadline.closed?.aborted !== true) {
      if (this.#underWay < MOST_UNDER_WAY) void this.#once();
      next = Math.max(next + this.#intervalMs, runtime.now());
      await deadline.sleep(next - runtime.now()).catch(ignoreEnd);
    }
  }

  /** What was seen since this was called last. */
  take(): ProbeReport {
    const report = { answered: this.#times.length, failed: this.#failed, p99Ms: p99(this.#times) };
    this.#times = [];
    this.#failed = 0;
    return report;
  }

  async #once(): Promise<void> {
    const { runtime } = this.#context.cluster;
    const startedAt = runtime.now();
    this.#underWay++;
    try {
      await this.#probe();
      this.#times.push(runtime.now() - startedAt);
    } catch (error) {
      // A record that is not there was looked for all the same; the end of the client says nothing of the servers.
      if (error instanceof RecordNotFoundError) this.#times.push(runtime.now() - startedAt);
      else if (!(error instanceof AerospikeError) || error.code !== "CLIENT_CLOSED") this.#failed++;
    } finally {
      this.#underWay--;
    }
  }
}

/** Reads the records in turn. @param records at least one */
export function probeOf(records: CampaignSet, keys: readonly Key<unknown>[]): () => Promise<unknown> {
  let turn = 0;
  return async () => {
    const key = keys[turn++ % keys.length];
    if (key !== undefined) await (await records.query(key).execute()).first();
  };
}

function ignoreEnd(error: unknown): void {
  if (!(error instanceof AerospikeError) || !(error instanceof AbortError || error.code === "CLIENT_CLOSED"))
    throw error;
}
