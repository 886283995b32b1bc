import type { ErrorCode } from "../errors/error-code.js";
import { AerospikeError, type ErrorDetails, mark } from "../errors/errors.js";
import type { TaskSummary } from "./task-progress.js";

/** What a node answered when a background task was to start on it. */
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
  /** Every node's answer. */
  readonly nodes: readonly NodeStart[];

  constructor(message: string, taskId: bigint, nodes: readonly NodeStart[], details: ErrorDetails = {}) {
    super(message, details);
    this.taskId = taskId;
    this.nodes = nodes;
  }
}

/**
 * A background task ended before it was done: somebody stopped it (`TASK_ABORTED`), the server gave it up, or a node
 * left while it ran (`TASK_LOST`; in doubt). Records that it had changed stay changed.
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
