import type { Runtime } from "../../runtime/runtime.js";
import type { Faults } from "../faults/faults.js";
import type { InfoCluster, InfoPeer } from "../info/info-node.js";
import type { Accounts } from "../security/accounts.js";
import type { RecordNode } from "./record-command.js";

/** What a node sees of the cluster that it is part of. */
export interface NodeCluster extends InfoCluster {
  readonly runtime: Runtime;
  readonly faults: Faults;
  /** Users and roles; undefined without security. */
  readonly accounts: Accounts | undefined;
  node(index: number): RecordNode & InfoPeer;
  /** Calls once the nodes that came or went are taken account of; what it returns takes the call back. */
  onceRegrouped(call: () => void): () => void;
}
