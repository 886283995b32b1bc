import type { NamespaceOwners } from "../../protocol/cluster/partition-map.js";
import type { Membership } from "./membership.js";

/** A node as a table has it. */
export interface TableNode {
  readonly id: string;
  /** Name or address as it is reached from here; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** With TLS only. */
  readonly tlsName?: string;
  readonly version: string;
  readonly edition?: string;
  readonly clusterName?: string;
  /** Its rack by namespace. */
  readonly racks: Readonly<Record<string, number>>;
}

/**
 * What a client knows of a cluster, as plain data: it survives JSON and `structuredClone`, and holds no secret. A client
 * that is given one (`connect(hosts, { table })`) begins where the other left off.
 */
export interface ClusterTable {
  /** Of this form. */
  readonly format: 1;
  /** When all of its nodes had last been heard, in milliseconds since 1970. */
  readonly takenAt: number;
  /** Whether the addresses are those for TLS. */
  readonly tls: boolean;
  readonly nodes: readonly TableNode[];
  readonly namespaces: readonly NamespaceOwners[];
}

/** A table older than this is not used: other clusters may have come to the addresses. */
export const OLDEST_TABLE_MS = 60_000;

/** What is known now, with its age. */
export function tableOf({ nodes, map }: Membership, tls: boolean, takenAt: number): ClusterTable {
  const known = [...nodes.values()];
  return {
    format: 1,
    takenAt,
    tls,
    nodes: known.map(({ id, endpoint, version, edition, clusterName, state }) => ({
      id,
      ...endpoint,
      version: version.toString(),
      ...(edition !== undefined && { edition }),
      ...(clusterName !== undefined && { clusterName }),
      racks: Object.fromEntries(state.racks),
    })),
    namespaces: map.toOwners(known.map(({ id }) => id)),
  };
}
