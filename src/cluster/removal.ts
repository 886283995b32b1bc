import type { PartitionMap } from "../../protocol/cluster/partition-map.js";
import type { ClusterNode } from "./node.js";

/** Failed tends in a row after which a node is removed when no other node responds either. */
const LAST_CHANCES = 5;

/**
 * Whether a node has left the cluster. What the others say counts more than silence: a node that does not respond to
 * us may be well, but one that nobody lists and that does not respond is gone.
 */
export function shouldRemove(node: ClusterNode, nodes: ReadonlyMap<string, ClusterNode>, map: PartitionMap): boolean {
  if (!node.isActive) return true;
  const others = [...nodes.values()].filter(
    (other) => other !== node && other.state.failures === 0 && other.state.serves,
  );
  const isWell = node.state.failures === 0;
  if (others.length === 0) return !isWell && node.state.failures >= LAST_CHANCES;
  // Those that have not said yet whom they know may know this one.
  if (others.some(({ state }) => state.peers === undefined)) return false;
  if (others.some(({ state }) => state.peers?.some((peer) => peer.nodeId === node.id))) return false;
  return isWell ? map.ownedBy(node.id) === 0 : true;
}
