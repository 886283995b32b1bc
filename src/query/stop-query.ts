import { queryAbort } from "../../protocol/info/job-commands.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import type { ClusterNode } from "../cluster/node.js";

/** Time for an order whose reply nobody depends on. */
const ORDER_MS = 2_000;

/** Tells a node to stop a query, and waits for nothing: one that does not hear of it ends the query when it writes next. */
export function stopQuery(cluster: ClusterCore, node: ClusterNode, taskId: bigint): void {
  void cluster.info(node, [queryAbort(taskId)], cluster.deadline(ORDER_MS)).catch(() => undefined);
}
