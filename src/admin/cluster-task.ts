import type { ServerVersion } from "../../protocol/info/server-version.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { InfoSettings } from "../cluster/options.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { AerospikeError, TimeoutError } from "../errors/errors.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions, questionOf } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { pollPace } from "../time/poll-pace.js";

const FULL = 100;

/** How far a change has come: on each node, and over all of them. */
export interface ClusterProgress {
  /** 0 to 100: the mean of the nodes; 100 once every node is done. */
  readonly percent: number;
  /** 0 to 100 by node id; 0 for a node that does not know of the change yet. */
  readonly perNode: Readonly<Record<string, number>>;
}

/**
 * Options of {@link ClusterTask.waitTillComplete}. `totalTimeout` ends the wait with TimeoutError (default: no limit), the
 * signal with AbortError; what was started goes on. A node has `socketTimeout` for the reply to each question (default
 * 2 s), which is repeated `maxRetries` times (default 0); one that does not reply is asked again at the next turn.
 */
export interface ClusterWaitOptions extends CallOptions {
  /** Called with the first progress, with every change, and with the last. What it throws ends the wait. */
  readonly onProgress?: ((progress: ClusterProgress) => void) | undefined;
}

/**
 * A change that one node has accepted and that the others are yet to see: a module, an index. It goes on whether or not
 * anybody waits for it.
 *
 * @example
 * const task = await session.createIndex(users, { name: "users_age", bin: "age", type: "integer" });
 * await task.waitTillComplete({ totalTimeout: 60_000, onProgress: ({ percent, perNode }) => console.log(percent, perNode) });
 */
export abstract class ClusterTask {
  readonly #context: SessionContext;
  readonly #what: string;

  /**
   * @param what in messages: "registering counters.lua"
   * @internal
   */
  protected constructor(context: SessionContext, what: string) {
    this.#context = context;
    this.#what = what;
  }

  /**
   * Asks every node at once whether it has seen the change.
   * @throws AerospikeError when a node does not reply or refuses to
   */
  async isDone(options: CallOptions = {}): Promise<boolean> {
    checkCallOptions("isDone", options);
    return isDone(await this.#askNow(options));
  }

  /**
   * Asks every node at once how far it is.
   * @throws AerospikeError when a node does not reply or refuses to
   */
  async progress(options: CallOptions = {}): Promise<ClusterProgress> {
    checkCallOptions("progress", options);
    return this.#askNow(options);
  }

  /**
   * Waits until every node of the cluster has seen the change. Nodes are asked at once, 10 ms later and then ever more
   * slowly, down to once a second; a node that does not reply is waited for.
   * @throws TimeoutError after `totalTimeout`; AbortError when the signal fires; ConnectionError when the client is closed
   */
  async waitTillComplete(options: ClusterWaitOptions = {}): Promise<void> {
    checkWaitOptions(options);
    const { cluster } = this.#context;
    const { totalTimeout = 0, signal } = options;
    const deadline = cluster.deadline(totalTimeout, signal);
    deadline.throwIfAborted(this.#what);
    await deadline.run((scope) => this.#wait(scope, options));
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    return show(this.constructor.name, { task: this.#what }, options, inspect);
  }

  async #wait(deadline: Deadline, options: ClusterWaitOptions): Promise<void> {
    const { onProgress } = options;
    const question = questionOf(options);
    let reported: ClusterProgress | undefined;
    for (;;) {
      const progress = await this.#tryAsking(deadline, question);
      if (progress !== undefined) {
        if (!isSame(progress, reported)) onProgress?.(progress);
        if (isDone(progress)) return;
        reported = progress;
      }
      const pace = pollPace({ watchedMs: deadline.runtime.now() - deadline.startedAt });
      await deadline.sleep(Math.min(pace, deadline.remainingMs));
      if (!deadline.hasTime()) {
        throw new TimeoutError(`Not every node is done with ${this.#what} after ${deadline.totalMs} ms; it goes on`);
      }
    }
  }

  /** The info command that a node is asked. @internal */
  protected abstract infoCommand(version: ServerVersion): string;

  /** How far each node is in percent, by what the nodes return, each maybe a refusal. @internal */
  protected abstract percentages(values: ReadonlyMap<string, string>): ReadonlyMap<string, number>;

  /** Undefined when a node did not reply. */
  async #tryAsking(deadline: Deadline, question: InfoSettings): Promise<ClusterProgress | undefined> {
    try {
      return await this.#ask(deadline, question);
    } catch (error) {
      if (error instanceof AerospikeError && error.isTransient) return undefined;
      throw error;
    }
  }

  #askNow(options: CallOptions): Promise<ClusterProgress> {
    const { totalTimeout = 0, signal } = options;
    return this.#ask(this.#context.cluster.deadline(totalTimeout, signal), questionOf(options));
  }

  async #ask(deadline: Deadline, question: InfoSettings): Promise<ClusterProgress> {
    const values = await this.#context.cluster.infoOnAll((version) => this.infoCommand(version), deadline, question);
    const percentages = this.percentages(values);
    let sum = 0;
    for (const percent of percentages.values()) sum += percent;
    return { percent: Math.floor(sum / percentages.size), perNode: Object.fromEntries(percentages) };
  }
}

/** The percentage of each node where it is done or not. */
export function allOrNothing(
  values: ReadonlyMap<string, string>,
  isNodeDone: (value: string) => boolean,
): ReadonlyMap<string, number> {
  return new Map([...values].map(([node, value]) => [node, isNodeDone(value) ? FULL : 0]));
}

function isDone({ perNode }: ClusterProgress): boolean {
  return Object.values(perNode).every((percent) => percent === FULL);
}

function isSame(progress: ClusterProgress, other: ClusterProgress | undefined): boolean {
  if (other === undefined) return false;
  const nodes = Object.keys(progress.perNode);
  return (
    nodes.length === Object.keys(other.perNode).length &&
    nodes.every((node) => progress.perNode[node] === other.perNode[node])
  );
}

function checkWaitOptions(options: ClusterWaitOptions): void {
  checkCallOptions<ClusterWaitOptions>("waitTillComplete", options, { ...CALL_OPTIONS, onProgress: true });
  const { onProgress } = options;
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new TypeError(`waitTillComplete: onProgress: expected a function, got ${describe(onProgress)}`);
  }
}
