import type { JobStatus } from "../../protocol/info/job-status.js";
import type { SessionContext } from "../policy/session-context.js";
import { ExecuteTask } from "./execute-task.js";
import { ClusterJobNodes } from "./job-nodes.js";
import { NodeJob } from "./node-job.js";
import { findFailureCauses, type TaskSubject } from "./preflight.js";

/** The handle of a task that runs, or ran, under this id on the nodes that there are now. */
export function attachTask(context: SessionContext, taskId: bigint): ExecuteTask {
  const nodes = new ClusterJobNodes(context.cluster);
  return new ExecuteTask({
    origin: { taskId, kind: "unknown" },
    jobs: context.cluster.requireNodes().map((node) => new NodeJob(nodes, taskId, node.id)),
    nodes,
    channel: context.cluster.diagnostics.task,
    async findCauses(status, deadline) {
      if (status === undefined) return [];
      return findFailureCauses(context, subjectOf(status), deadline);
    },
  });
}

/** What a node says of a job, as far as it tells what the job does. */
function subjectOf({ namespace, setName = "", udfPackage, udfFunction }: JobStatus): TaskSubject {
  const hasUdf = udfPackage !== undefined && udfFunction !== undefined;
  return { namespace, setName, udf: hasUdf ? { package: udfPackage, function: udfFunction } : undefined };
}
