import { infoValue } from "../../protocol/info/info-reply.js";
import { type Peer, type Peers, parsePeers } from "../../protocol/info/peers.js";
import type { ConnectionError } from "../errors/errors.js";
import type { ControlChannel } from "./control-channel.js";
import { Dialer } from "./dialer.js";
import { addressKind, asConnectionError, endpoint, type Identity, identifyAs, translate } from "./identify.js";
import type { Io } from "./io.js";
import type { ResolvedOptions } from "./options.js";

/** Asks a node for the others. Their addresses are translated already. */
export async function fetchPeers(control: ControlChannel, options: ResolvedOptions): Promise<Peers> {
  const command = `peers-${addressKind(options)}`;
  const { generation, peers } = parsePeers(infoValue(await control.ask([command]), command));
  return {
    generation,
    peers: peers
      .filter((peer) => peer.hosts.length > 0)
      .map((peer) => ({ ...peer, hosts: peer.hosts.map((address) => translate(address, options)) })),
  };
}

/**
 * Finds a peer at one of its addresses. Rejects with the last address's error when none leads there.
 * @param failures takes, by address, what came of each that does not lead there
 */
export async function findPeer(
  io: Io,
  options: ResolvedOptions,
  peer: Peer,
  failures: Map<string, ConnectionError>,
): Promise<Identity> {
  let failure: unknown;
  for (const { host, port } of peer.hosts) {
    const tlsName = peer.tlsName === "" ? undefined : peer.tlsName;
    const dialer = new Dialer(io, options, endpoint(options, host, port, tlsName));
    try {
      return await identifyAs(peer.nodeId, dialer, options);
    } catch (error) {
      failure = error;
      failures.set(dialer.address, asConnectionError(error, dialer.address));
    }
  }
  throw failure;
}
