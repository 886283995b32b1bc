import { ConnectionError } from "../errors/errors.js";
import type { Membership } from "./membership.js";
import type { ResolvedOptions } from "./options.js";
import { describePeer, type UnreachedPeer } from "./unreached.js";

/**
 * Why `connect` found nodes and still can't go on: each announced address that was tried, what came of it, and what to
 * do. In containers and behind address translation, servers announce addresses that are reachable only from within.
 */
export function notReadyError(
  members: Membership,
  unreached: readonly UnreachedPeer[],
  options: ResolvedOptions,
): ConnectionError {
  const nodes = members.list.map((node) => `${node}`).join(", ");
  const why =
    members.map.namespaces.length === 0
      ? "no node has said which partitions it owns"
      : `${members.countMissing()} partitions have no master among the nodes that could be reached`;
  const lines = [
    `The cluster did not become ready within ${options.readyTimeoutMs} ms: ${why} (${nodes === "" ? "no node" : nodes})`,
    ...(unreached.length > 0 ? adviseOnAddresses(unreached, options) : adviseOnKind(members, options)),
  ];
  const causes = unreached.flatMap(({ failures }) => [...failures.values()]);
  const message = lines.join("\n");
  return new ConnectionError(message, {
    cause: causes.length > 1 ? new AggregateError(causes, "Announced addresses could not be reached") : causes[0],
  });
}

function adviseOnAddresses(unreached: readonly UnreachedPeer[], options: ResolvedOptions): string[] {
  const kind = options.useServicesAlternate ? "alternate-access-address" : "access-address";
  const advice = [
    `set ${options.tls ? "tls-" : ""}${kind} in the servers' network.service to addresses that can be reached from here`,
    "replace the announced addresses with the option ipMap",
  ];
  if (!options.useServicesAlternate) {
    advice.push("use the addresses that the servers have configured as alternate (option useServicesAlternate)");
  }
  return [
    "Other nodes announce addresses that could not be reached from here:",
    ...unreached.map((peer) => `  ${describePeer(peer, options)}`),
    `Either ${advice.slice(0, -1).join(", or ")}, or ${advice.at(-1)}.`,
    FAIL_IF_NOT_CONNECTED,
  ];
}

const FAIL_IF_NOT_CONNECTED =
  "With failIfNotConnected: false, connect resolves with the nodes that can be reached and goes on trying the others.";

/** Nodes list each other only under the kind of address that they have configured. */
function adviseOnKind(members: Membership, options: ResolvedOptions): string[] {
  if (members.list.some((node) => (node.state.peers?.length ?? 0) > 0)) return [];
  if (options.useServicesAlternate) {
    return [
      "Alternate addresses were asked for (option useServicesAlternate), and no node announces any: set " +
        `${options.tls ? "tls-" : ""}alternate-access-address in the servers' network.service, or leave the option out.`,
      FAIL_IF_NOT_CONNECTED,
    ];
  }
  if (options.tls) {
    return [
      "No node announces other nodes with an address for TLS: set tls-port and tls-access-address in the servers' network.service.",
      FAIL_IF_NOT_CONNECTED,
    ];
  }
  return [];
}
