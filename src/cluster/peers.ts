import { infoValue } from "../../protocol/info/info-reply.js";
import { type Peer, type Peers, parsePeers } from "../../protocol/info/peers.js";
import type { ControlChannel } from "./control-channel.js";
import { Dialer } from "./dialer.js";
import { addressKind, endpoint, type Identity, identifyAs, translate } from "./identify.js";
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

/** Finds a peer at one of its addresses. Rejects with the last address's error when none leads there. */
export async function findPeer(io: Io, options: ResolvedOptions, peer: Peer): Promise<Identity> {
  let failure: unknown;
  for (const { host, port } of peer.hosts) {
    try {
      const tlsName = peer.tlsName === "" ? undefined : peer.tlsName;
      return await identifyAs(peer.nodeId, new Dialer(io, options, endpoint(options, host, port, tlsName)), options);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
