import type { InfoCommands } from "./info-command.js";

/** The state of a node as a whole. */
export const statisticsCommands: InfoCommands = {
  statistics: ({ node }) => {
    const { cluster } = node;
    let objects = 0;
    for (const namespace of node.namespaces) objects += namespace.objects();
    return [
      `cluster_size=${cluster.members.length}`,
      `cluster_key=${cluster.key}`,
      `cluster_principal=${cluster.principal}`,
      `cluster_integrity=${node.isReady}`,
      `cluster_is_member=${node.isReady}`,
      `uptime=${Math.floor((node.runtime.now() - node.startedAt) / 1000)}`,
      `objects=${objects}`,
      "tombstones=0",
      `client_connections=${node.sessions.size}`,
      `client_connections_opened=${node.openedSessions}`,
      `client_connections_closed=${node.openedSessions - node.sessions.size}`,
      `long_queries_active=${node.jobs.active.length}`,
      `migrate_allowed=${node.isReady}`,
      `migrate_partitions_remaining=${cluster.isMigrating ? 1 : 0}`,
    ].join(";");
  },
};
