import { parsePairs } from "../../protocol/info/pairs.js";
import type { ClusterNode } from "../cluster/node.js";
import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { JobNodes } from "./job-nodes.js";
import { namespaceFacts, type TaskSubject } from "./preflight.js";

/** A start that a node refused. */
export interface RefusedStart {
  readonly subject: TaskSubject;
  readonly taskId: bigint;
  readonly node: ClusterNode;
  readonly refusal: AerospikeError;
}

/**
 * A server refuses several things alike with "parameter" and "forbidden". Finds out which one it was, so that the error
 * can say so; any other refusal speaks for itself.
 */
export async function explainRefusal(
  context: SessionContext,
  jobs: JobNodes,
  refused: RefusedStart,
  deadline: Deadline,
): Promise<AerospikeError> {
  const { refusal } = refused;
  const reason = await findReason(context, jobs, refused, deadline);
  if (reason === undefined) return refusal;
  const { code, resultCode, node, attempts } = refusal;
  return new AerospikeError(reason, { code, resultCode, node, attempts, cause: refusal });
}

async function findReason(
  context: SessionContext,
  jobs: JobNodes,
  refused: RefusedStart,
  deadline: Deadline,
): Promise<string | undefined> {
  switch (refused.refusal.code) {
    case "PARAMETER":
      return findMistake(context, jobs, refused, deadline).catch(() => undefined);
    case "FORBIDDEN":
      return whyForbidden(context, refused, deadline);
    default:
      return undefined;
  }
}

/** Nothing else is forbidden when a job starts: what a namespace or a set forbids is found record by record. */
async function whyForbidden(
  { cluster }: SessionContext,
  { subject, node }: RefusedStart,
  deadline: Deadline,
): Promise<string> {
  const command = "get-config:context=service";
  const reply = await cluster.info(node, [command], deadline).catch(() => undefined);
  const config = parsePairs(reply?.get(command) ?? "");
  const noUdfs = "Lua functions disabled (disable-udf-execution)";
  const isUdf = subject.work?.action.type === "udf";
  if (isUdf && config.get("disable-udf-execution") === "true") return `Node ${node.id} has ${noUdfs}`;
  const limit = config.get("query-threads-limit");
  const busy =
    `runs as many queries and background tasks as it may (query-threads-limit${limit === undefined ? "" : ` ${limit}`}); ` +
    "try again when some have ended";
  // Where the node does not tell, it may be either.
  return isUdf && limit === undefined ? `Node ${node.id} has ${noUdfs}, or it ${busy}` : `Node ${node.id} ${busy}`;
}

async function findMistake(
  context: SessionContext,
  jobs: JobNodes,
  { subject, taskId, node }: RefusedStart,
  deadline: Deadline,
): Promise<string | undefined> {
  const { namespace, recordsPerSecond } = subject;
  if (recordsPerSecond !== undefined) {
    const cap = (await namespaceFacts(context, subject, deadline))?.maxRecordsPerSecond;
    if (cap !== undefined && recordsPerSecond > cap) {
      return `recordsPerSecond ${recordsPerSecond} is more than namespace ${namespace} allows (background-query-max-rps ${cap})`;
    }
  }
  if ((await jobs.show(node.id, taskId, deadline)) !== undefined) {
    return `The task id ${taskId} was used before: the server still lists a job under it, running or finished`;
  }
  return undefined;
}
