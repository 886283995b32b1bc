import type { DecodeOptions } from "../../protocol/value/value.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import { type Behavior, type CommandKind, type CommandShape, cellOf } from "./behavior.js";
import { type CallOptions, type CallSettings, settingsOfCall } from "./call-options.js";
import type { CommandCarrier } from "./command-carrier.js";
import { type CommandPolicy, commandPolicyOf } from "./command-policy.js";
import { DEFAULT_TRANSACTIONS, type TransactionSettings } from "./transaction-settings.js";

/** What the parts of a session share: the cluster, and how commands are to be carried out. */
export interface SessionContext {
  readonly cluster: ClusterCore;
  readonly behavior: Behavior;
  /** What is settled about a command; whether the namespace is available or strongly consistent, the cluster says. */
  policy(kind: CommandKind, shape: CommandShape, namespace: string): CommandPolicy;
  /** As {@link SessionContext.policy}, with settings that a call has for itself. */
  policiesWith(own: CallSettings): SessionContext["policy"];
  /** The transaction that commands on keys are part of; undefined when they are part of none. */
  readonly transaction: TransactionScope | undefined;
  readonly transactions: TransactionSettings;
  /** The context of another session of the same cluster, in no transaction. */
  withBehavior(behavior: Behavior): SessionContext;
}

/** A transaction, to those who send commands: it carries them as the cluster does. */
export interface TransactionScope extends CommandCarrier {
  /**
   * Refuses what can't be part of a transaction, before anything is sent.
   * @param what "query(dataSet)"
   * @throws TransactionError
   */
  refuse(what: string): never;
}

/** The context of one call: the session's own where its options say nothing else. */
export function contextOfCall(context: SessionContext, options: CallOptions): SessionContext {
  const own = settingsOfCall(options);
  return own === undefined ? context : { ...context, policy: context.policiesWith(own) };
}

/** @param decode how values come back */
export function createSessionContext(
  cluster: ClusterCore,
  behavior: Behavior,
  decode: DecodeOptions = {},
  transactions: TransactionSettings = DEFAULT_TRANSACTIONS,
): SessionContext {
  const policiesWith = (own: CallSettings): SessionContext["policy"] => {
    // Each is worked out once for each kind of command: commands are many, and kinds are few.
    const plain: CommandPolicy[] = [];
    const explained: CommandPolicy[] = [];
    let { revision } = behavior;
    return (kind, shape, namespace) => {
      // A behavior out of a file may say something else than it did.
      if (behavior.revision !== revision) {
        revision = behavior.revision;
        plain.length = 0;
        explained.length = 0;
      }
      const mode = cluster.isStrongConsistency(namespace) ? "sc" : "ap";
      const cell = cellOf(kind, shape, mode);
      const { givesErrorDetails } = cluster;
      const policies = givesErrorDetails ? explained : plain;
      policies[cell] ??= commandPolicyOf(behavior, kind, shape, mode, decode, givesErrorDetails, own);
      return policies[cell];
    };
  };
  const withBehavior = (other: Behavior): SessionContext => createSessionContext(cluster, other, decode, transactions);
  const policy = policiesWith({});
  return { cluster, behavior, transaction: undefined, transactions, policy, policiesWith, withBehavior };
}
