import type { IndexStat } from "../../protocol/info/index-info.js";
import type { NamespaceStat } from "../../protocol/info/namespace-info.js";
import type { SetInfo } from "../../protocol/info/set-info.js";
import { agreed, all, any, first, least, most, type Rules, sum } from "./merge.js";

/** Settings that nodes may differ in: undefined while they do. */
type Settings<T, K extends keyof T> = { readonly [N in K]: T[N] | undefined };

type NamespaceSetting =
  | "replicationFactor"
  | "strongConsistency"
  | "defaultTtl"
  | "nsupPeriod"
  | "allowTtlWithoutNsup"
  | "defaultReadTouchTtlPercent"
  | "maxRecordSize"
  | "storageEngine"
  | "indexType";

/**
 * A namespace over all nodes, or on one of them. Over all nodes, counters are sums, so that `objects` counts every copy of
 * a record and `masterObjects` each record once; flags of trouble are true when they are on one node; a setting is
 * undefined while the nodes differ.
 */
export interface NamespaceDetails
  extends Omit<NamespaceStat, NamespaceSetting>,
    Settings<NamespaceStat, NamespaceSetting> {}

export const namespaceRules: Rules<NamespaceDetails> = {
  objects: sum,
  masterObjects: sum,
  replicaObjects: sum,
  nonReplicaObjects: sum,
  tombstones: sum,
  expiredObjects: sum,
  evictedObjects: sum,
  unreplicatedRecords: sum,
  indexUsedBytes: sum,
  setIndexUsedBytes: sum,
  secondaryIndexUsedBytes: sum,
  dataUsedBytes: sum,
  dataTotalBytes: sum,
  dataUsedPercent: most,
  dataAvailablePercent: least,
  stopWrites: any,
  clockSkewStopWrites: any,
  highWaterMarkBreached: any,
  truncating: any,
  migratingPartitions: sum,
  clusterSize: least,
  replicationFactor: agreed,
  effectiveReplicationFactor: least,
  strongConsistency: agreed,
  deadPartitions: most,
  unavailablePartitions: most,
  defaultTtl: agreed,
  nsupPeriod: agreed,
  allowTtlWithoutNsup: agreed,
  defaultReadTouchTtlPercent: agreed,
  maxRecordSize: agreed,
  storageEngine: agreed,
  indexType: agreed,
};

type SetSetting = "defaultTtl" | "stopWritesCount" | "stopWritesSize" | "evictionDisabled";

/**
 * A set over all nodes, or on one of them. Over all nodes, counters are sums: `objects` counts every copy of a record. How
 * many records there are, `session.query(set).count()` tells.
 */
export interface SetDetails extends Omit<SetInfo, SetSetting | "values">, Settings<SetInfo, SetSetting> {}

export const setRules: Rules<SetDetails> = {
  namespace: first,
  setName: first,
  objects: sum,
  tombstones: sum,
  dataUsedBytes: sum,
  secondaryIndexes: most,
  setIndexEnabled: all,
  setIndexPopulating: any,
  truncating: any,
  defaultTtl: agreed,
  stopWritesCount: agreed,
  stopWritesSize: agreed,
  evictionDisabled: agreed,
};

/**
 * How far an index is and what is in it, over all nodes or on one of them. Over all nodes, entries and bytes are sums,
 * `loadPercent` is that of the node that is least far, 0 when one does not have it yet, and the averages are the largest.
 */
export interface IndexDetails extends IndexStat {
  /** Whether it can be queried: built on this node, or on every node. */
  readonly readable: boolean;
}

export const indexRules: Rules<IndexDetails> = {
  loadPercent: least,
  readable: all,
  entries: sum,
  usedBytes: sum,
  entriesPerValue: most,
  entriesPerRecord: most,
};
