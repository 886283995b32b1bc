import type { Politeness } from "../background/campaign-api/options.js";
import { leastMaxRecordsPerSecond, namespaceStates } from "../background/namespace-states.js";
import { Key } from "../data/key.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { CampaignSet } from "./cluster-store.js";
import { type ClusterView, signsBetween } from "./cluster-view.js";
import { decideRate, firstRate, type RateDecision, type RateState } from "./politeness.js";
import { Prober, probeOf } from "./prober.js";
import { dataSetOf, someKeys } from "./some-records.js";

/** What servers have for a limit where they do not say. */
const USUAL_CAP = 10_000;
const DEFAULTS = { probesPerSecond: 50, minRecordsPerSecond: 100 };
const PROBED_RECORDS = 16;

/** The most records a second that every node accepts as the rate of a background job. */
export async function rateCap(
  context: SessionContext,
  subject: { readonly namespace: string; readonly setName: string },
  deadline: Deadline,
): Promise<number> {
  return leastMaxRecordsPerSecond(await namespaceStates(context, subject, deadline)) ?? USUAL_CAP;
}

/** The rate of slices: what is asked for, or less where others would suffer. */
export class RateControl {
  readonly cap: number;
  readonly #politeness: Politeness | undefined;
  readonly #prober: Prober | undefined;
  #asked: number | undefined;
  #state: RateState | undefined;
  #before: ClusterView | undefined;

  private constructor(
    cap: number,
    asked: number | undefined,
    politeness: Politeness | undefined,
    prober: Prober | undefined,
  ) {
    this.cap = cap;
    this.#asked = asked;
    this.#politeness = politeness;
    this.#prober = prober;
    if (politeness !== undefined) this.#state = firstRate(this.#limits);
  }

  static async open(
    context: SessionContext,
    subject: { readonly namespace: string; readonly setName: string },
    asked: number | undefined,
    politeness: Politeness | undefined,
    deadline: Deadline,
  ): Promise<RateControl> {
    const cap = await rateCap(context, subject, deadline);
    const prober = politeness && (await openProber(context, subject, politeness));
    return new RateControl(cap, asked, politeness, prober);
  }

  /** Probes until the signal of the deadline fires. */
  async run(deadline: Deadline): Promise<void> {
    await this.#prober?.run(deadline);
  }

  /** The rate of the next slice, records a second and node; undefined for as many as the servers allow. */
  get rate(): number | undefined {
    return this.#state?.rate ?? this.#asked;
  }

  /** The most that is asked for; undefined for as many as the servers allow. */
  set asked(rate: number | undefined) {
    this.#asked = rate;
    const ceiling = this.#limits.ceiling;
    if (this.#state !== undefined && this.#state.rate > ceiling) this.#state = { ...this.#state, rate: ceiling };
  }

  /** A slice begins: what was seen before it does not count. */
  begin(view: ClusterView): void {
    this.#before = view;
    this.#prober?.take();
  }

  /** A slice has ended. @returns the decision; undefined without politeness */
  decide(view: ClusterView): RateDecision | undefined {
    if (this.#state === undefined || this.#prober === undefined) return undefined;
    const decision = decideRate(this.#state, this.#prober.take(), signsBetween(this.#before, view), this.#limits);
    this.#state = decision.state;
    return decision;
  }

  get #limits() {
    const ceiling = Math.min(this.#asked ?? this.cap, this.cap);
    const { maxLatencyMs = Number.POSITIVE_INFINITY, minRecordsPerSecond = DEFAULTS.minRecordsPerSecond } =
      this.#politeness ?? {};
    return { maxLatencyMs, ceiling, least: Math.min(minRecordsPerSecond, ceiling) };
  }
}

async function openProber(
  context: SessionContext,
  subject: { readonly namespace: string; readonly setName: string },
  { probe, probesPerSecond = DEFAULTS.probesPerSecond }: Politeness,
): Promise<Prober> {
  if (typeof probe === "function") return new Prober(context, probe, probesPerSecond);
  const dataSet = dataSetOf(subject.namespace, subject.setName);
  const found = probe === undefined ? await someKeys(context, dataSet, PROBED_RECORDS) : probe;
  const given = found instanceof Key ? [found] : found;
  // Of an empty set one that is not there, which a node has to look for too.
  const keys = given.length > 0 ? given : [dataSet.id("probe")];
  return new Prober(context, probeOf(new CampaignSet(context, dataSet), keys), probesPerSecond);
}
