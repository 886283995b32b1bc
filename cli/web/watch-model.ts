import type { Campaign, JobsSnapshot, Session } from "../../src/index.js";
import { storesOf } from "../commands/campaigns/find-campaign.js";
import type { OpenCluster } from "../connection/open-cluster.js";
import { usage } from "../failure.js";
import type { Clock } from "../io.js";
import { DecisionLog } from "./decision-log.js";
import { pageCampaigns, pageJobs, rateOf } from "./page-data.js";
import { LEAST_RATE, type PageData, type PageOrder } from "./page-types.js";

/** Points of the plots that are kept: ten minutes. */
const MOST_POINTS = 600;
const EVERY_MS = 1_000;
/** A node that takes longer is a gap in the plot. */
const LATENCY_MS = 2_000;
/** Of the rate that a campaign has when it is told to be slower. */
const SLOWER = 0.5;
/** Of a campaign whose rate nobody has set: the default cap of a namespace. */
const USUAL_RATE = 10_000;

/** Looks at the cluster once a second, and carries out what the page orders. */
export class WatchModel {
  readonly #open: OpenCluster;
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #log = new DecisionLog();
  readonly #times: number[] = [];
  readonly #rates: (number | null)[] = [];
  readonly #latencies = new Map<string, (number | null)[]>();
  /** Campaigns that this process took over. */
  readonly #running = new Map<string, Campaign>();
  #latest: PageData | undefined;
  #changed: { readonly at: number; readonly byTask: ReadonlyMap<bigint, number> } | undefined;

  constructor(open: OpenCluster, clock: Clock) {
    this.#open = open;
    this.#session = open.cluster.createSession();
    this.#clock = clock;
  }

  /** What was seen last. */
  get latest(): PageData | undefined {
    return this.#latest;
  }

  /** @param onLook called after every look; ends with the signal */
  async watch(signal: AbortSignal, onLook: (data: PageData) => void): Promise<void> {
    const looks = this.#session.backgroundTask().watch({ intervalMs: EVERY_MS, finished: true, signal });
    try {
      for await (const snapshot of looks) onLook(await this.#look(snapshot, signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async carryOut(order: PageOrder): Promise<void> {
    const { cluster, production, name } = this.#open;
    if (production && order.production !== name)
      throw usage(`This is production: type ${name} to say that it is meant`);
    if (order.task !== undefined) {
      if (order.do !== "abort" || !/^\d{1,20}$/.test(order.task)) throw usage("A task of a server can only be aborted");
      await cluster.createSession().backgroundTask().attach(BigInt(order.task)).abort();
      return;
    }
    const id = order.campaign ?? "";
    for (const campaigns of storesOf(this.#open, undefined)) {
      const found = (await campaigns.list()).find((one) => one.id === id);
      if (found === undefined) continue;
      switch (order.do) {
        case "pause":
          return await campaigns.pause(id);
        case "abort":
          return await campaigns.abort(id);
        case "slower": {
          const now = this.#log.rateOf(id) ?? rateOf(found.checkpoint) ?? USUAL_RATE;
          return await campaigns.setRate(id, Math.max(LEAST_RATE, Math.round(now * SLOWER)));
        }
        case "resume": {
          const onEvent = (event: Parameters<DecisionLog["tell"]>[0]): void => this.#log.tell(event, this.#clock.now());
          this.#running.set(id, await campaigns.resume(id, { onEvent }));
          return;
        }
      }
    }
    throw usage(`There is no campaign "${id}"`);
  }

  /** Gives back what this process runs, so that others may go on with it. */
  async close(): Promise<readonly string[]> {
    const running = [...this.#running].filter(([, { progress }]) => ["running", "waiting"].includes(progress.state));
    await Promise.all(running.map(([, campaign]) => campaign.pause()));
    return running.map(([id]) => id);
  }

  async #look(snapshot: JobsSnapshot, signal: AbortSignal): Promise<PageData> {
    const at = this.#clock.now();
    this.#log.see(snapshot, at);
    await this.#addPoint(snapshot, at, signal);
    const { name, production } = this.#open;
    this.#latest = {
      cluster: name,
      production,
      at,
      campaigns: pageCampaigns(snapshot, (id) => this.#log.rateOf(id)),
      jobs: pageJobs(snapshot),
      silentNodes: snapshot.silentNodes,
      log: this.#log.entries,
      plot: { times: this.#times, rates: this.#rates, latencies: Object.fromEntries(this.#latencies) },
    };
    return this.#latest;
  }

  async #addPoint({ jobs }: JobsSnapshot, at: number, signal: AbortSignal): Promise<void> {
    const rate = this.#rateSince(jobs, at);
    const latencies = await Promise.all(
      this.#open.cluster.nodes.map(async ({ id }) => [id, await this.#latencyOf(id, signal)] as const),
    );
    this.#times.push(at / 1000);
    this.#rates.push(rate);
    for (const [node, ms] of latencies) {
      let points = this.#latencies.get(node);
      if (points === undefined) {
        points = Array.from({ length: this.#times.length - 1 }, () => null);
        this.#latencies.set(node, points);
      }
      points.push(ms);
    }
    // A node that has left has a gap.
    for (const points of this.#latencies.values()) if (points.length < this.#times.length) points.push(null);
    if (this.#times.length > MOST_POINTS) {
      for (const points of [this.#times, this.#rates, ...this.#latencies.values()]) points.shift();
    }
  }

  /** Records changed a second since the last look, also by tasks that came and went meanwhile, as slices do. */
  #rateSince(jobs: JobsSnapshot["jobs"], at: number): number | null {
    const before = this.#changed;
    this.#changed = { at, byTask: new Map(jobs.map(({ taskId, succeeded }) => [taskId, succeeded])) };
    if (before === undefined || at <= before.at) return null;
    const more = jobs.map(({ taskId, succeeded }) => Math.max(0, succeeded - (before.byTask.get(taskId) ?? 0)));
    return (1_000 * more.reduce((sum, one) => sum + one, 0)) / (at - before.at);
  }

  async #latencyOf(node: string, signal: AbortSignal): Promise<number | null> {
    const start = this.#clock.now();
    try {
      await this.#session.info().info("node", { node, totalTimeout: LATENCY_MS, signal });
      return this.#clock.now() - start;
    } catch {
      return null;
    }
  }
}
