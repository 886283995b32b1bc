import { TaskAbortedError, TaskRecordsFailedError } from "./task-errors.js";
import type { NodeProgress, TaskState, TaskSummary } from "./task-progress.js";

/** The summary of a task that did all its work; an error for any other end. */
export function conclude(summary: TaskSummary, failOnRecordErrors: boolean): TaskSummary {
  const { taskId, state, failed } = summary;
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
    default:
  }
  if (failOnRecordErrors && failed !== null && failed > 0) {
    throw new TaskRecordsFailedError(`Task ${taskId} could not change ${failed} of its records`, summary);
  }
  return summary;
}

function nodesIn(summary: TaskSummary, state: TaskState): string {
  const parts: NodeProgress[] = Object.values(summary.perNode).filter((part) => part.state === state);
  return `node${parts.length === 1 ? "" : "s"} ${parts.map((part) => part.node).join(", ")}`;
}
