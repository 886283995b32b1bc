import type { ClusterNode } from "../cluster/node.js";
import type { NodeLoad } from "../cluster/node-sockets.js";

/** A node of the cluster, as this client sees it. */
export interface NodeInfo {
  /** The node's own id, such as `BB9020011AC4202`. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** `host:port` that this client reaches it by. */
  readonly address: string;
  /** Version of its server, such as `8.1.2.0`. */
  readonly version: string;
  /** As the server words it, such as `Aerospike Community Edition`; undefined when it does not say. */
  readonly edition: string | undefined;
  /** How often in a row it has not replied to the question what is new; 0 as long as all is well. */
  readonly failures: number;
  /** Its rack by namespace; empty unless `racks` is set and the cluster has racks (Enterprise Edition). */
  readonly racks: Readonly<Record<string, number>>;
  /** Namespaces' partitions that it is the master of now. */
  readonly masterPartitions: Readonly<Record<string, number>>;
  /** Sockets of this client to it, open or opening. */
  readonly sockets: number;
  /** Requests that wait for their replies. */
  readonly pendingRequests: number;
  /** Requests that wait for a socket. */
  readonly waitingRequests: number;
}

export function nodeInfo(node: ClusterNode, load: NodeLoad, masterPartitions: NodeInfo["masterPartitions"]): NodeInfo {
  const { id, host, port, address, version, edition, state } = node;
  return {
    id,
    host,
    port,
    address,
    version: version.toString(),
    edition,
    failures: state.failures,
    racks: Object.fromEntries(state.racks),
    masterPartitions,
    sockets: load.sockets,
    pendingRequests: load.pending,
    waitingRequests: load.waiting,
  };
}
