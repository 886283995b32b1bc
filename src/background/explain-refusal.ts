import { whyQueryForbidden } from "../cluster/forbidden.js";
import { NamespaceState } from "../cluster/namespace-state.js";
import type { ClusterNode } from "../cluster/node.js";
import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { JobNodes } from "./job-nodes.js";
import type { TaskSubject } from "./preflight.js";

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
    case "FORBIDDEN": {
      const { node, subject } = refused;
      const isUdf = subject.work?.action.type === "udf";
      const why = await whyQueryForbidden(isUdf, (commands) => context.cluster.info(node, commands, deadline));
      return `Node ${node.id} forbids it: ${why}`;
    }
    default:
      return undefined;
  }
}

async function findMistake(
  context: SessionContext,
  jobs: JobNodes,
  { subject, taskId, node }: RefusedStart,
  deadline: Deadline,
): Promise<string | undefined> {
  const { namespace, recordsPerSecond } = subject;
  if (recordsPerSecond !== undefined) {
    const reply = await context.cluster.info(node, NamespaceState.commandsFor(namespace, ""), deadline);
    const cap = NamespaceState.of(namespace, "", reply)?.maxRecordsPerSecond;
    if (cap !== undefined && recordsPerSecond > cap) {
      return `recordsPerSecond ${recordsPerSecond} is more than namespace ${namespace} allows on node ${node.id} (background-query-max-rps ${cap})`;
    }
  }
  if ((await jobs.show(node.id, taskId, deadline)) !== undefined) {
    return `The task id ${taskId} was used before: the server still lists a job under it, running or finished`;
  }
  return undefined;
}
