import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import type { InfoCall, InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";
import type { InfoNode, InfoPeer } from "./info-node.js";
import { Longest } from "./info-params.js";
import { optionalNamespace, requiredNamespace } from "./namespace-param.js";

/** The port that addresses in lists of peers leave out. */
const DEFAULT_PORT = 3000;

/** What clients tend a cluster with. */
export const clusterCommands: InfoCommands = {
  "cluster-name": ({ node }) => node.cluster.settings.clusterName,
  "cluster-stable": clusterStable,
  "partition-generation": ({ node }) => String(node.partitionGeneration),
  "peers-generation": ({ node }) => String(node.peersGeneration),
  "rebalance-generation": ({ node }) => String(node.rebalanceGeneration),
  "peers-clear-std": (call) => peers(call, isTls(call) ? (peer) => peer.clearAddress ?? "" : shortAddress),
  "peers-tls-std": (call) => peers(withTls(call), shortAddress),
  "peers-clear-alt": ({ node }) => `${node.peersGeneration},${DEFAULT_PORT},[]`,
  "alumni-clear-std": ({ node }) => `${node.peersGeneration},${DEFAULT_PORT},[]`,
  "alumni-clear-alt": ({ node }) => `${node.peersGeneration},${DEFAULT_PORT},[]`,
  service: clearAddress,
  "service-clear-std": clearAddress,
  "service-tls-std": (call) => withTls(call).node.address,
  "service-clear-alt": () => "",
  "admin-clear-std": () => "",
  "admin-tls-std": () => "",
  services: (call) =>
    isTls(call)
      ? ""
      : otherMembers(call.node)
          .map((peer) => peer.address)
          .join(";"),
  "services-alternate": () => "",
  "services-alumni": () => "",
  "services-alumni-reset": () => "ok",
  replicas,
  "replicas-all": ({ node }) => forEachNamespace(node, (ns) => `${ns.name}:${columns(node, ns, 0)}`),
  "replicas-master": ({ node }) => forEachNamespace(node, (ns) => `${ns.name}:${bitmap(node, ns, 0)}`),
  recluster: ({ node }) => (node.cluster.recluster(node) ? "ok" : "ignored-by-non-principal"),
  revive,
  "get-sl": ({ node }) => `sl_size=${node.cluster.members.length}`,
};

/** Takes effect with the next `recluster`. */
function revive(call: InfoCall): string {
  const isEnterprise = call.node.namespaces.some(({ settings }) => settings.strongConsistency);
  if (!isEnterprise) throw new InfoError(ResultCode.ENTERPRISE_ONLY, "enterprise only");
  requiredNamespace(call, "id").shared.table.revive();
  return "ok";
}

function clusterStable(call: InfoCall): string {
  const { cluster } = call.node;
  // Until the others are missed or known, a node takes the cluster for what it was.
  if (!call.node.isReady) throw new InfoError(ResultCode.CLUSTER_KEY_MISMATCH, "unstable cluster");
  const size = call.params.optional("size", 3);
  if (size !== undefined && !/^\d+$/.test(size)) throw new InfoError(ResultCode.PARAMETER_ERROR, "bad size");
  if (size !== undefined && Number(size) !== cluster.members.length) {
    throw new InfoError(ResultCode.CLUSTER_KEY_MISMATCH, "cluster not specified size");
  }
  const ignore = call.params.optional("ignore-migrations", 5);
  if (ignore !== undefined && ignore !== "true" && ignore !== "false") {
    throw new InfoError(ResultCode.PARAMETER_ERROR, "bad ignore migrations");
  }
  if (ignore !== "true") {
    optionalNamespace(call, Longest.NAMESPACE);
    if (cluster.isMigrating) throw new InfoError(ResultCode.CLUSTER_KEY_MISMATCH, "unstable cluster");
  }
  return cluster.key;
}

function isTls({ node }: InfoCall): boolean {
  return node.cluster.settings.tlsName !== undefined;
}

/** TLS is of the Enterprise Edition. */
function withTls(call: InfoCall): InfoCall {
  if (isTls(call)) return call;
  throw new InfoError(ResultCode.ENTERPRISE_ONLY, "enterprise only");
}

/** A node has one port, where it speaks TLS or clear text, unless it was given another for that. */
function clearAddress(call: InfoCall): string {
  return isTls(call) ? (call.node.clearAddress ?? "") : call.node.address;
}

/** generation,default port,[[node id,TLS name,[host,…]],…] of the other nodes. */
function peers({ node, params }: InfoCall, addressOf: (peer: InfoPeer) => string): string {
  const since = /^generation=(\d+)/.exec(params.text)?.[1];
  const isCurrent = since !== undefined && Number(since) >= node.peersGeneration;
  const tlsName = node.cluster.settings.tlsName ?? "";
  const list = isCurrent ? [] : otherMembers(node).map((peer) => `[${peer.id},${tlsName},[${addressOf(peer)}]]`);
  return `${node.peersGeneration},${DEFAULT_PORT},[${list.join(",")}]`;
}

function shortAddress(node: InfoPeer): string {
  return node.port === DEFAULT_PORT ? node.hostInAddress : node.address;
}

function otherMembers(node: InfoNode): InfoPeer[] {
  const { cluster } = node;
  return node.isReady
    ? cluster.members.filter((index) => index !== node.index).map((index) => cluster.node(index))
    : [];
}

function replicas({ node, params }: InfoCall): string {
  const max = params.optional("max", 3);
  if (max !== undefined && !/^\d+$/.test(max)) throw new InfoError(ResultCode.PARAMETER_ERROR, "bad max");
  return forEachNamespace(node, (ns) => {
    const regime = ns.settings.strongConsistency ? ns.shared.table.regime : 0;
    return `${ns.name}:${regime},${columns(node, ns, Number(max ?? 0))}`;
  });
}

function forEachNamespace(node: InfoNode, describe: (namespace: NodeNamespace) => string): string {
  return node.namespaces.map(describe).join(";");
}

/** The bitmap of a node that owns nothing. */
const NONE = encodeBase64(new Uint8Array(PARTITIONS / 8));

/** How many replicas there are and, for each as far as asked for, a bitmap of the partitions that the node has it of. */
function columns(node: InfoNode, namespace: NodeNamespace, max: number): string {
  const all = node.isReady ? namespace.shared.table.effectiveReplicationFactor(node.cluster.members.length) : 1;
  const count = max === 0 ? all : Math.min(max, all);
  const bitmaps = Array.from({ length: count }, (_, column) => bitmap(node, namespace, column));
  return [count, ...bitmaps].join(",");
}

function bitmap(node: InfoNode, namespace: NodeNamespace, column: number): string {
  return node.isReady ? namespace.shared.table.bitmap(node.index, column) : NONE;
}
