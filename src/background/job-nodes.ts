import { parseInfoError } from "../../protocol/info/info-error.js";
import { queryAbort, queryShow, queryShowAll } from "../../protocol/info/job-commands.js";
import { type JobStatus, parseJobList, parseJobStatus } from "../../protocol/info/job-status.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import { parseInfo, QUESTION } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";
import type { InfoSettings } from "../cluster/options.js";
import { AerospikeError, InvalidNodeError, SerializationError } from "../errors/errors.js";
import { type Deadline, throwIfAborted } from "../time/deadline.js";

/** What a node said when it was told to stop a job. */
export interface StopReply {
  /** False when the job was not running there. */
  readonly wasActive: boolean;
  /** How far the job had come; `undefined` when the node does not know it. */
  readonly status: JobStatus | undefined;
}

/** The nodes that a job runs on, as far as they can be asked about it. Nodes go by their ids. */
export interface JobNodes {
  /** The limit of an operation that asks them. @param totalMs 0 for no limit */
  deadline(totalMs: number, signal?: AbortSignal): Deadline;
  /**
   * What the node says of the job; `undefined` when it knows no such job. Rejects when it does not reply.
   * @param question how patiently it is asked
   */
  show(node: string, taskId: bigint, deadline: Deadline, question?: InfoSettings): Promise<JobStatus | undefined>;
  /** Tells the node to stop the job. Rejects when it does not reply. */
  stop(node: string, taskId: bigint, deadline: Deadline, question?: InfoSettings): Promise<StopReply>;
  /** What {@link haveChangedSince} compares with: the nodes and what they own, as they are known now. */
  readonly changes: number;
  /**
   * Whether nodes came or went, or partitions changed owners, since {@link changes} was so. Asks the nodes; `undefined`
   * when not all of them replied in time. Rejects with AbortError only.
   */
  haveChangedSince(changes: number, deadline: Deadline): Promise<boolean | undefined>;
  /** Stands for the connection to the node, and changes when that breaks; `undefined` once the node has left. */
  connectionTo(node: string): object | undefined;
}

/** Asks the nodes of a cluster about jobs, by the info commands for them. */
export class ClusterJobNodes implements JobNodes {
  readonly #cluster: ClusterCore;

  constructor(cluster: ClusterCore) {
    this.#cluster = cluster;
  }

  deadline(totalMs: number, signal?: AbortSignal): Deadline {
    return this.#cluster.deadline(totalMs, signal);
  }

  async show(
    node: string,
    taskId: bigint,
    deadline: Deadline,
    question?: InfoSettings,
  ): Promise<JobStatus | undefined> {
    const command = queryShow(taskId);
    return read(await this.#ask(node, [command], deadline, question), node, command, parseJobStatus);
  }

  async stop(node: string, taskId: bigint, deadline: Deadline, question?: InfoSettings): Promise<StopReply> {
    const show = queryShow(taskId);
    const abort = queryAbort(taskId);
    // In one message, in this order: once a job is stopped its progress says 100 %.
    const reply = await this.#ask(node, [show, abort], deadline, question);
    const status = read(reply, node, show, parseJobStatus);
    return { status, wasActive: read(reply, node, abort, () => true) === true };
  }

  /** Every job that the node runs or remembers. */
  async list(node: string, deadline: Deadline, question?: InfoSettings): Promise<JobStatus[]> {
    const command = queryShowAll();
    return read(await this.#ask(node, [command], deadline, question), node, command, parseJobList) ?? [];
  }

  get changes(): number {
    return this.#cluster.changes;
  }

  async haveChangedSince(changes: number, deadline: Deadline): Promise<boolean | undefined> {
    const late = (scope: Deadline): Promise<boolean> => scope.sleep(scope.remainingMs).then(() => false);
    const areAllHeard = await deadline
      .run((scope) => Promise.race([this.#cluster.look(), late(scope)]))
      .catch(() => {
        throwIfAborted(deadline.signal, "wait for the task");
        return false;
      });
    if (this.#cluster.changes !== changes) return true;
    return areAllHeard ? false : undefined;
  }

  connectionTo(node: string): object | undefined {
    return this.#find(node)?.connectionToken;
  }

  async #ask(
    id: string,
    commands: readonly string[],
    deadline: Deadline,
    question: InfoSettings = QUESTION,
  ): Promise<ReadonlyMap<string, string>> {
    if (this.#cluster.closed.aborted) throw this.#cluster.closed.reason;
    const node = this.#find(id);
    if (node === undefined) throw new InvalidNodeError(`Node ${id} has left the cluster`, { node: id });
    return this.#cluster.info(node, commands, deadline, question);
  }

  #find(id: string): ClusterNode | undefined {
    return this.#cluster.nodes.find((node) => node.id === id);
  }
}

/** What the reply to a command means; `undefined` when the node does not know the job. */
function read<T>(
  reply: ReadonlyMap<string, string>,
  node: string,
  command: string,
  parse: (value: string) => T,
): T | undefined {
  const value = reply.get(command) ?? "";
  if (parseInfoError(value)?.code === ResultCode.KEY_NOT_FOUND) return undefined;
  return parseInfo(value, { operation: command, node }, parse);
}

/** Whether an error means that the node did not reply, so that it may when it is asked again, rather than that it refused. */
export function isNoReply(error: unknown): boolean {
  return error instanceof SerializationError || (error instanceof AerospikeError && error.isTransient);
}
