import type { BackgroundStart } from "../../protocol/command/background-job.js";
import type { ClusterNode } from "../cluster/node.js";
import { InvalidNodeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import { abortError, type Deadline } from "../time/deadline.js";
import type { BackgroundWork } from "./background-work.js";
import { ExecuteTask } from "./execute-task.js";
import { explainRefusal } from "./explain-refusal.js";
import { ClusterJobNodes } from "./job-nodes.js";
import { NodeJob } from "./node-job.js";
import { findFailureCauses, type TaskSubject } from "./preflight.js";
import { BackgroundStartError, type NodeStart } from "./task-errors.js";
import { TaskJobs } from "./task-jobs.js";

/** To stop what has begun takes a time of its own: it is done when the caller has given up, or the time is over. */
const REVOKE_TIMEOUT_MS = 5_000;

/** A task that is to start. */
export interface StartRequest {
  readonly taskId: bigint;
  readonly subject: TaskSubject & { readonly work: BackgroundWork };
  readonly onPartialStart: "abort" | "continue";
  /** Sends the request to one node, once. */
  send(node: ClusterNode): Promise<BackgroundStart>;
}

interface Started {
  readonly job: NodeJob;
  readonly start: NodeStart;
}

/** What a start came to on each node. */
interface Begun {
  readonly changesBefore: number;
  readonly all: readonly Started[];
  readonly notStarted: readonly NodeStart[];
}

/** Starts a task on every node at once. What has begun is stopped again when the start fails as a whole. */
export async function startTask(
  context: SessionContext,
  request: StartRequest,
  deadline: Deadline,
): Promise<ExecuteTask> {
  const { cluster } = context;
  const { taskId } = request;
  cluster.requireWhole();
  const nodes = new ClusterJobNodes(cluster);
  const changesBefore = nodes.changes;
  const all = await Promise.all(
    cluster.nodes.map(async ({ id }): Promise<Started> => {
      const job = new NodeJob(nodes, taskId, id);
      return { job, start: await job.start(async () => request.send(nodeOf(context, id)), deadline) };
    }),
  );
  const starts = all.map(({ start }) => start);
  const hasFailed = starts.some(isFailure);
  const runs = starts.some(({ outcome }) => outcome === "started");
  const goesOn = !hasFailed || (request.onPartialStart === "continue" && runs);
  const isAborted = (): boolean => deadline.signal?.aborted === true;
  // What is not to go on is stopped before anything else.
  let left = goesOn && !isAborted() ? undefined : await revoke(context, all);
  const explained = hasFailed && !isAborted() ? await explainAll(context, nodes, request, starts, deadline) : starts;
  if (isAborted()) left ??= await revoke(context, all);
  if (left === undefined) {
    return taskOf(context, nodes, request, { changesBefore, all, notStarted: explained.filter(isFailure) });
  }
  const { signal } = deadline;
  if (signal?.aborted === true) {
    const message = `Background task ${taskId} was aborted while it started, ${describeLeft(left)}`;
    throw abortError(signal, message, { inDoubt: !ranNowhere(starts) });
  }
  throw startError(taskId, explained, left);
}

function isFailure({ outcome }: NodeStart): boolean {
  return outcome === "refused" || outcome === "inDoubt";
}

function nodeOf({ cluster }: SessionContext, id: string): ClusterNode {
  const node = cluster.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) throw new InvalidNodeError(`Node ${id} has left the cluster`, { node: id });
  return node;
}

/** The same with refusals that say what was wrong. */
function explainAll(
  context: SessionContext,
  nodes: ClusterJobNodes,
  { subject, taskId }: StartRequest,
  starts: readonly NodeStart[],
  deadline: Deadline,
): Promise<NodeStart[]> {
  return Promise.all(
    starts.map(async (start) => {
      const node = context.cluster.nodes.find(({ id }) => id === start.node);
      if (start.outcome !== "refused" || start.error === undefined || node === undefined) return start;
      const refused = { subject, taskId, node, refusal: start.error };
      return { ...start, error: await explainRefusal(context, nodes, refused, context.cluster.forQuestion(deadline)) };
    }),
  );
}

function taskOf(
  context: SessionContext,
  nodes: ClusterJobNodes,
  { subject, taskId }: StartRequest,
  { changesBefore, all, notStarted }: Begun,
): ExecuteTask {
  const { namespace, setName, work } = subject;
  const { kind } = work;
  const jobs = new TaskJobs({
    origin: { taskId, kind, namespace, setName },
    jobs: all.filter(({ start }) => start.outcome !== "refused").map(({ job }) => job),
    nodes,
    changesBefore,
    channel: context.cluster.diagnostics.task,
    findCauses: (_status, deadline) => findFailureCauses(context, subject, deadline),
  });
  return new ExecuteTask({ taskId, kind, nodes: jobs.nodes, notStarted, jobs: () => jobs });
}

/** Stops the task wherever it runs or may run. @returns the nodes where it may go on all the same */
async function revoke({ cluster }: SessionContext, all: readonly Started[]): Promise<string[]> {
  const deadline = cluster.deadline(REVOKE_TIMEOUT_MS);
  const left = await Promise.all(
    all.map(async ({ job, start }) => ((await job.revoke(start, deadline)) ? job.node : undefined)),
  );
  return left.filter((node) => node !== undefined);
}

function startError(taskId: bigint, starts: readonly NodeStart[], left: readonly string[]): Error {
  const failed = starts.filter(isFailure);
  const first = failed[0]?.error;
  const sameForAll = failed.every((start) => start.error?.code === first?.code);
  if (ranNowhere(starts) && sameForAll && first !== undefined) return first;
  const replies = starts.map(({ node, outcome, error }) => `${node}: ${error?.message ?? outcome}`).join("; ");
  return new BackgroundStartError(
    `Background task ${taskId} did not start on every node, ${describeLeft(left)} (${replies})`,
    taskId,
    starts,
    { inDoubt: !ranNowhere(starts), cause: first },
  );
}

function describeLeft(left: readonly string[]): string {
  const stopped = "and was stopped where it had";
  return left.length === 0 ? stopped : `${stopped}, but it may still run on node ${left.join(", ")}`;
}

/** Whether it surely changed no record: what is stopped again may have changed some before. */
function ranNowhere(starts: readonly NodeStart[]): boolean {
  return starts.every(({ outcome }) => outcome === "refused" || outcome === "noSuchSet");
}
