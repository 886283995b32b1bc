import type { NamespaceReplicas } from "../info/replicas.js";
import { PARTITIONS } from "../limits.js";

/** Owners of one namespace's partitions. */
interface NamespaceTable {
  /** The latest reign that each partition was reported under. */
  readonly regimes: Uint32Array;
  /** Node ids by replica index, then partition. A column outlives a shrunken replica count, unseen. */
  readonly columns: (string | undefined)[][];
  /** Replica columns of the latest report. */
  replicaCount: number;
  /** A regime other than 0 was seen: the namespace is strongly consistent. */
  strongConsistency: boolean;
}

/** The owners of one namespace's partitions as plain data, which survives JSON. */
export interface NamespaceOwners {
  readonly name: string;
  readonly strongConsistency: boolean;
  /** The latest reign of each partition; one number where all are the same. */
  readonly regimes: number | readonly number[];
  /** By replica index, then partition: the place of the owner in a list of node ids, -1 where nobody is known. */
  readonly owners: readonly (readonly number[])[];
}

/** Which node owns which partition, put together from what each node says of itself. Plain data: no sockets, no clock. */
export class PartitionMap {
  readonly #tables = new Map<string, NamespaceTable>();

  get namespaces(): string[] {
    return [...this.#tables.keys()];
  }

  hasNamespace(namespace: string): boolean {
    return this.#tables.has(namespace);
  }

  /** Whether the namespace runs in strong consistency; false when it is unknown. */
  isStrongConsistency(namespace: string): boolean {
    return this.#tables.get(namespace)?.strongConsistency ?? false;
  }

  /** Replica columns of a namespace, the master's included; 0 when it is unknown. */
  replicaCount(namespace: string): number {
    return this.#tables.get(namespace)?.replicaCount ?? 0;
  }

  /** Id of the node that owns a partition at a replica index (0 is the master), if one said so. */
  owner(namespace: string, partition: number, replica = 0): string | undefined {
    const table = this.#tables.get(namespace);
    return table === undefined || replica >= table.replicaCount ? undefined : table.columns[replica]![partition];
  }

  /** The same of all partitions, by replica index: for whoever goes through them, who has to look them up once only. */
  columns(namespace: string): readonly (readonly (string | undefined)[])[] {
    const table = this.#tables.get(namespace);
    return table === undefined ? [] : table.columns.slice(0, table.replicaCount);
  }

  /** Partitions that a node owns at any replica index, over all namespaces. */
  ownedBy(nodeId: string): number {
    let owned = 0;
    for (const table of this.#tables.values()) {
      for (let replica = 0; replica < table.replicaCount; replica++) {
        for (const owner of table.columns[replica]!) if (owner === nodeId) owned++;
      }
    }
    return owned;
  }

  /**
   * Takes over what a node said it owns (`replicas`). A report under an older regime than a partition's own changes
   * nothing there; a node never takes away, it only claims.
   * @returns ids of the nodes that lost a partition: their own report is out of date and is to be fetched anew
   */
  merge(nodeId: string, replicas: ReadonlyMap<string, NamespaceReplicas>): Set<string> {
    const displaced = new Set<string>();
    for (const [namespace, report] of replicas) {
      const table = this.#table(namespace);
      table.replicaCount = report.columns.length;
      if (report.regime !== 0) table.strongConsistency = true;
      for (let replica = 0; replica < report.columns.length; replica++) {
        table.columns[replica] ??= new Array<string | undefined>(PARTITIONS).fill(undefined);
        claim(table, replica, report.columns[replica]!, report.regime, nodeId, displaced);
      }
    }
    return displaced;
  }

  /**
   * The map as plain data.
   * @param nodeIds those that owners are looked up in; what others own counts as nobody's
   */
  toOwners(nodeIds: readonly string[]): NamespaceOwners[] {
    const places = new Map<string | undefined, number>(nodeIds.map((id, place) => [id, place]));
    return [...this.#tables].map(([name, { regimes, columns, replicaCount, strongConsistency }]) => ({
      name,
      strongConsistency,
      regimes: regimes.every((regime) => regime === regimes[0]) ? regimes[0]! : [...regimes],
      owners: columns.slice(0, replicaCount).map((owners) => owners.map((id) => places.get(id) ?? -1)),
    }));
  }

  /** Takes the place of what is known of a namespace. @param nodeIds those that owners are looked up in */
  restore({ name, strongConsistency, regimes, owners }: NamespaceOwners, nodeIds: readonly string[]): void {
    this.#tables.set(name, {
      regimes: typeof regimes === "number" ? new Uint32Array(PARTITIONS).fill(regimes) : Uint32Array.from(regimes),
      columns: owners.map((places) => places.map((place) => nodeIds[place])),
      replicaCount: owners.length,
      strongConsistency,
    });
  }

  #table(namespace: string): NamespaceTable {
    let table = this.#tables.get(namespace);
    if (table === undefined) {
      table = { regimes: new Uint32Array(PARTITIONS), columns: [], replicaCount: 0, strongConsistency: false };
      this.#tables.set(namespace, table);
    }
    return table;
  }
}

function claim(
  table: NamespaceTable,
  replica: number,
  bitmap: Uint8Array,
  regime: number,
  nodeId: string,
  displaced: Set<string>,
): void {
  const owners = table.columns[replica]!;
  const { regimes } = table;
  for (let at = 0; at < bitmap.length; at++) {
    // From the highest bit down; of many nodes each has few.
    for (let bits = bitmap[at]!, partition = at << 3; bits !== 0; bits = (bits << 1) & 0xff, partition++) {
      if ((bits & 0x80) === 0 || regime < regimes[partition]!) continue;
      regimes[partition] = regime;
      const before = owners[partition];
      if (before === nodeId) continue;
      owners[partition] = nodeId;
      if (before !== undefined) displaced.add(before);
    }
  }
}
