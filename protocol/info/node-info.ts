import { pairFlag, pairNumber, pairNumberIfAny, pairOrNull } from "./pairs.js";

// The value of `statistics`: key=value;…, the state of a node as a whole.

/** What a node tells of itself. What a server does not tell is undefined. */
export interface NodeStat {
  readonly uptimeSeconds: number;
  /** Nodes in the cluster, as this node sees it. */
  readonly clusterSize: number;
  /** The same on every node of one cluster; changes with its members. */
  readonly clusterKey: string;
  /** Id of the node that leads the others. */
  readonly principal: string | undefined;
  /** Whether this node sees the same cluster as the others. */
  readonly hasClusterIntegrity: boolean;
  /** How far the clocks of the nodes are apart, in ms. */
  readonly clusterClockSkewMs: number | undefined;
  /** Records here, of all namespaces, replicas included. */
  readonly objects: number;
  /** Sockets of clients now. */
  readonly clientConnections: number;
  /** Queries and jobs that are running. */
  readonly longQueriesActive: number | undefined;
  /** Partitions that are yet to be sent or received. */
  readonly migratingPartitions: number;
  readonly systemFreeMemoryPercent: number | undefined;
  readonly processCpuPercent: number | undefined;
  readonly systemCpuPercent: number | undefined;
}

export function nodeStat(pairs: ReadonlyMap<string, string>): NodeStat {
  return {
    uptimeSeconds: pairNumber(pairs, "uptime"),
    clusterSize: pairNumber(pairs, "cluster_size"),
    clusterKey: pairs.get("cluster_key") ?? "",
    principal: pairOrNull(pairs, "cluster_principal"),
    hasClusterIntegrity: pairFlag(pairs, "cluster_integrity"),
    clusterClockSkewMs: pairNumberIfAny(pairs, "cluster_clock_skew_ms"),
    objects: pairNumber(pairs, "objects"),
    clientConnections: pairNumber(pairs, "client_connections"),
    longQueriesActive: pairNumberIfAny(pairs, "long_queries_active"),
    migratingPartitions: pairNumber(pairs, "migrate_partitions_remaining"),
    systemFreeMemoryPercent: pairNumberIfAny(pairs, "system_free_mem_pct"),
    processCpuPercent: pairNumberIfAny(pairs, "process_cpu_pct"),
    systemCpuPercent: pairNumberIfAny(pairs, "system_total_cpu_pct"),
  };
}
