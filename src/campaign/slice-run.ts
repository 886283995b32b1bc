import { setInfo } from "../../protocol/info/set-info.js";
import { attachTask } from "../background/attach-task.js";
import { BackgroundRun } from "../background/background-run.js";
import type { CampaignPhase, OpenSlice } from "../background/campaign-api/checkpoint.js";
import type { ExecuteTask } from "../background/execute-task.js";
import { ClusterJobNodes, isNoReply } from "../background/job-nodes.js";
import { BackgroundStartError, TaskAbortedError } from "../background/task-errors.js";
import type { TaskProgress, TaskSummary } from "../background/task-progress.js";
import { QUESTION } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";
import { AbortError, AerospikeError, TimeoutError } from "../errors/errors.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { Definition } from "./definition.js";
import { intentOf } from "./intent.js";

/** What became of a slice that was given to the servers. */
export type SliceEnd =
  /** Every node went through its part. Whether these were all records of the slice, the cluster decides: did it change meanwhile? */
  | { readonly end: "done"; readonly counted: SliceCounters | undefined; readonly causes: readonly string[] }
  /** It may have changed some records, and not all; `notStarted` says what kept nodes from starting what others took. */
  | { readonly end: "again"; readonly reason: string; readonly notStarted?: AerospikeError }
  /** The same, and a node will not start it later either. */
  | { readonly end: "impossible"; readonly reason: string; readonly error: AerospikeError }
  /** No node knows its task, which was about to be started: it can be started under the same id. */
  | { readonly end: "unknown"; readonly reason: string }
  /** Nothing was started, which may go better later. */
  | { readonly end: "refused"; readonly error: AerospikeError }
  /** Somebody stopped its task. */
  | { readonly end: "stopped"; readonly reason: string };

export interface SliceCounters {
  readonly succeeded: number;
  readonly failed: number;
  readonly filtered: number;
}

/** Which campaign a slice belongs to. */
export interface SliceOwner {
  readonly context: SessionContext;
  readonly id: string;
  readonly definition: Definition;
}

type OnProgress = (progress: TaskProgress) => void;

/** Gives a slice to the servers and waits until they are through. The intent was written down before. */
export async function runSlice(
  { context, id, definition }: SliceOwner,
  phase: CampaignPhase,
  open: OpenSlice,
  deadline: Deadline,
  onProgress: OnProgress,
): Promise<SliceEnd> {
  const { recordsPerSecond, taskId } = open;
  const intent = intentOf({
    id,
    definition,
    phase,
    range: open,
    recordsPerSecond: recordsPerSecond ?? undefined,
    taskId: BigInt(taskId),
    wallClock: context.cluster.runtime.wallClock(),
  });
  let task: ExecuteTask;
  try {
    task = await new BackgroundRun(context, intent).start({ signal: deadline.signal });
  } catch (error) {
    return endOfStart(error, deadline);
  }
  return follow(task, deadline, onProgress);
}

/**
 * What became of a slice that another process, or an earlier run, may have given to the servers. While its task runs it is
 * waited for.
 */
export async function settleSlice(
  { context, definition }: SliceOwner,
  open: OpenSlice,
  deadline: Deadline,
  onProgress: OnProgress,
): Promise<SliceEnd> {
  const nodes = new ClusterJobNodes(context.cluster);
  const taskId = BigInt(open.taskId);
  const known: string[] = [];
  const idle = new Set<string>();
  for (const node of context.cluster.requireAllNodes()) {
    const { id } = node;
    if ((await untilAnswered(() => nodes.show(id, taskId, deadline), deadline)) !== undefined) known.push(id);
    else if (await untilAnswered(() => lacksSet(context, node, definition, deadline), deadline)) idle.add(id);
  }
  if (known.length === 0)
    return { end: "unknown", reason: "no node knows its task: it had not begun, or was forgotten" };
  const end = await follow(attachTask(context, taskId), deadline, onProgress, idle);
  if (end.end !== "done") return end;
  const missing = open.nodes.filter((node) => !known.includes(node) && !idle.has(node));
  if (missing.length === 0) return end;
  return {
    end: "again",
    reason: `node ${missing.join(", ")} does not know its task: it had not begun there, or was forgotten`,
  };
}

