import { queryShow } from "../../protocol/info/job-commands.js";
import type { Timer } from "../../runtime/runtime.js";
import { QUESTION_MS } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";
import { TimeoutError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";

/** Looking more often would tell nothing new. */
const SHORTEST_MS = 1_000;

/**
 * Tells a node that searches from one that is gone: neither sends anything. One that has sent no row for a while is asked
 * about the query, over another socket; whatever it replies, it is there. One that does not reply, for as long again, is
 * given up: a node that is busy searching may be slow to reply, too.
 */
export class NodeSilence {
  readonly #context: SessionContext;
  readonly #node: ClusterNode;
  readonly #taskId: bigint;
  readonly #patienceMs: number;
  readonly #questionMs: number;
  readonly #gaveUp = new AbortController();
  #timer: Timer | undefined;
  #isSilent = true;
  #isStopped = false;
  #failure: TimeoutError | undefined;

  /** @param patienceMs how long a node may be silent before it is asked; 0 for ever */
  constructor(context: SessionContext, node: ClusterNode, taskId: bigint, patienceMs: number) {
    this.#context = context;
    this.#node = node;
    this.#taskId = taskId;
    this.#patienceMs = patienceMs === 0 ? 0 : Math.max(SHORTEST_MS, patienceMs);
    this.#questionMs = Math.max(QUESTION_MS, this.#patienceMs);
    this.#wait();
  }

  /** Fires when the node is given up. */
  get signal(): AbortSignal {
    return this.#gaveUp.signal;
  }

  /** Why the node was given up; undefined as long as it is not. */
  get failure(): TimeoutError | undefined {
    return this.#failure;
  }

  /** The node has sent something. */
  end(): void {
    this.#isSilent = false;
  }

  /** Nothing more is expected of the node. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #wait(): void {
    if (this.#isStopped || this.#patienceMs === 0) return;
    this.#timer = this.#context.cluster.runtime.setTimer(this.#patienceMs, () => void this.#look(), false);
  }

  async #look(): Promise<void> {
    if (this.#isSilent && !(await this.#isThere()) && this.#isSilent && !this.#isStopped) {
      const { id } = this.#node;
      this.#failure = new TimeoutError(`Node ${id} has sent nothing for ${this.#patienceMs} ms, and does not reply`, {
        node: id,
      });
      this.#gaveUp.abort();
      return;
    }
    this.#isSilent = true;
    this.#wait();
  }

  async #isThere(): Promise<boolean> {
    const { cluster } = this.#context;
    const question = cluster.info(this.#node, [queryShow(this.#taskId)], cluster.deadline(this.#questionMs));
    return question.then(
      () => true,
      () => false,
    );
  }
}
