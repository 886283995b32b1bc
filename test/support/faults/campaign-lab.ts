import type {
  Campaign,
  CampaignBuilder,
  CampaignEvent,
  CampaignOptions,
  Cluster,
  Session,
} from "../../../src/index.js";
import { TaskLab, type TaskLabOptions } from "./task-lab.js";

/** Counters on three nodes, and campaigns that add 1 to each, by one process or several. */
export class CampaignLab implements AsyncDisposable {
  readonly tasks: TaskLab;
  readonly events: CampaignEvent[] = [];

  private constructor(tasks: TaskLab) {
    this.tasks = tasks;
  }

  static async open(options: TaskLabOptions = {}): Promise<CampaignLab> {
    return new CampaignLab(await TaskLab.open(options));
  }

  get lab() {
    return this.tasks.lab;
  }

  /** What another process has: a client of its own. */
  async process(): Promise<{ readonly client: Cluster; readonly session: Session }> {
    const client = await this.lab.connect();
    return { client, session: client.createSession() };
  }

  /** A campaign that adds 1 to every counter. */
  addOne(
    id: string,
    options: CampaignOptions = {},
    session = this.tasks.session,
    recordsPerSecond = 10_000,
  ): CampaignBuilder {
    const onEvent = (event: CampaignEvent): void => void this.events.push(event);
    return session
      .backgroundTask()
      .update(this.tasks.set)
      .bin("runs")
      .add(1)
      .recordsPerSecond(recordsPerSecond)
      .campaign(id, { onEvent, ...options });
  }

  /** The reasons of the events of a kind, in their order. */
  reasons(kind: CampaignEvent["event"]): string[] {
    return this.events.filter(({ event }) => event === kind).map(({ reason }) => reason);
  }

  until<T>(promise: Promise<T>): Promise<T> {
    return this.lab.until(promise);
  }

  finish(campaign: Campaign) {
    return this.lab.until(campaign.waitTillComplete());
  }

  /** How often the records were added to: how many records by each number. */
  async runs(): Promise<Readonly<Record<number, number>>> {
    const counts: Record<number, number> = {};
    for (const runs of (await this.tasks.tally()).flat()) counts[runs] = (counts[runs] ?? 0) + 1;
    return counts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.tasks[Symbol.asyncDispose]();
  }
}
