import type { ReadPolicy } from "../../protocol/command/read-policy.js";
import type { WritePolicy } from "../../protocol/command/write-policy.js";
import type { DecodeOptions } from "../../protocol/value/value.js";
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
  /** The part that reads are sent with, and how their values come back. */
  readPolicy(shape: CommandShape, namespace: string): ReadPolicy;
  /** The part that writes are sent with. Whether deletes are durable is not in it: most writes delete nothing. */
  writePolicy(shape: CommandShape, namespace: string): WritePolicy;
}

/** @param decode how values come back */
export function createSessionContext(cluster: Cluster, behavior: Behavior, decode: DecodeOptions = {}): SessionContext {
  const modeOf = (namespace: string): NamespaceMode => (cluster.isStrongConsistency(namespace) ? "sc" : "ap");
  // Each is worked out once for each kind of command: commands are many, and kinds are few.
  const commands: CommandSettings[] = [];
  const reads: ReadPolicy[] = [];
  const writes: WritePolicy[] = [];
  return {
    cluster,
    behavior,
    settings: (kind, shape, namespace) => behavior.getSettings(kind, shape, modeOf(namespace)),
    commandSettings(kind, shape, namespace) {
      const mode = modeOf(namespace);
      const cell = cellOf(kind, shape, mode);
      commands[cell] ??= commandSettingsOf(behavior.getSettings(kind, shape, mode), kind, mode);
      return commands[cell];
    },
    readPolicy(shape, namespace) {
      const mode = modeOf(namespace);
      const cell = cellOf("read", shape, mode);
      reads[cell] ??= readPolicyOf(behavior.getSettings("read", shape, mode), decode);
      return reads[cell];
    },
    writePolicy(shape, namespace) {
      const mode = modeOf(namespace);
      const cell = cellOf("writeNonRetryable", shape, mode);
      writes[cell] ??= writePolicyOf(behavior.getSettings("writeNonRetryable", shape, mode));
      return writes[cell];
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

function readPolicyOf({ readModeAp, readModeSc, readTouchTtlPercent }: Settings, decode: DecodeOptions): ReadPolicy {
  return { readModeAp, readModeSc, readTouchTtlPercent, decode };
}

function writePolicyOf({ commitLevel, sendKey }: Settings): WritePolicy {
  return { commitLevel, sendKey };
}
