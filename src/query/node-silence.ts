import { parseInfoError } from "../../protocol/info/info-error.js";
import { queryShow } from "../../protocol/info/job-commands.js";
import { parseJobStatus } from "../../protocol/info/job-status.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Timer } from "../../runtime/runtime.js";
import { QUESTION_MS } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";
import type { StreamFlow } from "../cluster/stream-operation.js";
import { TimeoutError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";

/** Looking more often would tell nothing new. */
const SHORTEST_MS = 1_000;

/**
 * Tells a node that searches from one that is gone: neither sends anything. One that has sent no row for a while is asked
 * about the query, over another socket. One that does not reply, for as long again, is given up: a node that is busy
 * searching may be slow to reply, too. So is one that says twice that it does not run the query, and nothing has come between:
 * the query or what it sent was lost on the way, as when something between forgets a connection.
 */
export class NodeSilence {
  readonly #context: SessionContext;
  readonly #node: ClusterNode;
  readonly #taskId: bigint;
  readonly #patienceMs: number;
  readonly #questionMs: number;
  readonly #isListed: boolean;
  readonly #gaveUp = new AbortController();
  #timer: Timer | undefined;
  #isSilent = true;
  /** Nobody reads what the node sends. */
  #isHeldUp = false;
  /** It said that it does not run the query when it was asked last. */
  #wasOver = false;
  #isStopped = false;
  #failure: TimeoutError | undefined;

  /**
   * @param patienceMs how long a node may be silent before it is asked; 0 for ever
   * @param isListed whether nodes know the query by its id; they don't list short ones
   */
  constructor(context: SessionContext, node: ClusterNode, taskId: bigint, patienceMs: number, isListed: boolean) {
    this.#context = context;
    this.#node = node;
    this.#taskId = taskId;
    this.#patienceMs = patienceMs === 0 ? 0 : Math.max(SHORTEST_MS, patienceMs);
    this.#questionMs = Math.max(QUESTION_MS, this.#patienceMs);
    this.#isListed = isListed;
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

  /** A flow that tells of its pauses: a node that is held up is not silent. */
  watch(flow: StreamFlow): StreamFlow {
    return {
      pause: () => {
        this.#isHeldUp = true;
        flow.pause();
      },
      resume: () => {
        this.#isHeldUp = false;
        this.#isSilent = false;
        flow.resume();
      },
    };
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
    const reply = this.#isSuspect ? await this.#ask() : "works";
    if (this.#isStopped) return;
    if (this.#isSuspect && reply === "none") return this.#giveUp("does not reply");
    if (this.#isSuspect && reply === "does not run it") {
      if (this.#wasOver) return this.#giveUp("says that it does not run the query");
      this.#wasOver = true;
    } else {
      this.#wasOver = false;
    }
    this.#isSilent = true;
    this.#wait();
  }

  get #isSuspect(): boolean {
    return this.#isSilent && !this.#isHeldUp;
  }

  #giveUp(why: string): void {
    const { id } = this.#node;
    this.#failure = new TimeoutError(`Node ${id} has sent nothing for ${this.#patienceMs} ms, and ${why}`, {
      node: id,
    });
    this.#gaveUp.abort();
  }

  async #ask(): Promise<"none" | "works" | "does not run it"> {
    const { cluster } = this.#context;
    const command = queryShow(this.#taskId);
    try {
      const reply = await cluster.info(this.#node, [command], cluster.deadline(this.#questionMs));
      return this.#isListed && isOver(reply.get(command) ?? "") ? "does not run it" : "works";
    } catch {
      return "none";
    }
  }
}

/** Whether a node is through with a query, or knows nothing of it. One that says anything else is there, at least. */
function isOver(value: string): boolean {
  const error = parseInfoError(value);
  if (error !== undefined) return error.code === ResultCode.KEY_NOT_FOUND;
  try {
    return parseJobStatus(value).done;
  } catch {
    return false;
  }
}
