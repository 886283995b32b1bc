import type { Cluster } from "../cluster/cluster.js";
import type { CommandSettings } from "../cluster/options.js";
import { type Behavior, type CommandKind, type CommandShape, cellOf, type NamespaceMode } from "./behavior.js";
import type { Replica, Settings } from "./settings.js";

/** What the parts of a session share: the cluster, and how commands are to be carried out. */
export interface SessionContext {
  readonly cluster: Cluster;
  readonly behavior: Behavior;
  /** Settings in force for a command; whether the namespace is available or strongly consistent, the cluster says. */
  settings(kind: CommandKind, shape: CommandShape, namespace: string): Settings;
  /** The part of those settings that the cluster carries out: time limits, retries, replicas. */
  commandSettings(kind: CommandKind, shape: CommandShape, namespace: string): CommandSettings;
}

export function createSessionContext(cluster: Cluster, behavior: Behavior): SessionContext {
  const modeOf = (namespace: string): NamespaceMode => (cluster.isStrongConsistency(namespace) ? "sc" : "ap");
  const resolved: CommandSettings[] = [];
  return {
    cluster,
    behavior,
    settings: (kind, shape, namespace) => behavior.getSettings(kind, shape, modeOf(namespace)),
    commandSettings(kind, shape, namespace) {
      const mode = modeOf(namespace);
      const cell = cellOf(kind, shape, mode);
      resolved[cell] ??= commandSettingsOf(behavior.getSettings(kind, shape, mode), kind, mode);
      return resolved[cell];
    },
  };
}

/** Exported for tests. */
export function commandSettingsOf(settings: Settings, kind: CommandKind, mode: NamespaceMode): CommandSettings {
  const isScRead = kind === "read" && mode === "sc";
  return {
    totalTimeoutMs: settings.totalTimeout,
    socketTimeoutMs: settings.socketTimeout,
    maxRetries: settings.maxRetries,
    retryDelayMs: settings.retryDelay,
    replica: isScRead ? scReplica(settings) : settings.replica,
    linearize: isScRead && settings.readModeSc === "linearize",
  };
}

/** In a strong-consistency namespace the strict reads are the master's to answer. */
function scReplica({ readModeSc, replica }: Settings): Replica {
  if (readModeSc === "session") return "master";
  return readModeSc === "linearize" && replica === "preferRack" ? "sequence" : replica;
}
