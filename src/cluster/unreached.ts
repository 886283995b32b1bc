import type { ConnectionError } from "../errors/errors.js";
import type { ResolvedOptions } from "./options.js";

/** A node that others announce and that none of its addresses led to. */
export interface UnreachedPeer {
  readonly nodeId: string;
  /** What came of each address that was tried, by address; empty while the first attempt is under way. */
  readonly failures: ReadonlyMap<string, ConnectionError>;
}

/** `; could not be reached: node A2: No connection to …`, for the error of a command that no node serves; else empty. */
export function describeUnreached(unreached: readonly UnreachedPeer[], options: ResolvedOptions): string {
  if (unreached.length === 0) return "";
  return `; could not be reached: ${unreached.map((peer) => describePeer(peer, options)).join("; ")}`;
}

export function describePeer({ nodeId, failures }: UnreachedPeer, options: ResolvedOptions): string {
  if (failures.size === 0) return `node ${nodeId}: no attempt has ended yet`;
  const tried = [...failures].map(([address, error]) => {
    const reason = error.message.includes(address) ? error.message : `${address}: ${error.message}`;
    return `${reason}${mappedFrom(address, options)}`;
  });
  return `node ${nodeId}: ${tried.join("; ")}`;
}

function mappedFrom(address: string, { ipMap }: ResolvedOptions): string {
  for (const [announced, used] of ipMap) {
    if (address.startsWith(`${used}:`) || address.startsWith(`[${used}]:`))
      return ` (ipMap, announced as ${announced})`;
  }
  return "";
}
