import { checkOptions } from "../../protocol/check/check-options.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { AerospikeError, TimeoutError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { pollPace } from "../time/poll-pace.js";

/** A node that does not reply within this is asked again. */
const REPLY_MS = 1_000;

/** Options of {@link ClusterTask.waitTillComplete}. */
export interface ClusterWaitOptions {
  /** Rejects with TimeoutError after so long; what was started goes on. Default: no limit. */
  readonly timeoutMs?: number;
  /** Stops waiting, with AbortError; what was started goes on. */
  readonly signal?: AbortSignal;
}

/**
 * A change that one node has accepted and that the others are yet to see: a module, an index. It goes on whether or not
 * anybody waits for it.
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
    return this.isDoneBy(await this.#ask(this.#context.cluster.deadline(REPLY_MS, options.signal)));
  }

  /**
   * Waits until every node of the cluster has seen the change. Nodes are asked at once, 10 ms later and then ever more
   * slowly, down to once a second; a node that does not reply is waited for.
   * @throws TimeoutError after `timeoutMs`; AbortError when the signal fires; ConnectionError when the client is closed
   */
  async waitTillComplete(options: ClusterWaitOptions = {}): Promise<void> {
    checkOptions("waitTillComplete", options, { timeoutMs: true, signal: true });
    const { cluster } = this.#context;
    const { timeoutMs, signal } = options;
    if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
      const got = describe(timeoutMs);
      throw new RangeError(`waitTillComplete: timeoutMs: expected a number of milliseconds, 0 or more, got ${got}`);
    }
    const deadline = cluster.deadline(timeoutMs === undefined ? 0 : Math.max(1, timeoutMs), signal);
    deadline.throwIfAborted(this.#what);
    await deadline.run((scope) => this.#wait(scope));
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    return show(this.constructor.name, { task: this.#what }, options, inspect);
  }

  async #wait(deadline: Deadline): Promise<void> {
    while (!(await this.#isDoneNow(deadline))) {
      const pace = pollPace({ watchedMs: deadline.runtime.now() - deadline.startedAt });
      await deadline.sleep(Math.min(pace, deadline.remainingMs));
      if (deadline.isOver) {
        throw new TimeoutError(`Not every node is done with ${this.#what} after ${deadline.totalMs} ms; it goes on`);
      }
    }
  }

  /** The info command that a node is asked. @internal */
  protected abstract infoCommand(version: ServerVersion): string;

  /** Whether what the nodes return, each maybe a refusal, says that all is done. @internal */
  protected abstract isDoneBy(values: readonly string[]): boolean;

  async #isDoneNow(deadline: Deadline): Promise<boolean> {
    try {
      return this.isDoneBy(await this.#ask(deadline.within(REPLY_MS)));
    } catch (error) {
      if (error instanceof AerospikeError && error.isTransient) return false;
      throw error;
    }
  }

  async #ask(deadline: Deadline): Promise<readonly string[]> {
    const values = await this.#context.cluster.infoOnAll((version) => this.infoCommand(version), deadline);
    return [...values.values()];
  }
}
