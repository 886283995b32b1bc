import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { type ClusterView, viewCluster } from "./cluster-view.js";

const PAUSE_MS = 1_000;
/** How long a node may be away before work goes on without it. */
const MOST_AWAY_MS = 600_000;

/** What {@link Calm} tells. */
export interface CalmWatcher {
  /** Whether it is still to be waited. */
  isWanted(): boolean;
  onWaiting(reason: string): void;
  onGoingOn(reason: string): void;
}

/** Waits until work can be given to the servers so that each record is met once: no node away, no partition on its way. */
export class Calm {
  readonly #context: SessionContext;
  readonly #namespace: string;
  readonly #watcher: CalmWatcher;
  readonly #maxAwayMs: number;
  /** The nodes that there are to be, by id, and since when one is missing. */
  #expected: readonly string[] = [];
  #awaySince: number | undefined;
  #sawStopWrites = false;

  constructor(context: SessionContext, namespace: string, watcher: CalmWatcher, maxAwayMs: number = MOST_AWAY_MS) {
    this.#context = context;
    this.#namespace = namespace;
    this.#watcher = watcher;
    this.#maxAwayMs = maxAwayMs;
  }

  /** Nodes that were there when the campaign was given to the servers last. */
  expect(nodes: readonly string[]): void {
    this.#expected = [...new Set([...this.#expected, ...nodes])];
  }

  /** Whether a node took no writes when the last wait began, or during it. */
  get sawStopWrites(): boolean {
    return this.#sawStopWrites;
  }

  /** The cluster, once it is calm; undefined when somebody wants the wait to end before. */
  async wait(deadline: Deadline): Promise<ClusterView | undefined> {
    let reason: string | undefined;
    this.#sawStopWrites = false;
    for (;;) {
      const view = await viewCluster(this.#context, this.#namespace, deadline);
      this.#sawStopWrites ||= view.views.some(({ stopWrites }) => stopWrites);
      const trouble = view.trouble ?? this.#away(view);
      if (trouble === undefined) {
        if (reason !== undefined) this.#watcher.onGoingOn(`the cluster is calm again (was: ${reason})`);
        this.#expected = view.nodes;
        return view;
      }
      if (trouble !== reason) this.#watcher.onWaiting(trouble);
      reason = trouble;
      if (!this.#watcher.isWanted()) return undefined;
      await deadline.sleep(PAUSE_MS);
      if (!this.#watcher.isWanted()) return undefined;
    }
  }

  /** Once partitions have settled among the others nothing is missing, but copies are: so the campaign waits for a while. */
  #away({ nodes }: ClusterView): string | undefined {
    const { runtime } = this.#context.cluster;
    const away = this.#expected.filter((node) => !nodes.includes(node));
    if (away.length === 0) {
      this.#awaySince = undefined;
      return undefined;
    }
    this.#awaySince ??= runtime.now();
    if (runtime.now() - this.#awaySince < this.#maxAwayMs) {
      return `node ${away.join(", ")} is away; without it the campaign goes on after ${this.#maxAwayMs / 1000} s`;
    }
    this.#awaySince = undefined;
    return undefined;
  }
}
