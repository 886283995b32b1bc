import { queryAbort } from "../../protocol/info/job-commands.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import { QUESTION_MS } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";

/** Tells a node to stop a query, and waits for nothing: one that does not hear of it ends the query when it writes next. */
export function stopQuery(cluster: ClusterCore, node: ClusterNode, taskId: bigint): void {
  void cluster.info(node, [queryAbort(taskId)], cluster.deadline(QUESTION_MS)).catch(() => undefined);
}
