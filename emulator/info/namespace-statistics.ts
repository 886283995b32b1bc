import type { NodeNamespace } from "../node/node-namespace.js";
import { voidTimeNow } from "../record/void-time.js";
import { IndexSource } from "../sindex/index-definition.js";
import type { InfoNode } from "./info-node.js";

/** Bytes that a server takes for each record in the index of all records. */
const INDEX_ENTRY_BYTES = 64;
/** A server's index on bins starts with this much, and an entry of its index on a set takes this much. */
export const SINDEX_ARENA_BYTES = 16 * 1024 * 1024;
const SET_INDEX_ENTRY_BYTES = 16;

const COMMON = "{read,write,delete,udf}_{error,timeout,filtered_out} {read,write,delete}_success udf_complete";
const MISSING = "{read,delete}_not_found tsvc_{error,timeout}";

/**
 * What is counted, by the server's names; braces stand for each of the words in them. Much of it is 0 for ever, as nothing
 * of the kind happens here: proxies, replicas that are asked again, transactions, other clusters.
 */
const COUNTED = [
  ...["client", "batch_sub", "from_proxy", "from_proxy_batch_sub"].map((origin) => prefixed(origin, COMMON, MISSING)),
  "client_proxy_{complete,error,timeout} batch_sub_proxy_{complete,error,timeout}",
  "xdr_client_{write,delete}_{success,error,timeout} xdr_client_delete_not_found",
  "xdr_from_proxy_{write,delete}_{success,error,timeout} xdr_from_proxy_delete_not_found",
  "{udf_sub,ops_sub}_tsvc_{error,timeout} udf_sub_udf_{complete,error,timeout,filtered_out}",
  "ops_sub_write_{success,error,timeout,filtered_out}",
  "dup_res_{ask,respond_read,respond_no_read} retransmit_all_{read,write,delete,udf}_dup_res",
  "retransmit_all_batch_sub_{read,write,delete,udf}_dup_res retransmit_{udf_sub,ops_sub}_{dup_res,repl_write}",
  "retransmit_all_{read,batch_sub_read}_repl_ping retransmit_all_{write,delete,udf}_repl_write",
  "retransmit_all_batch_sub_{write,delete,udf}_repl_write",
  "{pi,si}_query_short_basic_{complete,error,timeout} {pi,si}_query_long_basic_{complete,error,abort}",
  "{pi,si}_query_{aggr,udf_bg,ops_bg}_{complete,error,abort}",
  "re_repl_tsvc_{error,timeout} re_repl_{success,error,timeout}",
  "mrt_{verify_read,roll_forward,roll_back}_{success,error,timeout}",
  "mrt_monitor_{roll_forward,roll_back}_{success,error,timeout} mrt_monitor_roll_tombstone_creates",
  "fail_{xdr_forbidden,key_busy,xdr_key_busy,generation,record_too_big,client_lost_conflict,xdr_lost_conflict}",
  "fail_mrt_{blocked,version_mismatch} xdr_tombstones xdr_bin_cemeteries nsup_xdr_key_busy",
  "{tombstones,master_tombstones,prole_tombstones,non_replica_tombstones,non_replica_objects,unreplicated_records}",
  "ttl_reductions_{ignored,applied} deleted_last_bin read_touch_{success,error,timeout,skip} read_touch_tsvc_{error,timeout}",
  "auto_revived_partitions expired_objects evicted_objects evict_ttl",
  "evict_void_time smd_evict_void_time nodes_quiesced appeals_{tx_active,rx_active,tx_remaining,records_exonerated}",
]
  .flatMap((line) => line.split(" "))
  .flatMap(expanded);

/** The statistics of a namespace that an emulated node has; what it does not measure is left out. */
export function namespaceStatistics(node: InfoNode, namespace: NodeNamespace): string[] {
  const { shared, counters } = namespace;
  const members = node.cluster.members.length;
  const masters = namespace.objects("master");
  const all = namespace.objects();
  const moving = node.cluster.isMigrating ? 1 : 0;
  const { dead, unavailable } = shared.table.outOfReach;
  return [
    `ns_cluster_size=${members}`,
    `effective_replication_factor=${shared.table.effectiveReplicationFactor(members)}`,
    `objects=${all}`,
    `master_objects=${masters}`,
    `prole_objects=${all - masters}`,
    `non_expirable_objects=${namespace.nonExpirableObjects()}`,
    `mrt_monitors=${shared.monitors.size}`,
    `mrt_monitors_active=${shared.monitors.size}`,
    `mrt_provisionals=${shared.partitions.reduce((sum, { lockedCount }) => sum + lockedCount, 0)}`,
    `dead_partitions=${dead}`,
    `unavailable_partitions=${unavailable}`,
    "clock_skew_stop_writes=false",
    `stop_writes=${namespace.stopWrites}`,
    "hwm_breached=false",
    `current_time=${voidTimeNow(node.runtime.wallClock())}`,
    `truncate_lut=${shared.truncatedBefore("")}`,
    "truncating=false",
    `index_used_bytes=${all * INDEX_ENTRY_BYTES}`,
    `set_index_used_bytes=${setIndexBytes(namespace)}`,
    `sindex_used_bytes=${binIndexes(namespace) * SINDEX_ARENA_BYTES}`,
    `data_used_bytes=${namespace.usedBytes()}`,
    "data_used_pct=0",
    `data_avail_pct=${namespace.availablePercent}`,
    "data_compression_ratio=1.000",
    "pending_quiesce=false",
    "effective_is_quiesced=false",
    "effective_prefer_uniform_balance=false",
    "effective_active_rack=0",
    `migrate_tx_partitions_remaining=${moving}`,
    `migrate_tx_partitions_active=${moving}`,
    "migrate_rx_partitions_remaining=0",
    "migrate_rx_partitions_active=0",
    ...COUNTED.map((name) => `${name}=${counters.get(name)}`),
  ];
}

/** What the indexes on sets take, all of a namespace together: servers tell no more of one alone. */
export function setIndexBytes(namespace: NodeNamespace): number {
  let entries = 0;
  for (const { definition } of namespace.shared.indexes.all) {
    if (definition.source === IndexSource.SET) entries += namespace.objectsInSet(definition.setName);
  }
  return entries * SET_INDEX_ENTRY_BYTES;
}

function binIndexes(namespace: NodeNamespace): number {
  return namespace.shared.indexes.all.filter(({ definition }) => definition.source !== IndexSource.SET).length;
}

function prefixed(prefix: string, ...lines: readonly string[]): string {
  return lines
    .flatMap((line) => line.split(" "))
    .map((name) => `${prefix}_${name}`)
    .join(" ");
}

/** The names that a name with words in braces stands for. */
function expanded(name: string): string[] {
  const match = /^(.*?)\{(.*?)\}(.*)$/.exec(name);
  if (match === null) return [name];
  const [, before = "", words = "", after = ""] = match;
  return words.split(",").flatMap((word) => expanded(`${before}${word}${after}`));
}
