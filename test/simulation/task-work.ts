import { AerospikeError, type Cluster, type Session } from "../../src/index.js";
import { below, type Random } from "../support/faults/chance.js";
import type { Attempts, Caller } from "./attempts.js";
import { entries, RECORDS } from "./record-work.js";
import type { Weather } from "./weather.js";

/** Errors of background tasks beside those of all commands. */
const EXPECTED = ["BACKGROUND_START", "TASK_ABORTED", "TASK_LOST"];
const WAIT_MS = 20_000;
/** What has begun is stopped again where a start fails, and that has a time of its own. */
const REVOKE_MS = 5_000;

interface TaskFate {
  /** Records from 0 to below it are meant. */
  readonly limit: number;
  /** Whether it may have worked on records, and whether it says that it is through with all. */
  state: "none" | "maybe" | "done";
  /** Whether nodes came or went meanwhile, so that records may have moved from or to where it had been. */
  isSteady: boolean;
  /** Records that it says it could not change, as it might. */
  failed: number;
}

/** Background tasks that leave their number in every record: in the end the records say where they were. */
export class TaskWork {
  readonly #attempts: Attempts;
  readonly #weather: Weather;
  readonly #random: Random;
  readonly #isStrong: boolean;
  readonly #fates: TaskFate[] = [];

  constructor(attempts: Attempts, weather: Weather, random: Random, isStrong: boolean) {
    this.#attempts = attempts;
    this.#weather = weather;
    this.#random = random;
    this.#isStrong = isStrong;
  }

  async step({ session, totalMs }: Caller): Promise<void> {
    const limit = 1 + below(this.#random, RECORDS);
    const fate: TaskFate = { limit, state: "maybe", isSteady: false, failed: 0 };
    const number = this.#fates.push(fate) - 1;
    const { changes } = this.#weather;
    const wasSettled = this.#weather.isSettled;
    const start = await this.#attempts.call(
      "task start",
      totalMs + REVOKE_MS,
      (options) =>
        session
          .backgroundTask()
          .update(entries)
          .where("$.id < ?0", limit)
          .bin("tasks")
          .listAppend(number)
          .execute(options),
      EXPECTED,
    );
    const stay = (): void => {
      fate.isSteady = wasSettled && this.#weather.changes === changes;
    };
    if (!start.ok) {
      if (!start.error.inDoubt) fate.state = "none";
      stay();
      return;
    }
    const end = await this.#attempts.call(
      "task",
      WAIT_MS,
      (options) => start.value.waitTillComplete({ ...options, totalTimeout: WAIT_MS }),
      EXPECTED,
    );
    stay();
    if (!end.ok) return;
    const { state, succeeded, failed, clusterChanged } = end.value;
    if (clusterChanged === true) this.#checkChanged(number);
    // It says so itself: where the client did not know the cluster as it was, records may be left out, or met twice.
    if (clusterChanged !== false) fate.isSteady = false;
    if (state === "unknown") return;
    if (state !== "done") this.#attempts.fault("task", `task ${number} is complete, and ${state}`);
    fate.state = "done";
    // Records that a transaction has locked fail, those that the filter leaves out among them.
    fate.failed = this.#isStrong ? (failed ?? limit) : 0;
    if (!fate.isSteady || succeeded === null) return;
    if (succeeded + fate.failed < limit || (!this.#isStrong && (succeeded !== limit || failed !== 0))) {
      this.#attempts.fault("task", `task ${number} on ${limit} records: ${succeeded} succeeded, ${failed} failed`);
    }
  }

  /** A change that nothing brought about would send people after nothing. */
  #checkChanged(number: number): void {
    if (this.#weather.changes === 0) this.#attempts.fault("task", `task ${number}: the cluster has not changed`);
  }

  async audit(session: Session): Promise<void> {
    const runs = await Promise.all(
      Array.from({ length: RECORDS }, async (_, id) => (await session.get(entries.id(id))).bins.tasks),
    );
    for (const [number, { limit, state, isSteady, failed }] of this.#fates.entries()) {
      let untouched = 0;
      for (const [id, tasks] of runs.entries()) {
        const times = tasks.filter((task) => task === number).length;
        if (id < limit && times === 0) untouched++;
        const most = state === "none" || id >= limit ? 0 : isSteady ? 1 : Number.POSITIVE_INFINITY;
        if (times > most) {
          this.#attempts.fault("task", `task ${number} (${state}, first ${limit}) was ${times} times at record ${id}`);
        }
      }
      if (state === "done" && isSteady && untouched > failed) {
        this.#attempts.fault("task", `task ${number} (first ${limit}) is done, and was not at ${untouched} records`);
      }
    }
  }
}

/** A campaign that adds 1 to every record once, run by processes that may die. */
export class CampaignWork {
  readonly #attempts: Attempts;
  readonly #random: Random;
  readonly #isStrong: boolean;

  constructor(attempts: Attempts, random: Random, isStrong: boolean) {
    this.#attempts = attempts;
    this.#random = random;
    this.#isStrong = isStrong;
  }

  /** A process that begins or goes on, until it is through or its client is closed. */
  async run(client: Cluster, session: Session): Promise<"done" | "not yet"> {
    try {
      const campaign = await session
        .backgroundTask()
        .update(entries)
        .bin("runs")
        .add(1)
        .campaign("c", { sliceSeconds: 0.05, leaseMs: 1_000 + below(this.#random, 2_000) })
        .once({ removeMarks: false })
        .execute({ onExisting: "resume" });
      const { state } = await campaign.waitTillComplete();
      if (state !== "done") this.#attempts.fault("campaign", `it is complete, and ${state}`);
      return "done";
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      if (error.code === "CAMPAIGN_ENDED") return "done";
      return "not yet";
    } finally {
      await client.close();
    }
  }

  async audit(session: Session): Promise<void> {
    // Records that a transaction has locked fail, and the campaign says how many they are.
    const { failed } = (await session.backgroundTask().campaigns("test").show("c")).checkpoint.counters;
    const missing: number[] = [];
    for (let id = 0; id < RECORDS; id++) {
      const { runs } = (await session.get(entries.id(id))).bins;
      if (runs === 0) missing.push(id);
      else if (runs !== 1) this.#attempts.fault("campaign", `it is done, and was ${runs} times at record ${id}`);
    }
    if (missing.length > (this.#isStrong ? failed : 0)) {
      this.#attempts.fault("campaign", `it is done, ${failed} failed, and it was never at records ${missing}`);
    }
  }
}
