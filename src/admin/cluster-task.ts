import type { ServerVersion } from "../../protocol/info/server-version.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { ConnectionError, TimeoutError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { pollPace } from "../time/poll-pace.js";

/** A node that does not answer a question within this is asked again. */
const ANSWER_MS = 1_000;

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
   * @throws AerospikeError when a node does not answer or refuses to
   */
  async isDone(options: { readonly signal?: AbortSignal } = {}): Promise<boolean> {
    return this.isDoneBy(await this.#ask(this.#context.cluster.deadline(ANSWER_MS, options.signal)));
  }

  /**
   * Waits until every node of the cluster has seen the change. Nodes are asked at once, 10 ms later and then ever more
   * slowly, down to once a second; a node that does not answer is waited for.
   * @throws TimeoutError after `timeoutMs`; AbortError when the signal fires; ConnectionError when the client is closed
   */
  async waitTillComplete(options: ClusterWaitOptions = {}): Promise<void> {
    const { cluster } = this.#context;
    const { timeoutMs, signal } = options;
    if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs >= 0)) {
      throw new RangeError(`The timeoutMs is ${timeoutMs}: it must be a number of milliseconds, 0 or more`);
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

  /** What to ask a node. @internal */
  protected abstract question(version: ServerVersion): string;

  /** Whether the nodes' answers, each of which may be a refusal, say that all is done. @internal */
  protected abstract isDoneBy(answers: readonly string[]): boolean;

  async #isDoneNow(deadline: Deadline): Promise<boolean> {
    try {
      return this.isDoneBy(await this.#ask(deadline.within(ANSWER_MS)));
    } catch (error) {
      const passes =
        error instanceof TimeoutError || (error instanceof ConnectionError && error.code !== "CLIENT_CLOSED");
      if (!passes) throw error;
      return false;
    }
  }

  async #ask(deadline: Deadline): Promise<readonly string[]> {
    const answers = await this.#context.cluster.infoOnAll((version) => this.question(version), deadline);
    return [...answers.values()];
  }
}
