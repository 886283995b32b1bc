import type { JobStatus } from "../../protocol/info/job-status.js";
import type { SessionContext } from "../policy/session-context.js";
import { ClusterJobNodes } from "./job-nodes.js";
import { NodeJob } from "./node-job.js";
import { findFailureCauses, type TaskSubject } from "./preflight.js";
import { TaskJobs } from "./task-jobs.js";

/** The parts of a task that was attached; of its work is known what the nodes say. */
export function attachedJobs(
  context: SessionContext,
  taskId: bigint,
  attached: readonly { readonly id: string; readonly connectionToken: object }[],
): TaskJobs {
  const nodes = new ClusterJobNodes(context.cluster);
  return new TaskJobs({
    origin: { taskId, kind: "unknown" },
    jobs: attached.map(({ id, connectionToken }) => new NodeJob(nodes, taskId, id, connectionToken)),
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
