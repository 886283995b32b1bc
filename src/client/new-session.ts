import type { DecodeOptions } from "../../protocol/value/value.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import type { Behavior } from "../policy/behavior.js";
import { createSessionContext } from "../policy/session-context.js";
import type { TransactionSettings } from "../policy/transaction-settings.js";
import { Session } from "./session.js";
import { beginTransaction } from "./transactional-session.js";

export type NewSession = typeof newSession;

/** @param decode how values come back */
export function newSession(
  cluster: ClusterCore,
  behavior: Behavior,
  decode: DecodeOptions,
  transactions: TransactionSettings,
): Session {
  return new Session(createSessionContext(cluster, behavior, decode, transactions), beginTransaction);
}
