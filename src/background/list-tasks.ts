import { checkNamespace } from "../../protocol/check/check-names.js";
import { CALL_OPTIONS, checkCallOptions, questionOf } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { ListTasksOptions } from "./background-task-session.js";
import { type JobInfo, jobInfo } from "./job-info.js";
import { ClusterJobNodes } from "./job-nodes.js";

/** See `BackgroundTaskSession.list`. */
export async function listTasks({ cluster }: SessionContext, options: ListTasksOptions): Promise<readonly JobInfo[]> {
  checkCallOptions<ListTasksOptions>("list", options, { ...CALL_OPTIONS, namespace: true });
  const { namespace, signal, totalTimeout = 0 } = options;
  if (namespace !== undefined) checkNamespace(namespace);
  const nodes = new ClusterJobNodes(cluster);
  const deadline = nodes.deadline(totalTimeout, signal);
  const perNode = await Promise.all(
    cluster
      .requireAllNodes()
      .map(async ({ id }) =>
        (await nodes.list(id, deadline, questionOf(options))).map((status) => jobInfo(id, status)),
      ),
  );
  return perNode
    .flat()
    .filter((job) => job !== undefined)
    .filter((job) => namespace === undefined || job.namespace === namespace)
    .sort((a, b) => Number(b.active) - Number(a.active));
}
