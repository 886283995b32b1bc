import type { InfoCommands } from "./info-command.js";

/** Counts of what does not happen here: heartbeats and traffic between nodes, connections of operators, refused bytes. */
const NEVER = [
  "cluster_clock_skew_stop_writes_sec",
  "cluster_clock_skew_ms",
  "tombstones",
  "info_queue",
  "info_timeout",
  "rw_in_progress",
  "proxy_in_progress",
  "tree_gc_queue",
  "admin_connections",
  "admin_connections_opened",
  "admin_connections_closed",
  ...["heartbeat", "fabric"].flatMap((kind) => ["", "_opened", "_closed"].map((end) => `${kind}_connections${end}`)),
  "heartbeat_received_self",
  "heartbeat_received_foreign",
  "batch_index_timeout",
  "batch_index_delay",
  "early_tsvc_from_proxy_error",
  "early_tsvc_from_proxy_batch_sub_error",
  ...["bulk", "ctrl", "meta", "rw"].flatMap((kind) => [`fabric_${kind}_send_rate`, `fabric_${kind}_recv_rate`]),
];

const COUNTED = ["info_complete", "batch_index_initiate", "batch_index_complete", "batch_index_error"];

/** The state of a node as a whole. */
export const statisticsCommands: InfoCommands = {
  statistics: ({ node }) => {
    const { cluster } = node;
    let objects = 0;
    for (const namespace of node.namespaces) objects += namespace.objects();
    return [
      "failed_best_practices=false",
      `cluster_size=${cluster.members.length}`,
      `cluster_key=${cluster.key}`,
      `cluster_generation=${node.rebalanceGeneration}`,
      `cluster_principal=${cluster.principal}`,
      `paxos_principal=${cluster.principal}`,
      "cluster_min_compatibility_id=15",
      "cluster_max_compatibility_id=15",
      "cluster_duplicate_nodes=null",
      "cluster_clock_skew_outliers=null",
      `cluster_integrity=${node.isReady}`,
      `cluster_is_member=${node.isReady}`,
      `uptime=${Math.floor((node.runtime.now() - node.startedAt) / 1000)}`,
      `objects=${objects}`,
      `client_connections=${node.sessions.size}`,
      `client_connections_opened=${node.openedSessions}`,
      `client_connections_closed=${node.openedSessions - node.sessions.size}`,
      `long_queries_active=${node.jobs.active.length}`,
      `migrate_allowed=${node.isReady}`,
      `migrate_partitions_remaining=${cluster.isMigrating ? 1 : 0}`,
      `time_since_rebalance=${Math.floor((node.runtime.now() - node.joinedAt) / 1000)}`,
      ...COUNTED.map((name) => `${name}=${node.counters.get(name)}`),
      ...NEVER.map((name) => `${name}=0`),
    ].join(";");
  },
};