/**
 * Whether the node has never had a record of the set since it started: it begins no job then, and had nothing to do. A set
 * that has lost its records, one by one or by a truncate, is still known (seen with 8.1.2). A node that lost everything with
 * its memory has come back as another cluster, which {@link OpenSlice.clusterKey} tells: the slice is repeated for that.
 */
async function lacksSet(
  { cluster }: SessionContext,
  node: ClusterNode,
  { namespace, setName }: Definition,
  deadline: Deadline,
): Promise<boolean> {
  if (setName === "") return false;
  const command = setInfo(namespace, setName);
  const reply = await cluster.info(node, [command], deadline, QUESTION);
  return reply.get(command) === "";
}

/**
 * Stops the task of a slice wherever it runs, and waits until it surely does no more.
 * @throws TimeoutError when a node has not said so by the deadline
 */
export async function stopSlice(context: SessionContext, open: OpenSlice, deadline: Deadline): Promise<void> {
  const task = attachTask(context, BigInt(open.taskId));
  await task.abort(limitsOf(deadline));
  await follow(task, deadline, () => undefined);
}

/** @param idle nodes that had nothing to do, and so do not know the task */
async function follow(
  task: ExecuteTask,
  deadline: Deadline,
  onProgress: OnProgress,
  idle: ReadonlySet<string> = new Set(),
): Promise<SliceEnd> {
  try {
    const summary = await task.waitTillComplete({ ...limitsOf(deadline), onProgress });
    return { end: "done", counted: countedBy(summary, idle), causes: summary.failureCauses };
  } catch (error) {
    if (!(error instanceof TaskAbortedError)) throw error;
    const { message, summary } = error;
    return summary.state === "aborted" ? { end: "stopped", reason: message } : { end: "again", reason: message };
  }
}

/**
 * Stops the task of a slice of a campaign that comes to its end for good.
 * @returns what a node has not replied to by the deadline: it may go on to the end of the slice
 */
export async function stopLastSlice(
  context: SessionContext,
  open: OpenSlice,
  deadline: Deadline,
): Promise<TimeoutError | undefined> {
  try {
    await stopSlice(context, open, deadline);
    return undefined;
  } catch (error) {
    if (error instanceof TimeoutError) return error;
    throw error;
  }
}

/** What of a deadline a task is told: it has one of its own for each call. */
function limitsOf(deadline: Deadline): CallOptions {
  return { signal: deadline.signal, totalTimeout: deadline.attemptMs(0) };
}

function endOfStart(error: unknown, deadline: Deadline): SliceEnd {
  if (!(error instanceof AerospikeError) || error instanceof AbortError) throw error;
  deadline.throwIfAborted("slice");
  if (error instanceof BackgroundStartError) {
    const reason = error.message;
    const failures = error.nodes.flatMap((start) =>
      start.error === undefined ? [] : { ...start, error: start.error },
    );
    const final = failures.find((start) => start.outcome === "refused" && !mayPass(start.error));
    if (final !== undefined) return { end: "impossible", reason, error: final.error };
    return { end: "again", reason, notStarted: failures[0]?.error ?? error };
  }
  if (error.inDoubt) return { end: "again", reason: error.message, notStarted: error };
  if (mayPass(error)) return { end: "refused", error };
  throw error;
}

function mayPass({ isTransient, code }: AerospikeError): boolean {
  return isTransient || code === "FORBIDDEN";
}

function countedBy({ perNode }: TaskSummary, idle: ReadonlySet<string>): SliceCounters | undefined {
  const sum = { succeeded: 0, failed: 0, filtered: 0 };
  for (const [node, { succeeded, failed, filteredByBins }] of Object.entries(perNode)) {
    if (idle.has(node)) continue;
    if (succeeded === null || failed === null) return undefined;
    sum.succeeded += succeeded;
    sum.failed += failed;
    sum.filtered += filteredByBins ?? 0;
  }
  return sum;
}

const PAUSE_MS = 500;

/** Asks a node until it replies, or has left the cluster: then it knows nothing. */
async function untilAnswered<T>(ask: () => Promise<T | undefined>, deadline: Deadline): Promise<T | undefined> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      deadline.throwIfAborted("question about a slice");
      if (!isNoReply(error)) throw error;
      if (error instanceof AerospikeError && error.code === "INVALID_NODE") return undefined;
      await deadline.sleep(PAUSE_MS);
    }
  }
}
