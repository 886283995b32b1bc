import type { ServerVersion } from "../../protocol/info/server-version.js";
import type { ClusterNode } from "../cluster/node.js";
import type { InfoSettings } from "../cluster/options.js";
import { type CallOptions, checkCallOptions } from "../policy/call-options.js";
import { contextOfCall, type SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/**
 * One call that asks the cluster something or changes its administration. It has the time of background tasks' starts,
 * `writesQuery` of the behavior, for the nodes may have to agree with each other.
 */
export class AdminCall {
  readonly deadline: Deadline;
  readonly #context: SessionContext;
  readonly #settings: InfoSettings;

  /**
   * @param method in messages
   * @throws TypeError for options that there are not, RangeError for values outside their range
   */
  constructor(context: SessionContext, method: string, options: CallOptions) {
    checkCallOptions(method, options);
    // Namespaces, if any, do not matter for it.
    const policy = contextOfCall(context, options).policy("writeRetryable", "query", "");
    this.#context = context;
    this.#settings = { socketTimeoutMs: policy.socketTimeoutMs, maxRetries: policy.maxRetries };
    this.deadline = context.cluster.deadline(policy.totalTimeoutMs, options.signal);
  }

  /**
   * What one node returns, which may be a refusal. Another node is asked when the first one fails, so that asking twice
   * must do no harm.
   */
  askAny(command: string): Promise<string> {
    return this.#sendToAny(command, this.#settings);
  }

  /** As {@link askAny}, for what must not happen twice: nothing is sent again unless it surely has not arrived. */
  tellAny(command: string): Promise<string> {
    return this.#sendToAny(command, { ...this.#settings, isWrite: true });
  }

  /** What every node returns, each maybe a refusal, by node id. */
  askAll(commandFor: (version: ServerVersion) => string): Promise<ReadonlyMap<string, string>> {
    return this.#context.cluster.infoOnAll(commandFor, this.deadline, this.#settings);
  }

  /** What a certain node returns, which may be a refusal. */
  async askOne(node: ClusterNode, command: string): Promise<string> {
    const reply = await this.#context.cluster.info(node, [command], this.deadline, this.#settings);
    return reply.get(command) ?? "";
  }

  async #sendToAny(command: string, settings: InfoSettings): Promise<string> {
    const reply = await this.#context.cluster.infoOnAny([command], this.deadline, settings);
    return reply.get(command) ?? "";
  }
}
