import { parseInfoError } from "../../../protocol/info/info-error.js";
import { hasPartition, parseReplicas } from "../../../protocol/info/replicas.js";
import { PARTITIONS } from "../../../protocol/limits.js";
import { compareBytes } from "../../../protocol/value/map-key.js";
import type { ClusterCore } from "../../cluster/cluster-core.js";
import { parseInfo } from "../../cluster/info-client.js";
import type { ClusterNode } from "../../cluster/node.js";
import { InvalidNodeError } from "../../errors/errors.js";
import type { Deadline } from "../../time/deadline.js";

const CLUSTER_KEY = "cluster-stable:ignore-migrations=true";
const REPLICAS = "replicas";
const NONE = new Uint8Array(PARTITIONS / 8);

/** What a node says of itself. */
interface NodeView {
  /** Names the cluster as it is: another one when a node comes or goes. */
  readonly clusterKey: string;
  /** The partitions that it is master of. */
  readonly masters: Uint8Array;
}

/**
 * Which node is master of which partitions, as the nodes themselves say. A node aggregates all partitions that it is
 * master of, and no others: so each has to have one master, and the same from the beginning to the end. Copies may move
 * between the nodes meanwhile.
 */
export class Ownership {
  readonly #cluster: ClusterCore;
  readonly #namespace: string;
  readonly #views: ReadonlyMap<ClusterNode, NodeView>;

  private constructor(cluster: ClusterCore, namespace: string, views: ReadonlyMap<ClusterNode, NodeView>) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#views = views;
  }

  /**
   * Asks every node.
   * @throws InvalidNodeError while nodes come or go, or there are partitions without a master, or with two
   */
  static async ask(cluster: ClusterCore, namespace: string, deadline: Deadline): Promise<Ownership> {
    const views = await viewsOf(cluster, cluster.requireAllNodes(), namespace, deadline);
    const counts = new Uint8Array(PARTITIONS);
    for (const { masters } of views.values()) {
      for (let id = 0; id < PARTITIONS; id++) if (hasPartition(masters, id)) counts[id]!++;
    }
    const unclear = counts.filter((count) => count !== 1).length;
    const keys = new Set([...views.values()].map(({ clusterKey }) => clusterKey));
    if (unclear > 0 || keys.size > 1) {
      throw new InvalidNodeError(
        `aggregate: the cluster is changing: ${unclear} of ${PARTITIONS} partitions of namespace ${namespace} have no master, or two`,
      );
    }
    return new Ownership(cluster, namespace, views);
  }

  get nodes(): ClusterNode[] {
    return [...this.#views.keys()];
  }

  /**
   * Asks every node again.
   * @throws InvalidNodeError when partitions have moved meanwhile
   */
  async check(deadline: Deadline): Promise<void> {
    const now = await viewsOf(this.#cluster, this.nodes, this.#namespace, deadline);
    for (const [node, { clusterKey, masters }] of this.#views) {
      const view = now.get(node);
      if (view?.clusterKey === clusterKey && compareBytes(view.masters, masters) === 0) continue;
      throw new InvalidNodeError(
        `aggregate: partitions of namespace ${this.#namespace} moved while it ran, so some may be counted twice or not at all; run it again`,
        { node: node.id },
      );
    }
  }
}

async function viewsOf(
  cluster: ClusterCore,
  nodes: readonly ClusterNode[],
  namespace: string,
  deadline: Deadline,
): Promise<Map<ClusterNode, NodeView>> {
  const views = nodes.map(async (node) => {
    const reply = await cluster.info(node, [CLUSTER_KEY, REPLICAS], cluster.forQuestion(deadline));
    const clusterKey = reply.get(CLUSTER_KEY) ?? "";
    const refusal = parseInfoError(clusterKey);
    if (refusal !== undefined) {
      const message = `aggregate: the cluster is changing: node ${node.id} says ${refusal.message}`;
      throw new InvalidNodeError(message, { node: node.id });
    }
    const about = { operation: REPLICAS, namespace, node: node.id };
    const masters = parseInfo(reply.get(REPLICAS) ?? "", about, parseReplicas).get(namespace)?.columns[0] ?? NONE;
    return [node, { clusterKey, masters }] as const;
  });
  return new Map(await Promise.all(views));
}
