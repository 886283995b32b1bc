import { WhereExplainCommand, type WherePlan } from "../../protocol/command/where-explain.js";
import { AerospikeError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { QueryHint } from "./query-hint.js";

/** What a server is asked about. */
interface Question {
  readonly namespace: string;
  readonly setName: string;
  readonly where: Exp<"bool"> | undefined;
  readonly hint: QueryHint | undefined;
  readonly requireIndex?: boolean | undefined;
}

/**
 * Which way a node would take to the records that fulfil a condition. All have the same indexes: the first that replies is
 * believed. Every node must be of 8.2, which the caller has seen to.
 * @throws IndexNotFoundError when the way is not one that the caller insists on; what the server says of a wrong text
 */
export async function planOfServer(
  context: SessionContext,
  { namespace, setName, where, hint, requireIndex }: Question,
  deadline: Deadline,
): Promise<WherePlan> {
  const { cluster } = context;
  const policy = context.policy("read", "query", namespace);
  const command = new WhereExplainCommand({
    namespace,
    setName,
    text: textOf(where),
    indexName: hint?.indexName,
    isHardHint: hint?.hard,
    requireIndex,
    errorDetails: policy.errorDetails,
  });
  let failure: unknown;
  for (const node of cluster.nodes) {
    try {
      return await cluster.executeOn(node, command, policy, deadline);
    } catch (error) {
      if (!(error instanceof AerospikeError) || !error.isTransient) throw error;
      failure = error;
    }
  }
  throw failure ?? new AerospikeError("explain: the cluster has no node", { code: "INVALID_NODE" });
}

/** The condition in the server's words. */
function textOf(where: Exp | undefined): string {
  const node = where?.node;
  if (node?.kind === "text") return node.text;
  throw new TypeError(
    'planner("server"): the server plans texts that it compiles itself; write the condition as where(serverAel("…"))',
  );
}
