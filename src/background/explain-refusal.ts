import type { Cluster } from "../cluster/cluster.js";
import { AerospikeError } from "../errors/errors.js";
import type { BackgroundIntent } from "./background-run.js";
import type { JobMonitor } from "./execute-task.js";
import { namespaceFacts } from "./namespace-facts.js";

/** The reason of a refusal is worth a moment, also when the time of what was refused is over. */
const REASON_MS = 2_000;

/**
 * The server answers "parameter" and "forbidden" to several things alike. Finds out which one it was, so that the error
 * can say so; any other refusal speaks for itself.
 */
export async function explainRefusal(
  cluster: Cluster,
  monitor: JobMonitor,
  intent: BackgroundIntent,
  refusal: AerospikeError,
): Promise<AerospikeError> {
  const reason = await findReason(cluster, monitor, intent, refusal).catch(() => undefined);
  if (reason === undefined) return refusal;
  const { code, resultCode, node, attempts } = refusal;
  return new AerospikeError(reason, { code, resultCode, node, attempts, cause: refusal });
}

async function findReason(
  cluster: Cluster,
  monitor: JobMonitor,
  intent: BackgroundIntent,
  { code }: AerospikeError,
): Promise<string | undefined> {
  switch (code) {
    case "PARAMETER":
      return findMistake(cluster, monitor, intent);
    case "FORBIDDEN":
      return whyForbidden(intent);
    default:
      return undefined;
  }
}

/** Nothing else is forbidden when a job starts: what a namespace forbids is found record by record. */
function whyForbidden({ work }: BackgroundIntent): string {
  const busy =
    "runs as many queries and background tasks as it may (query-threads-limit); try again when some have ended";
  return work.action.type === "udf"
    ? `A node has Lua functions disabled (disable-udf-execution), or it ${busy}`
    : `A node ${busy}`;
}

async function findMistake(
  cluster: Cluster,
  monitor: JobMonitor,
  intent: BackgroundIntent,
): Promise<string | undefined> {
  const { namespace, recordsPerSecond, taskId } = intent;
  if (recordsPerSecond !== undefined) {
    const cap = (await namespaceFacts(cluster, namespace, cluster.deadline(REASON_MS)))?.maxRecordsPerSecond;
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
