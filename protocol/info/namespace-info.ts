import { checkNamespace } from "../check/check-names.js";
import { pairFlag, pairNumber, pairNumberIfAny, pairOrNull, parsePairs } from "./pairs.js";
import { splitParts } from "./parts.js";

// namespaces: <name>;<name>…     namespace/<name>: key=value;…     type=unknown for a namespace that the node has not

/** A namespace on one node: what is stored there, its state, and its settings. What a server does not tell is undefined. */
export interface NamespaceStat {
  /** Records here, replicas included. */
  readonly objects: number;
  /** Records that this node is the master of: summed over the nodes, the records of the namespace. */
  readonly masterObjects: number;
  /** Copies of records whose master is another node. */
  readonly replicaObjects: number;
  /** Records that do not belong here any more, while partitions move. */
  readonly nonReplicaObjects: number;
  /** Marks that durable deletes left behind. */
  readonly tombstones: number;
  /** Records whose time to live ran out, since the server was started. */
  readonly expiredObjects: number;
  /** Records that were given up for want of room, since the server was started. */
  readonly evictedObjects: number;
  /** Records that are not on all their replicas yet. */
  readonly unreplicatedRecords: number;
  /** What the index of all records takes. */
  readonly indexUsedBytes: number;
  /** What indexes on whole sets take. */
  readonly setIndexUsedBytes: number;
  /** What secondary indexes take. */
  readonly secondaryIndexUsedBytes: number;
  readonly dataUsedBytes: number;
  readonly dataTotalBytes: number | undefined;
  readonly dataUsedPercent: number | undefined;
  readonly dataAvailablePercent: number | undefined;
  /** The namespace takes no writes: no room, or the clocks of the nodes differ too much. */
  readonly stopWrites: boolean;
  /** No writes because the clocks differ. */
  readonly clockSkewStopWrites: boolean;
  /** Records are being evicted. */
  readonly highWaterMarkBreached: boolean;
  /** Records are still being removed by a truncate. */
  readonly truncating: boolean;
  /** Partitions that are yet to be sent or received. */
  readonly migratingPartitions: number;
  /** Nodes that serve the namespace, as this node sees it. */
  readonly clusterSize: number;
  /** Copies that the namespace is set to keep. */
  readonly replicationFactor: number;
  /** Copies that it keeps, as there may be fewer nodes. */
  readonly effectiveReplicationFactor: number;
  readonly strongConsistency: boolean;
  /** Partitions that may have lost records, with strong consistency, as this node sees it. */
  readonly deadPartitions: number;
  /** Partitions whose nodes are away, with strong consistency, as this node sees it. */
  readonly unavailablePartitions: number;
  /** Seconds that records live when a write does not say; 0 for ever. */
  readonly defaultTtl: number;
  /** Seconds between two searches for expired records; 0 for none. */
  readonly nsupPeriod: number;
  /** Whether a time to live is accepted although `nsupPeriod` is 0. */
  readonly allowTtlWithoutNsup: boolean;
  /** Percentage of the time to live below which a read renews it; 0 for never. */
  readonly defaultReadTouchTtlPercent: number;
  readonly maxRecordSize: number | undefined;
  /** `memory`, `device`, `pmem`. */
  readonly storageEngine: string | undefined;
  /** Where the index of all records is: `mem`, `shmem`, `pmem`, `flash`. */
  readonly indexType: string | undefined;
}

/** Asks for a namespace's statistics and settings. */
export function namespaceInfo(namespace: string): string {
  checkNamespace(namespace);
  return `namespace/${namespace}`;
}

/** The names of a node's namespaces. */
export function parseNamespaces(text: string): string[] {
  return splitParts(text, ";");
}

/** Statistics and settings by their names; undefined when the node has no such namespace. */
export function parseNamespaceInfo(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = parsePairs(text);
  return pairs.size === 0 || (pairs.size === 1 && pairs.get("type") === "unknown") ? undefined : pairs;
}

/** Reads what is known by name; older names of servers before 7.0 included. */
export function namespaceStat(pairs: ReadonlyMap<string, string>): NamespaceStat {
  return {
    objects: pairNumber(pairs, "objects"),
    masterObjects: pairNumber(pairs, "master_objects"),
    replicaObjects: pairNumber(pairs, "prole_objects"),
    nonReplicaObjects: pairNumber(pairs, "non_replica_objects"),
    tombstones: pairNumber(pairs, "tombstones"),
    expiredObjects: pairNumber(pairs, "expired_objects"),
    evictedObjects: pairNumber(pairs, "evicted_objects"),
    unreplicatedRecords: pairNumber(pairs, "unreplicated_records"),
    indexUsedBytes: pairNumber(pairs, "index_used_bytes", "memory_used_index_bytes"),
    setIndexUsedBytes: pairNumber(pairs, "set_index_used_bytes", "memory_used_set_index_bytes"),
    secondaryIndexUsedBytes: pairNumber(pairs, "sindex_used_bytes", "memory_used_sindex_bytes"),
    dataUsedBytes: pairNumber(pairs, "data_used_bytes", "device_used_bytes", "memory_used_data_bytes"),
    dataTotalBytes: pairNumberIfAny(pairs, "data_total_bytes", "device_total_bytes"),
    dataUsedPercent: pairNumberIfAny(pairs, "data_used_pct"),
    dataAvailablePercent: pairNumberIfAny(pairs, "data_avail_pct", "device_available_pct"),
    stopWrites: pairFlag(pairs, "stop_writes"),
    clockSkewStopWrites: pairFlag(pairs, "clock_skew_stop_writes"),
    highWaterMarkBreached: pairFlag(pairs, "hwm_breached"),
    truncating: pairFlag(pairs, "truncating"),
    migratingPartitions:
      pairNumber(pairs, "migrate_tx_partitions_remaining") + pairNumber(pairs, "migrate_rx_partitions_remaining"),
    clusterSize: pairNumber(pairs, "ns_cluster_size"),
    replicationFactor: pairNumber(pairs, "replication-factor"),
    effectiveReplicationFactor: pairNumber(pairs, "effective_replication_factor"),
    strongConsistency: pairFlag(pairs, "strong-consistency"),
    deadPartitions: pairNumber(pairs, "dead_partitions"),
    unavailablePartitions: pairNumber(pairs, "unavailable_partitions"),
    defaultTtl: pairNumber(pairs, "default-ttl"),
    nsupPeriod: pairNumber(pairs, "nsup-period"),
    allowTtlWithoutNsup: pairFlag(pairs, "allow-ttl-without-nsup"),
    defaultReadTouchTtlPercent: pairNumber(pairs, "default-read-touch-ttl-pct"),
    maxRecordSize: pairNumberIfAny(pairs, "max-record-size"),
    storageEngine: pairOrNull(pairs, "storage-engine"),
    indexType: pairOrNull(pairs, "index-type"),
  };
}
