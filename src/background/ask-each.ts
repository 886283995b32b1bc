import type { InfoReply } from "../../protocol/info/info-reply.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import type { AerospikeError } from "../errors/errors.js";
import { letFail } from "../query/sample-bins.js";
import type { Deadline } from "../time/deadline.js";

/**
 * Asks every node for what each may answer otherwise than the others. By node id; nodes that do not reply are left out.
 * @throws what came of the first node when none replies, or ConnectionError when none is known; what ends the operation
 *   as a whole
 */
export async function askEach(
  cluster: ClusterCore,
  commands: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, InfoReply>> {
  const limit = cluster.forQuestion(deadline);
  const replies = new Map<string, InfoReply>();
  const errors: AerospikeError[] = [];
  await Promise.all(
    cluster.requireNodes().map(async (node) => {
      try {
        replies.set(node.id, await cluster.info(node, commands, limit));
      } catch (error) {
        letFail(error);
        errors.push(error);
      }
    }),
  );
  const [first] = errors;
  if (first !== undefined && replies.size === 0) throw first;
  return replies;
}
