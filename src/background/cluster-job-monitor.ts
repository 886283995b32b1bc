import { parseInfoError } from "../../protocol/info/info-error.js";
import { queryAbort, queryShow, queryShowAll } from "../../protocol/info/job-commands.js";
import { type JobStatus, parseJobList, parseJobStatus } from "../../protocol/info/job-status.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Cluster } from "../cluster/cluster.js";
import type { ClusterNode } from "../cluster/node.js";
import {
  AerospikeError,
  BackoffError,
  ConnectionError,
  InvalidNodeError,
  SerializationError,
  TimeoutError,
} from "../errors/errors.js";
import { understand } from "../policy/ask.js";
import type { JobMonitor } from "./execute-task.js";

/** A status is a line of text: a node that takes longer than this to say it is in trouble, and is asked again. */
const STATUS_TIMEOUT_MS = 2_000;

/** Asks the nodes of a cluster about jobs by the info commands for them. Made before the start of the job it watches. */
export class ClusterJobMonitor implements JobMonitor {
  readonly #cluster: Cluster;
  /** The connection to each node that its last word of the job came over, or the start went over. */
  readonly #tokens: Map<string, object>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#tokens = new Map(cluster.nodes.map((node) => [node.id, node.connectionToken]));
  }

  async show(node: string, taskId: bigint, signal: AbortSignal | undefined): Promise<JobStatus | undefined> {
    const token = this.#find(node)?.connectionToken;
    const status = await this.#ask(node, queryShow(taskId), parseJobStatus, signal);
    if (status === undefined) return undefined;
    if (token !== undefined) this.#tokens.set(node, token);
    return status;
  }

  async abort(node: string, taskId: bigint, signal: AbortSignal | undefined): Promise<boolean> {
    return (await this.#ask(node, queryAbort(taskId), () => true, signal)) === true;
  }

  /** Every job that the node runs or remembers. */
  async list(node: string, signal: AbortSignal | undefined): Promise<JobStatus[]> {
    return (await this.#ask(node, queryShowAll(), parseJobList, signal)) ?? [];
  }

  mayHaveRestarted(node: string): boolean {
    return this.#find(node)?.connectionToken !== this.#tokens.get(node);
  }

  get closed(): AbortSignal {
    return this.#cluster.closed;
  }

  isGone(node: string): boolean {
    return this.#find(node) === undefined;
  }

  isSilence(error: unknown): boolean {
    if (!(error instanceof AerospikeError) || error.code === "CLIENT_CLOSED") return false;
    return [ConnectionError, TimeoutError, SerializationError, BackoffError].some((kind) => error instanceof kind);
  }

  /** What the answer means; `undefined` when the node does not know the job. */
  async #ask<T>(
    id: string,
    command: string,
    parse: (value: string) => T,
    signal: AbortSignal | undefined,
  ): Promise<T | undefined> {
    if (this.closed.aborted) throw this.closed.reason;
    const node = this.#find(id);
    if (node === undefined) throw new InvalidNodeError(`Node ${id} has left the cluster`, { node: id });
    const reply = await this.#cluster.info(node, [command], this.#cluster.deadline(STATUS_TIMEOUT_MS, signal));
    const value = reply.get(command) ?? "";
    if (parseInfoError(value)?.code === ResultCode.KEY_NOT_FOUND) return undefined;
    return understand(value, { operation: command, node: id }, parse);
  }

  #find(id: string): ClusterNode | undefined {
    return this.#cluster.nodes.find((node) => node.id === id);
  }
}
