import type { SessionContext } from "../policy/session-context.js";
import { ExecuteTask } from "./execute-task.js";
import type { TaskJobs } from "./task-jobs.js";

/** The handle of a task that runs, or ran, under this id on the nodes that there are now. */
export function attachTask(context: SessionContext, taskId: bigint): ExecuteTask {
  // What they are connected by now tells later whether one of them may have been started anew.
  const nodes = context.cluster.requireAllNodes().map(({ id, connectionToken }) => ({ id, connectionToken }));
  let loading: Promise<TaskJobs> | undefined;
  const load = async (): Promise<TaskJobs> => {
    const { attachedJobs } = await import("./attached-jobs.js");
    return attachedJobs(context, taskId, nodes);
  };
  return new ExecuteTask({
    taskId,
    kind: "unknown",
    nodes: nodes.map(({ id }) => id),
    jobs() {
      loading ??= load();
      return loading;
    },
  });
}
