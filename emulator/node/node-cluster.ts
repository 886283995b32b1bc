import type { Runtime } from "../../runtime/runtime.js";
import type { Faults } from "../faults/faults.js";
import type { InfoCluster, InfoPeer } from "../info/info-node.js";
import type { RecordNode } from "./record-command.js";

/** What a node sees of the cluster that it is part of. */
export interface NodeCluster extends InfoCluster {
  readonly runtime: Runtime;
  readonly faults: Faults;
  node(index: number): RecordNode & InfoPeer;
  /** Calls once the nodes that came or went are taken account of; what it returns takes the call back. */
  onceRegrouped(call: () => void): () => void;
}
