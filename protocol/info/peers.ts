import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import { type HostPort, parseHostList } from "./host-list.js";

// The value of peers-clear-std, peers-clear-alt, peers-tls-std, peers-tls-alt:
//   <generation>,<default port>,[<peer>,<peer>…]
//   peer: [<node id>,<tls name>,[<hosts>]]     hosts as in host-list.ts
//   A node that left, in replies to peers-…:generation=<n> alone: [<node id>,,]

/** Another node of the cluster, as one node knows it. */
export interface Peer {
  readonly nodeId: string;
  /** Empty in clear lists. */
  readonly tlsName: string;
  /** Empty for a node that left. */
  readonly hosts: readonly HostPort[];
}

/** A node's view of the others; it never lists itself. */
export interface Peers {
  readonly generation: number;
  readonly peers: readonly Peer[];
}

const HEAD = /^(\d{1,20}),(\d{0,5}),/;
const SERVICE_PORT = 3000;
/** Clusters have at most 256 nodes. */
const MAX_PEERS = 1024;

/** Reads a peers list. Throws ProtocolError when it is none. */
export function parsePeers(text: string): Peers {
  const head = HEAD.exec(text);
  if (head === null) throw new ProtocolError(`${describe(text)} is no list of peers`);
  const defaultPort = head[2] === "" ? SERVICE_PORT : Number(head[2]);
  const peers = listItems(text.slice(head[0].length)).map((item) => parsePeer(item, defaultPort));
  return { generation: Number(head[1]), peers };
}

function parsePeer(text: string, defaultPort: number): Peer {
  const [nodeId = "", tlsName = "", hosts = ""] = listItems(text);
  if (!/^[0-9A-Fa-f]{1,16}$/.test(nodeId)) throw new ProtocolError(`the peer ${describe(text)} has no node id`);
  return { nodeId, tlsName, hosts: hosts === "" ? [] : parseHostList(withoutBrackets(hosts), defaultPort) };
}

/** The items of `[item,item…]`; commas within brackets of an item do not part it. */
function listItems(text: string): string[] {
  const inner = withoutBrackets(text);
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < inner.length; at++) {
    const letter = inner[at];
    if (letter === "[") depth++;
    else if (letter === "]") depth--;
    else if (letter === "," && depth === 0) {
      if (items.length === MAX_PEERS) throw new ProtocolError(`a list of peers has more than ${MAX_PEERS} items`);
      items.push(inner.slice(start, at));
      start = at + 1;
    }
    if (depth < 0) break;
  }
  if (depth !== 0) throw new ProtocolError(`the brackets of ${describe(text)} do not match`);
  if (inner !== "") items.push(inner.slice(start));
  return items;
}

function withoutBrackets(text: string): string {
  if (!text.startsWith("[") || !text.endsWith("]") || text.length < 2) {
    throw new ProtocolError(`${describe(text)} is no list in brackets`);
  }
  return text.slice(1, -1);
}
