import type { NodeNamespace } from "../node/node-namespace.js";
import { voidTimeNow } from "../record/void-time.js";
import type { InfoNode } from "./info-node.js";

/** Counts that clients and operators look at: what was asked of the namespace, and how it ended. */
const COUNTED = [
  "client_read_success",
  "client_read_error",
  "client_read_not_found",
  "client_read_filtered_out",
  "client_write_success",
  "client_write_error",
  "client_write_filtered_out",
  "client_delete_success",
  "client_delete_error",
  "client_delete_not_found",
  "client_delete_filtered_out",
  "client_udf_success",
  "client_udf_error",
  "client_udf_filtered_out",
];

/** The statistics of a namespace that an emulated node has; what it does not measure is left out. */
export function namespaceStatistics(node: InfoNode, namespace: NodeNamespace): string[] {
  const { shared, counters } = namespace;
  const members = node.cluster.members.length;
  const masters = namespace.objects("master");
  const all = namespace.objects();
  return [
    `ns_cluster_size=${members}`,
    `effective_replication_factor=${shared.table.effectiveReplicationFactor(members)}`,
    `objects=${all}`,
    "tombstones=0",
    `master_objects=${masters}`,
    `prole_objects=${all - masters}`,
    "non_replica_objects=0",
    "dead_partitions=0",
    "unavailable_partitions=0",
    "clock_skew_stop_writes=false",
    `stop_writes=${namespace.stopWrites}`,
    "hwm_breached=false",
    `current_time=${voidTimeNow(node.runtime.wallClock())}`,
    `expired_objects=${counters.get("expired_objects")}`,
    "evicted_objects=0",
    `truncate_lut=${shared.truncatedBefore("")}`,
    "truncating=false",
    `data_avail_pct=${namespace.availablePercent}`,
    `migrate_tx_partitions_remaining=${node.cluster.isMigrating ? 1 : 0}`,
    "migrate_rx_partitions_remaining=0",
    ...COUNTED.map((name) => `${name.replace("client_udf_success", "client_udf_complete")}=${counters.get(name)}`),
  ];
}
