import type { Runtime } from "../../runtime/runtime.js";
import { partitionOf } from "../record/digest.js";
import type { Partition } from "../record/partition.js";
import { Partitions } from "../record/partitions.js";
import type { StoredRecord } from "../record/stored-record.js";
import { type SecondaryIndex, SecondaryIndexes } from "../sindex/secondary-indexes.js";
import { Monitors } from "../transactions/monitors.js";
import { PartitionTable } from "./partition-table.js";

const EPOCH_MS = 1_262_304_000_000;

/** A namespace's data at one moment. */
export interface NamespaceState {
  readonly records: readonly StoredRecord[];
  readonly indexes: readonly SecondaryIndex[];
  readonly truncations: ReadonlyMap<string, number>;
}

/** Told when a set appears in a partition, so that every node that keeps the partition learns of it. */
export type SetListener = (partition: number, setName: string) => void;

/**
 * A namespace's data. The records exist once, whatever the replication factor: who may answer for them is what the
 * partition table says.
 */
export class ClusterNamespace {
  readonly name: string;
  readonly table: PartitionTable;
  readonly indexes: SecondaryIndexes;
  readonly monitors: Monitors;
  readonly #partitions = new Partitions();
  /** Partitions of nodes that are away and took the only copy with them. */
  readonly #away = new Map<number, { readonly partition: Partition; readonly holders: readonly number[] }>();
  readonly #onSet: SetListener;
  /** Milliseconds since 1970 before which everything was truncated: the namespace's under "". */
  readonly #truncations = new Map<string, number>();

  #latestSerial = 0;

  constructor(
    name: string,
    replicationFactor: number,
    members: readonly number[],
    isStronglyConsistent: boolean,
    runtime: Runtime,
    onSet: SetListener,
  ) {
    this.name = name;
    this.table = new PartitionTable(replicationFactor, members, isStronglyConsistent);
    this.indexes = new SecondaryIndexes();
    this.monitors = new Monitors(runtime, this.#partitions);
    this.#onSet = onSet;
  }

  partition(pid: number): Partition {
    return this.#partitions.get(pid);
  }

  /** Undefined for a partition that no record was ever in. */
  findPartition(pid: number): Partition | undefined {
    return this.#partitions.find(pid);
  }

  /** Those that may have records. */
  get partitions(): readonly Partition[] {
    return this.#partitions.made;
  }

  /** For a record that is made. */
  nextSerial(): number {
    return ++this.#latestSerial;
  }

  announceSet(partition: number, setName: string): void {
    this.#onSet(partition, setName);
  }

  /** Removes the records last updated before `lastUpdate`: of a set, or with "" of the whole namespace. */
  truncate(setName: string, lastUpdate: number): void {
    for (const partition of this.partitions) {
      if (setName !== "" && !partition.setCounts.has(setName)) continue;
      for (const record of partition.records()) {
        const isMeant = setName === "" || record.setName === setName;
        if (isMeant && record.lastUpdate < lastUpdate) partition.delete(record.digest);
      }
    }
    this.#truncations.set(setName, lastUpdate);
  }

  /** Forgets a truncation; what it removed stays removed. */
  undoTruncate(setName: string): void {
    this.#truncations.delete(setName);
  }

  /** Milliseconds since 2010-01-01 before which a set, or with "" the namespace, was truncated; 0 for never. */
  truncatedBefore(setName: string): number {
    const at = this.#truncations.get(setName);
    return at === undefined ? 0 : at - EPOCH_MS;
  }

  /** @throws Error while a transaction is open */
  save(): NamespaceState {
    if (this.monitors.size > 0) {
      throw new Error(`snapshot: a transaction is open in namespace "${this.name}": commit or abort it before`);
    }
    const records = this.partitions.flatMap((partition) => Array.from(partition.records(), (record) => record.copy()));
    return { records, indexes: this.indexes.all, truncations: new Map(this.#truncations) };
  }

  /** Forgets the records, transactions and truncations, and takes up those of another moment, indexes with them. */
  restore(state?: NamespaceState): void {
    this.monitors.clear();
    this.#away.clear();
    this.#truncations.clear();
    for (const partition of this.partitions) partition.clear();
    if (state === undefined) return;
    this.indexes.restore(state.indexes);
    for (const [setName, at] of state.truncations) this.#truncations.set(setName, at);
    for (const record of state.records) this.partition(partitionOf(record.digest)).put(record.copy());
  }

  /** Splits the partitions among other members of the cluster. */
  rebalance(members: readonly number[]): void {
    const lost = this.table.rebalance(members);
    for (const [pid, holders] of lost) {
      const partition = this.findPartition(pid);
      if (partition === undefined) continue;
      if (partition.size > 0 && !this.#away.has(pid)) this.#away.set(pid, { partition, holders });
      this.#partitions.forget(pid);
    }
    this.#bringBack(members);
  }

  /** A node that comes back brings what it alone had; where both sides wrote, the higher generation stays. */
  #bringBack(members: readonly number[]): void {
    for (const [pid, { partition, holders }] of this.#away) {
      if (!holders.some((node) => members.includes(node))) continue;
      this.#away.delete(pid);
      const current = this.partition(pid);
      for (const record of partition.records()) {
        const rival = current.get(record.digest);
        if (rival === undefined || rival.generation < record.generation) current.put(record);
      }
    }
  }
}
