import { checkOptions } from "../../protocol/check/check-options.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { AerospikeError, TimeoutError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import { checkSignal } from "../time/check-signal.js";
import type { Deadline } from "../time/deadline.js";
import { pollPace } from "../time/poll-pace.js";

/** A node that does not reply within this is asked again. */
const REPLY_MS = 1_000;
/** The longest time that timers keep to. */
const MOST_MS = 0x7fff_ffff;
const FULL = 100;

/** How far a change has come: on each node, and over all of them. */
export interface ClusterProgress {
  /** 0 to 100: the mean of the nodes; 100 once every node is done. */
  readonly percent: number;
  /** 0 to 100 by node id; 0 for a node that does not know of the change yet. */
  readonly perNode: Readonly<Record<string, number>>;
}

/** Options of {@link ClusterTask.waitTillComplete}. */
export interface ClusterWaitOptions {
  /** Rejects with TimeoutError after so long; what was started goes on. 0 to 2^31-1. Default: no limit. */
  readonly timeoutMs?: number;
  /** Stops waiting, with AbortError; what was started goes on. */
  readonly signal?: AbortSignal;
  /** Called with the first progress, with every change, and with the last. What it throws ends the wait. */
  readonly onProgress?: (progress: ClusterProgress) => void;
}

/**
 * A change that one node has accepted and that the others are yet to see: a module, an index. It goes on whether or not
 * anybody waits for it.
 *
 * @example
 * const task = await session.createIndex(users, { name: "users_age", bin: "age", type: "integer" });
 * await task.waitTillComplete({ timeoutMs: 60_000, onProgress: ({ percent, perNode }) => console.log(percent, perNode) });
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
  async isDone(options: { readonly signal?: AbortSignal } = {}): Promise<boolean> {
    checkOptions("isDone", options, { signal: true });
    return isDone(await this.#askNow(options.signal));
  }

  /**
   * Asks every node at once how far it is.
   * @throws AerospikeError when a node does not reply or refuses to
   */
  async progress(options: { readonly signal?: AbortSignal } = {}): Promise<ClusterProgress> {
    checkOptions("progress", options, { signal: true });
    return this.#askNow(options.signal);
  }

  /**
   * Waits until every node of the cluster has seen the change. Nodes are asked at once, 10 ms later and then ever more
   * slowly, down to once a second; a node that does not reply is waited for.
   * @throws TimeoutError after `timeoutMs`; AbortError when the signal fires; ConnectionError when the client is closed
   */
  async waitTillComplete(options: ClusterWaitOptions = {}): Promise<void> {
    checkWaitOptions(options);
    const { cluster } = this.#context;
    const { timeoutMs, signal, onProgress } = options;
    const deadline = cluster.deadline(timeoutMs === undefined ? 0 : Math.max(1, timeoutMs), signal);
    deadline.throwIfAborted(this.#what);
    await deadline.run((scope) => this.#wait(scope, onProgress));
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    return show(this.constructor.name, { task: this.#what }, options, inspect);
  }

  async #wait(deadline: Deadline, onProgress: ClusterWaitOptions["onProgress"]): Promise<void> {
    let reported: ClusterProgress | undefined;
    for (;;) {
      const progress = await this.#tryAsking(deadline);
      if (progress !== undefined) {
        if (!isSame(progress, reported)) onProgress?.(progress);
        if (isDone(progress)) return;
        reported = progress;
      }
      const pace = pollPace({ watchedMs: deadline.runtime.now() - deadline.startedAt });
      await deadline.sleep(Math.min(pace, deadline.remainingMs));
      if (deadline.isOver) {
        throw new TimeoutError(`Not every node is done with ${this.#what} after ${deadline.totalMs} ms; it goes on`);
      }
    }
  }

  /** The info command that a node is asked. @internal */
  protected abstract infoCommand(version: ServerVersion): string;

  /** How far each node is in percent, by what the nodes return, each maybe a refusal. @internal */
  protected abstract percentages(values: ReadonlyMap<string, string>): ReadonlyMap<string, number>;

  /** Undefined when a node did not reply. */
  async #tryAsking(deadline: Deadline): Promise<ClusterProgress | undefined> {
    try {
      return await this.#ask(deadline.within(REPLY_MS));
    } catch (error) {
      if (error instanceof AerospikeError && error.isTransient) return undefined;
      throw error;
    }
  }

  #askNow(signal: AbortSignal | undefined): Promise<ClusterProgress> {
    return this.#ask(this.#context.cluster.deadline(REPLY_MS, signal));
  }

  async #ask(deadline: Deadline): Promise<ClusterProgress> {
    const values = await this.#context.cluster.infoOnAll((version) => this.infoCommand(version), deadline);
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
  checkOptions("waitTillComplete", options, { timeoutMs: true, signal: true, onProgress: true });
  checkSignal("waitTillComplete", options.signal);
  const { timeoutMs, onProgress } = options;
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0 && timeoutMs <= MOST_MS)) {
    const got = describe(timeoutMs);
    throw new RangeError(`waitTillComplete: timeoutMs: expected 0 to ${MOST_MS} milliseconds, got ${got}`);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new TypeError(`waitTillComplete: onProgress: expected a function, got ${describe(onProgress)}`);
  }
}
