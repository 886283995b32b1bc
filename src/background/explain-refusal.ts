import type { Cluster } from "../cluster/cluster.js";
import { AerospikeError } from "../errors.js";
import type { BackgroundIntent } from "./background-run.js";
import type { JobMonitor } from "./execute-task.js";
import { namespaceFacts } from "./namespace-facts.js";

/**
 * The server answers "parameter" to several mistakes alike. Finds out which one it was, so that the error can say so;
 * any other refusal speaks for itself.
 */
export async function explainRefusal(
  cluster: Cluster,
  monitor: JobMonitor,
  intent: BackgroundIntent,
  refusal: AerospikeError,
): Promise<AerospikeError> {
  if (refusal.code !== "PARAMETER") return refusal;
  const reason = await findReason(cluster, monitor, intent).catch(() => undefined);
  if (reason === undefined) return refusal;
  const { code, resultCode, node, attempts } = refusal;
  return new AerospikeError(reason, { code, resultCode, node, attempts, cause: refusal });
}

async function findReason(
  cluster: Cluster,
  monitor: JobMonitor,
  intent: BackgroundIntent,
): Promise<string | undefined> {
  const { namespace, recordsPerSecond, taskId } = intent;
  if (recordsPerSecond !== undefined) {
    const cap = (await namespaceFacts(cluster, namespace, undefined))?.maxRecordsPerSecond;
    if (cap !== undefined && recordsPerSecond > cap) {
      return `recordsPerSecond ${recordsPerSecond} is more than namespace ${namespace} allows (background-query-max-rps ${cap})`;
    }
  }
  if (taskId !== undefined) {
    const known = await Promise.all(cluster.nodes.map((node) => monitor.show(node.id, taskId, undefined)));
    if (known.some((job) => job !== undefined)) {
      return `The task id ${taskId} was used before: the server still lists a job under it, running or finished`;
    }
  }
  return undefined;
}
