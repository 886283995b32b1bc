import type { DecodeOptions } from "../../protocol/value/value.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import { type Behavior, type CommandKind, type CommandShape, cellOf } from "./behavior.js";
import { type CommandPolicy, commandPolicyOf } from "./command-policy.js";

/** What the parts of a session share: the cluster, and how commands are to be carried out. */
export interface SessionContext {
  readonly cluster: ClusterCore;
  readonly behavior: Behavior;
  /** What is settled about a command; whether the namespace is available or strongly consistent, the cluster says. */
  policy(kind: CommandKind, shape: CommandShape, namespace: string): CommandPolicy;
}

/** @param decode how values come back */
export function createSessionContext(
  cluster: ClusterCore,
  behavior: Behavior,
  decode: DecodeOptions = {},
): SessionContext {
  // Each is worked out once for each kind of command: commands are many, and kinds are few.
  const plain: CommandPolicy[] = [];
  const explained: CommandPolicy[] = [];
  return {
    cluster,
    behavior,
    policy(kind, shape, namespace) {
      const mode = cluster.isStrongConsistency(namespace) ? "sc" : "ap";
      const cell = cellOf(kind, shape, mode);
      const { givesErrorDetails } = cluster;
      const policies = givesErrorDetails ? explained : plain;
      policies[cell] ??= commandPolicyOf(behavior, kind, shape, mode, decode, givesErrorDetails);
      return policies[cell];
    },
  };
}
