import type { NamespaceReplicas } from "../../protocol/info/replicas.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { ResultCode } from "../../protocol/result-code.js";
import { AerospikeError } from "../errors/errors.js";
import type { ClusterNode } from "./node.js";

const ALL = new Uint8Array(PARTITIONS / 8).fill(0xff);
/** Above every regime that a node may report, so that the node asked next is believed as this one was. */
const LATEST_REGIME = 0xffff_ffff;

/** What a node owns as it is for a client that talks to no other: everything, for it passes on what others own. */
export function owningAll(replicas: ReadonlyMap<string, NamespaceReplicas>): Map<string, NamespaceReplicas> {
  return new Map(
    [...replicas].map(([namespace, { regime }]) => [
      namespace,
      { regime: regime === 0 ? 0 : LATEST_REGIME, columns: [ALL] },
    ]),
  );
}

/**
 * For what every node of a cluster has a part in, which none passes on.
 * @throws AerospikeError with code `"UNSUPPORTED_FEATURE"` when the node of this client has others beside it
 */
export function requireAlone(nodes: readonly ClusterNode[]): void {
  for (const { id, state } of nodes) {
    const peers = state.peers?.length ?? 0;
    if (peers === 0) continue;
    throw new AerospikeError(
      `This takes all ${peers + 1} nodes of the cluster, and the client talks to node ${id} alone (option ` +
        "forceSingleNode): commands on keys are passed on by it, while queries, background tasks and questions to all nodes are not",
      { code: "UNSUPPORTED_FEATURE", resultCode: ResultCode.UNSUPPORTED_FEATURE, node: id },
    );
  }
}
