import { type NamespaceOwners, PartitionMap } from "../../protocol/cluster/partition-map.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { allSupport } from "./features.js";
import type { ClusterNode } from "./node.js";

/** What is known of the cluster: its nodes, and which partition each owns. The tend keeps it up to date. */
export class Membership {
  readonly map = new PartitionMap();
  /** By id. */
  readonly nodes = new Map<string, ClusterNode>();
  #list: readonly ClusterNode[] | undefined;
  #givesErrorDetails: boolean | undefined;
  #isReady = false;
  #whenReady: (() => void) | undefined;

  /** Whether the map was complete at some time. From then on it is sure which namespaces there are. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** The nodes that are active now; a new array only when they change. */
  get list(): readonly ClusterNode[] {
    this.#list ??= [...this.nodes.values()];
    return this.#list;
  }

  /** Whether every node can explain its errors; looked up for every command. */
  get givesErrorDetails(): boolean {
    this.#givesErrorDetails ??= allSupport(this.list, "errorDetails");
    return this.#givesErrorDetails;
  }

  /** The oldest server's version; undefined without nodes. */
  get minVersion(): ServerVersion | undefined {
    let oldest: ServerVersion | undefined;
    for (const { version } of this.nodes.values()) {
      if (oldest === undefined || version.compare(oldest) < 0) oldest = version;
    }
    return oldest;
  }

  /** Resolves once the map is complete; at once when it was before. */
  ready(): Promise<void> {
    if (this.#isReady) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenReady = resolve;
    });
  }

  /** Takes note that nodes or map may have changed. */
  onNews(): void {
    this.#list = undefined;
    this.#givesErrorDetails = undefined;
    if (this.#isReady || !this.#isComplete()) return;
    this.#isReady = true;
    this.#whenReady?.();
  }

  /** Takes over a map that was complete. @param nodeIds those that owners are looked up in */
  restore(namespaces: readonly NamespaceOwners[], nodeIds: readonly string[]): void {
    for (const namespace of namespaces) this.map.restore(namespace, nodeIds);
    this.#isReady = true;
    this.onNews();
  }

  /** Partitions of each node that is their master now. Partitions without an active master are with no node. */
  partitionsByMaster(namespace: string): Map<ClusterNode, number[]> {
    const byMaster = new Map<ClusterNode, number[]>();
    const [masters = []] = this.map.columns(namespace);
    for (let partition = 0; partition < masters.length; partition++) {
      const node = this.#active(masters[partition]);
      if (node === undefined) continue;
      const partitions = byMaster.get(node);
      if (partitions === undefined) byMaster.set(node, [partition]);
      else partitions.push(partition);
    }
    return byMaster;
  }

  /** Partitions without a master that is an active node, over all namespaces. */
  countMissing(): number {
    return this.#countMissing(Number.POSITIVE_INFINITY);
  }

  /** The same, as far as it is of interest. */
  #countMissing(most: number): number {
    let missing = 0;
    const everyoneWasHeard = this.#everyoneWasHeard;
    for (const namespace of this.map.namespaces) {
      // Strong consistency has dead partitions, which nobody may serve until an operator steps in.
      if (everyoneWasHeard && this.map.isStrongConsistency(namespace)) continue;
      const [masters = []] = this.map.columns(namespace);
      missing += PARTITIONS - masters.length;
      for (let partition = 0; partition < masters.length; partition++) {
        if (this.#active(masters[partition]) !== undefined) continue;
        if (++missing >= most) return missing;
      }
    }
    return missing;
  }

  /** Whether every node that others know is one of these, and has said what it owns. */
  get #everyoneWasHeard(): boolean {
    return this.list.every(
      ({ state: { peers, partitionGeneration } }) =>
        partitionGeneration >= 0 && peers?.every(({ nodeId }) => this.nodes.has(nodeId)) === true,
    );
  }

  #isComplete(): boolean {
    return this.map.namespaces.length > 0 && this.#countMissing(1) === 0;
  }

  #active(id: string | undefined): ClusterNode | undefined {
    const node = id === undefined ? undefined : this.nodes.get(id);
    return node?.isActive === true ? node : undefined;
  }
}
