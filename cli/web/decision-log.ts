import type { CampaignCheckpoint, CampaignEvent, JobsSnapshot } from "../../src/index.js";
import { eventLine } from "../output/campaign-display.js";
import { count, rate } from "../output/numbers.js";
import { rateOf } from "./page-data.js";
import type { LogEntry } from "./page-types.js";

const MOST = 200;

/** What the look before has shown of a campaign. */
interface SeenCampaign {
  readonly state: string;
  readonly rate: number | null;
  readonly phase: CampaignCheckpoint["phase"];
  readonly repeated: number;
}

/** What tasks and campaigns did and decided, as it shows from one look at the cluster to the next. */
export class DecisionLog {
  readonly entries: LogEntry[] = [];
  readonly #jobs = new Map<string, boolean>();
  readonly #campaigns = new Map<string, SeenCampaign>();
  #silent: readonly string[] = [];
  #isFirst = true;

  /** An event of a campaign that this process runs: it knows why. */
  tell(event: CampaignEvent, at: number): void {
    const text = eventLine(event);
    if (text !== undefined) this.#add(at, event.campaign, text);
  }

  /** Compares with the look before. */
  see({ jobs, campaigns, silentNodes }: JobsSnapshot, at: number): void {
    for (const { taskId, active, campaign, succeeded, failed } of jobs) {
      const id = String(taskId);
      const was = this.#jobs.get(id);
      this.#jobs.set(id, active);
      // Slices of campaigns come and go; the campaign says what matters.
      if (campaign !== undefined || this.#isFirst || was === active) continue;
      if (active) this.#add(at, id, "started");
      else if (was === true) this.#add(at, id, `ended: ${count(succeeded)} changed, ${count(failed)} failed`);
    }
    for (const { id, status, holder, checkpoint } of campaigns) {
      const state = status === "running" && holder === undefined ? "interrupted: whoever ran it is silent" : status;
      const { phase, repeated } = checkpoint;
      const before = this.#campaigns.get(id);
      // Between two slices only what is asked for is written down, which is not how fast a polite one goes.
      const isBetween = status === "running" && checkpoint.open === null;
      const now = isBetween && before !== undefined ? before.rate : rateOf(checkpoint);
      this.#campaigns.set(id, { state, rate: now, phase, repeated: repeated.length });
      if (before === undefined) {
        if (!this.#isFirst) this.#add(at, id, state);
        continue;
      }
      if (before.state !== state) this.#add(at, id, state);
      if (before.phase !== phase) this.#add(at, id, "every record is changed; removes the marks");
      // Whoever has paused one has changed no rate.
      if (before.rate !== now && before.state === state) {
        const text = now === null ? "rate as the servers allow" : `rate ${rate(now)} on each node`;
        const reason = checkpoint.open?.rateReason ?? null;
        this.#add(at, id, reason === null ? text : `${text}: ${reason}`);
      }
      const again = repeated.at(-1);
      if (repeated.length > before.repeated && again !== undefined)
        this.#add(at, id, `a slice runs again: ${again.reason}`);
    }
    for (const node of silentNodes) if (!this.#silent.includes(node)) this.#add(at, node, "does not reply");
    for (const node of this.#silent) if (!silentNodes.includes(node)) this.#add(at, node, "replies again");
    this.#silent = silentNodes;
    this.#isFirst = false;
  }

  /** Records a second and node, of the slice that is under way, or was last; null for as many as the servers allow. */
  rateOf(campaign: string): number | null {
    return this.#campaigns.get(campaign)?.rate ?? null;
  }

  #add(at: number, about: string, text: string): void {
    this.entries.push({ at, about, text });
    if (this.entries.length > MOST) this.entries.shift();
  }
}
