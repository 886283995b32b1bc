import { hasPartition, parseReplicas } from "../../../protocol/info/replicas.js";
import { PARTITIONS } from "../../../protocol/limits.js";
import type { ClusterCore } from "../../cluster/cluster-core.js";
import { expectInfoValue, parseInfo, QUESTION_MS } from "../../cluster/info-client.js";
import type { ClusterNode } from "../../cluster/node.js";
import { InvalidNodeError } from "../../errors/errors.js";
import type { Deadline } from "../../time/deadline.js";

const GENERATION = "partition-generation";
const REPLICAS = "replicas";

/**
 * Which node is master of which partitions, as the nodes themselves say. A node aggregates all partitions that it is
 * master of, and no others: so each has to have one master, and the same from the beginning to the end.
 */
export class Ownership {
  readonly #cluster: ClusterCore;
  readonly #namespace: string;
  readonly #generations: ReadonlyMap<ClusterNode, string>;

  private constructor(cluster: ClusterCore, namespace: string, generations: ReadonlyMap<ClusterNode, string>) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#generations = generations;
  }

  /**
   * Asks every node.
   * @throws InvalidNodeError while there are partitions without a master, or with two
   */
  static async ask(cluster: ClusterCore, namespace: string, deadline: Deadline): Promise<Ownership> {
    const masters = new Uint8Array(PARTITIONS);
    const generations = await askAll(cluster.requireNodes(), async (node) => {
      const reply = await cluster.info(node, [GENERATION, REPLICAS], deadline.within(QUESTION_MS));
      const about = { operation: REPLICAS, namespace, node: node.id };
      const bitmap = parseInfo(reply.get(REPLICAS) ?? "", about, parseReplicas).get(namespace)?.columns[0];
      for (let id = 0; bitmap !== undefined && id < PARTITIONS; id++) if (hasPartition(bitmap, id)) masters[id]!++;
      return expectInfoValue(reply.get(GENERATION) ?? "", { ...about, operation: GENERATION });
    });
    const unclear = masters.filter((count) => count !== 1).length;
    if (unclear > 0) {
      throw new InvalidNodeError(
        `aggregate: ${unclear} of ${PARTITIONS} partitions of namespace ${namespace} have no master, or two: the cluster is changing`,
      );
    }
    return new Ownership(cluster, namespace, generations);
  }

  get nodes(): ClusterNode[] {
    return [...this.#generations.keys()];
  }

  /**
   * Asks every node again.
   * @throws InvalidNodeError when partitions have moved meanwhile
   */
  async check(deadline: Deadline): Promise<void> {
    await askAll(this.nodes, async (node) => {
      const reply = await this.#cluster.info(node, [GENERATION], deadline.within(QUESTION_MS));
      if (reply.get(GENERATION) === this.#generations.get(node)) return;
      throw new InvalidNodeError(
        `aggregate: partitions of namespace ${this.#namespace} moved while it ran, so some may be counted twice or not at all; run it again`,
        { node: node.id },
      );
    });
  }
}

async function askAll<T>(
  nodes: readonly ClusterNode[],
  ask: (node: ClusterNode) => Promise<T>,
): Promise<Map<ClusterNode, T>> {
  return new Map(await Promise.all(nodes.map(async (node) => [node, await ask(node)] as const)));
}
