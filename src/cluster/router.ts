import type { PartitionMap } from "../../protocol/cluster/partition-map.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { ClusterNode } from "./node.js";
import type { Replica } from "./options.js";

/** Where a command has been and where it goes next; it is the command's own and moves with its attempts. */
export interface RouteState {
  /** Replica index to try next, counted on past the number of replicas. */
  sequence: number;
  /** Node of the attempt before. */
  node: ClusterNode | undefined;
}

/** Racks to read from first, most preferred first. They may be others the next time. */
export interface PreferredRacks {
  readonly racks: readonly number[];
}

/** Chooses the node for a command on a partition. */
export class Router {
  readonly #map: PartitionMap;
  readonly #nodes: ReadonlyMap<string, ClusterNode>;
  readonly #runtime: Runtime;
  readonly #preferred: PreferredRacks;

  constructor(map: PartitionMap, nodes: ReadonlyMap<string, ClusterNode>, runtime: Runtime, preferred: PreferredRacks) {
    this.#map = map;
    this.#nodes = nodes;
    this.#runtime = runtime;
    this.#preferred = preferred;
  }

  /** Replica index that a command starts with. */
  firstSequence(namespace: string, replica: Replica, isWrite: boolean): number {
    if (replica !== "random" || isWrite) return 0;
    return Math.floor(this.#runtime.random() * this.#map.replicaCount(namespace));
  }

  /** Undefined when no active node owns the partition. */
  choose(
    namespace: string,
    partition: number,
    replica: Replica,
    isWrite: boolean,
    route: RouteState,
  ): ClusterNode | undefined {
    if (replica === "master") return this.#owner(namespace, partition, 0);
    if (replica === "preferRack" && !isWrite) return this.#onRack(namespace, partition, route);
    const count = this.#map.replicaCount(namespace);
    for (let i = 0; i < count; i++, route.sequence++) {
      const node = this.#owner(namespace, partition, route.sequence % count);
      if (node !== undefined) return node;
    }
    return undefined;
  }

  /** As {@link choose} for a read of many partitions: what they have in common is looked up once, so it holds for this turn. */
  chooser(namespace: string, replica: Replica): (partition: number, route: RouteState) => ClusterNode | undefined {
    if (replica === "preferRack") return (partition, route) => this.#onRack(namespace, partition, route);
    const columns = this.#map.columns(namespace);
    const [masters] = columns;
    if (replica === "master") return (partition) => this.#active(masters?.[partition]);
    const count = columns.length;
    return (partition, route) => {
      for (let i = 0; i < count; i++, route.sequence++) {
        const node = this.#active(columns[route.sequence % count]![partition]);
        if (node !== undefined) return node;
      }
      return undefined;
    };
  }

  /** A node on the most preferred rack that was not asked just now, else any other owner, else the same one again. */
  #onRack(namespace: string, partition: number, route: RouteState): ClusterNode | undefined {
    const { racks } = this.#preferred;
    const count = this.#map.replicaCount(namespace);
    let other: ClusterNode | undefined;
    let same: ClusterNode | undefined;
    for (const rack of racks) {
      for (let i = 0; i < count; i++) {
        const node = this.#owner(namespace, partition, (route.sequence + i) % count);
        if (node === undefined) continue;
        if (node === route.node) same = node;
        else if (node.state.racks.get(namespace) === rack) return node;
        else other ??= node;
      }
    }
    if (racks.length === 0) return this.choose(namespace, partition, "sequence", false, route);
    return other ?? same;
  }

  #owner(namespace: string, partition: number, replica: number): ClusterNode | undefined {
    return this.#active(this.#map.owner(namespace, partition, replica));
  }

  #active(id: string | undefined): ClusterNode | undefined {
    const node = id === undefined ? undefined : this.#nodes.get(id);
    return node?.isActive === true ? node : undefined;
  }
}
