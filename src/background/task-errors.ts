import type { ErrorCode } from "../errors/error-code.js";
import { AerospikeError, type ErrorDetails, mark } from "../errors/errors.js";
import { leastFailed, type NodeProgress, type TaskState, type TaskSummary } from "./task-progress.js";

/** How the start of a background task went on one node. */
export interface NodeStart {
  /** Id of the node. */
  readonly node: string;
  /**
   * - `started`: the node took it; with BackgroundStartError it was told to stop again
   * - `noSuchSet`: the node has no records of the set, so there is nothing to do
   * - `refused`: the server said no
   * - `inDoubt`: the connection broke and the node could not be asked whether it runs
   */
  readonly outcome: "started" | "noSuchSet" | "refused" | "inDoubt";
  /** Why, where it did not start or may not have. */
  readonly error?: AerospikeError;
}

/** A background task did not start on every node. */
export class BackgroundStartError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "BACKGROUND_START";
  static {
    mark(BackgroundStartError, "BackgroundStartError");
  }

  /** The id under which it runs where it started. */
  readonly taskId: bigint;
  /** How it went on every node. */
  readonly nodes: readonly NodeStart[];

  constructor(message: string, taskId: bigint, nodes: readonly NodeStart[], details: ErrorDetails = {}) {
    super(message, details);
    this.taskId = taskId;
    this.nodes = nodes;
  }
}

/**
 * A background task ended before it was done: somebody stopped it (`TASK_ABORTED`), the server gave it up, or a node
 * left while it ran (`TASK_LOST`; in doubt). Records that it had changed stay changed. Also of a task that was attached
 * and that no node knows (`TASK_UNKNOWN`; in doubt): it may have ended long ago, or never have run.
 */
export class TaskAbortedError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "TASK_ABORTED";
  static {
    mark(TaskAbortedError, "TaskAbortedError");
  }

  /** How far it came on each node. */
  readonly summary: TaskSummary;

  constructor(message: string, summary: TaskSummary, details: ErrorDetails = {}) {
    super(message, details);
    this.summary = summary;
  }
}

/** A background task ran to its end, but some records could not be changed; thrown only when asked for. */
export class TaskRecordsFailedError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "TASK_RECORDS_FAILED";
  static {
    mark(TaskRecordsFailedError, "TaskRecordsFailedError");
  }

  readonly summary: TaskSummary;

  constructor(message: string, summary: TaskSummary, details: ErrorDetails = {}) {
    super(message, details);
    this.summary = summary;
  }
}

/** The summary of a task that did all its work; an error for any other end. */
export function conclude(summary: TaskSummary, failOnRecordErrors: boolean): TaskSummary {
  const { taskId, state, failed, failureCauses } = summary;
  switch (state) {
    case "lost":
      throw new TaskAbortedError(
        `Task ${taskId} was lost on ${nodesIn(summary, "lost")}, which left the cluster or came back without it; ` +
          "how far it came there is not known",
        summary,
        { code: "TASK_LOST", inDoubt: true },
      );
    case "aborted":
      throw new TaskAbortedError(`Task ${taskId} was aborted on ${nodesIn(summary, "aborted")}`, summary);
    case "abandoned":
      throw new TaskAbortedError(`Task ${taskId} was abandoned by ${nodesIn(summary, "abandoned")}`, summary);
    case "unknown":
      throw new TaskAbortedError(
        `No node knows task ${taskId}: it ended and was forgotten, or it never ran under this id`,
        summary,
        { code: "TASK_UNKNOWN", inDoubt: true },
      );
    default:
  }
  const least = leastFailed(summary);
  if (failOnRecordErrors && least > 0) {
    const causes = failureCauses.length === 0 ? "" : `: ${failureCauses.join("; ")}`;
    const count = failed === null ? `${least} of its records or more` : `${least} of its records`;
    throw new TaskRecordsFailedError(`Task ${taskId} could not change ${count}${causes}`, summary);
  }
  return summary;
}

function nodesIn(summary: TaskSummary, state: TaskState): string {
  const parts: NodeProgress[] = Object.values(summary.perNode).filter((part) => part.state === state);
  return `node${parts.length === 1 ? "" : "s"} ${parts.map((part) => part.node).join(", ")}`;
}
