import type { ClusterCore } from "../../src/cluster/cluster-core.js";
import type { Cluster } from "../../src/index.js";
import { Bank } from "../support/faults/bank.js";
import { below, pick } from "../support/faults/chance.js";
import { Lab } from "../support/faults/lab.js";
import { Attempts, drawCaller, type Violation } from "./attempts.js";
import { chanceOf, type Knobs } from "./knobs.js";
import { RecordWork } from "./record-work.js";
import { CampaignWork, TaskWork } from "./task-work.js";
import { drawNetwork, Weather } from "./weather.js";

/** Callers of one client at the same time. */
const CALLERS = 4;
/** Seconds in which a client finds all nodes again once nothing is in its way. */
const CALM_CHECKS = 10;
/** What a server waits before it ends a transaction that its client left behind. */
const TRANSACTION_MS = 12_000;

/** What came of a schedule. */
export interface Outcome {
  readonly violations: readonly Violation[];
  readonly outcomes: ReadonlyMap<string, number>;
  /** How far the clock went: the shortest fingerprint of everything that happened. */
  readonly endedAt: number;
}

/** Runs a schedule: the same knobs, the same outcome. */
export async function simulate(knobs: Knobs): Promise<Outcome> {
  let begin: (isOn: boolean) => void = () => undefined;
  const lab = await Lab.open({
    seed: knobs.seed,
    nodes: knobs.nodes,
    replicationFactor: knobs.copies,
    namespaces: [{ name: "test", strongConsistency: knobs.isStrong }],
    migrationMs: knobs.faults.includes("move") ? below(chanceOf(knobs.seed, "move"), 1_500) : 0,
    network: (runtime) => {
      const drawn = drawNetwork(knobs, runtime);
      begin = drawn.begin;
      return drawn.network;
    },
  });
  const run = new Run(lab, knobs);
  try {
    await run.play(begin);
  } catch (error) {
    run.attempts.fault("end", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return { violations: run.attempts.violations, outcomes: run.attempts.outcomes, endedAt: lab.runtime.now() };
}

class Run {
  readonly #lab: Lab;
  readonly #knobs: Knobs;
  readonly #weather: Weather;
  readonly attempts: Attempts;
  readonly #records: RecordWork;
  readonly #tasks: TaskWork;
  readonly #campaign: CampaignWork;
  readonly #bank: Bank;

  constructor(lab: Lab, knobs: Knobs) {
    const { seed } = knobs;
    this.#lab = lab;
    this.#knobs = knobs;
    this.#weather = new Weather(lab, knobs);
    this.attempts = new Attempts(lab.runtime, this.#weather, knobs, chanceOf(seed, "aborts"));
    this.#records = new RecordWork(this.attempts, chanceOf(seed, "records"), knobs.isStrong);
    this.#tasks = new TaskWork(this.attempts, this.#weather, chanceOf(seed, "tasks"), knobs.isStrong);
    this.#campaign = new CampaignWork(this.attempts, chanceOf(seed, "campaign"), knobs.isStrong);
    this.#bank = new Bank(lab.runtime, chanceOf(seed, "bank"));
  }

  async play(begin: (isOn: boolean) => void): Promise<void> {
    const lab = this.#lab;
    const { work, clients } = this.#knobs;
    const calm = await lab.session({ all: { totalTimeout: 60_000, maxRetries: 20 } });
    await lab.until(this.#records.open(calm));
    if (work.includes("transaction")) await lab.until(this.#bank.open(calm));
    const own: { readonly client: Cluster; readonly cluster: ClusterCore }[] = [];
    for (let i = 0; i < clients; i++) own.push(await lab.connectCluster(this.#drawOptions(i)));

    begin(true);
    this.#weather.begin();
    const jobs = own.map(({ client }, i) => this.#workOf(client, i));
    if (work.includes("transaction")) jobs.push(...own.map(({ client }) => this.#bank.work(client.createSession(), 4)));
    const campaign = work.includes("campaign") ? this.#dyingCampaign() : undefined;
    await lab.until(Promise.all(jobs));
    await lab.until(this.#weather.calm());
    begin(false);

    // Requests that were given up may still be on their way, and transactions that were left behind run out.
    await lab.runtime.advance(work.includes("transaction") ? TRANSACTION_MS : 3_000);
    for (const { cluster } of own) await this.#checkMembers(cluster);
    if (campaign !== undefined) await this.#endCampaign(campaign);
    await lab.until(this.#records.audit(calm));
    await lab.until(this.#tasks.audit(calm));
    if (campaign !== undefined) await lab.until(this.#campaign.audit(calm));
    if (work.includes("transaction")) {
      const flaw = await lab.until(this.#bank.flaw(calm));
      if (flaw !== undefined) this.attempts.fault("transaction", flaw);
    }
    await lab.close();
  }

  /** Once all is well, every client finds every node where it is. */
  async #checkMembers(cluster: ClusterCore): Promise<void> {
    const expected = this.#lab.emulator.nodes.map(({ id, port }) => `${id} at ${port}`).sort();
    let known: string[] = [];
    for (let left = CALM_CHECKS; left > 0; left--) {
      known = cluster.nodes
        .map(({ id, port, state }) => `${id} at ${port}${state.failures > 0 ? ", silent" : ""}`)
        .sort();
      if (known.join() === expected.join()) return;
      await this.#lab.runtime.advance(1_000);
    }
    this.attempts.fault("members", `a client knows ${known.join("; ")}, and there are ${expected.join("; ")}`);
  }

  #drawOptions(place: number) {
    const random = chanceOf(this.#knobs.seed, `options ${place}`);
    return {
      pipelineDepth: pick(random, [1, 4, 16, 256]),
      maxConnectionsPerNode: pick(random, [4, 8, 100]),
      drainTimeoutMs: 150 + below(random, 2_000),
      connectTimeoutMs: 100 + below(random, 900),
      tendIntervalMs: 200 + below(random, 1_000),
      maxErrorRate: random() < 0.3 ? 20 : 0,
    };
  }

  async #workOf(client: Cluster, place: number): Promise<void> {
    const random = chanceOf(this.#knobs.seed, `work ${place}`);
    const kinds = this.#knobs.work.filter((kind) => kind !== "transaction" && kind !== "campaign");
    if (kinds.length === 0) return;
    let left = this.#knobs.steps;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        await this.#sleep(below(random, random() < 0.1 ? 300 : 30));
        const caller = drawCaller(client, random);
        const kind = pick(random, kinds);
        if (kind === "task") await this.#tasks.step(caller);
        else await this.#records.step(caller, kind);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, worker));
  }

  /** Its process dies some time or other. */
  async #dyingCampaign(): Promise<void> {
    const random = chanceOf(this.#knobs.seed, "campaign process");
    const client = await this.#lab.connect({ failIfNotConnected: false });
    const dies = random() < 0.5;
    const timer = dies && this.#lab.runtime.setTimer(below(random, 2_000), () => void client.close(), true);
    await this.#campaign.run(client, client.createSession());
    if (timer) timer.cancel();
  }

  /** Others go on with it until it is done. */
  async #endCampaign(first: Promise<void>): Promise<void> {
    await this.#lab.until(first);
    for (let left = 20; left > 0; left--) {
      const client = await this.#lab.connect();
      if ((await this.#lab.until(this.#campaign.run(client, client.createSession()))) === "done") return;
      await this.#lab.runtime.advance(1_000);
    }
    this.attempts.fault("campaign", "it does not end although nothing is in its way");
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#lab.runtime.setTimer(ms, resolve, true));
  }
}
