import { parseInfoError } from "../../protocol/info/info-error.js";
import { namespaceInfo, namespaceStat, parseNamespaceInfo } from "../../protocol/info/namespace-info.js";
import { pairNumber, parsePairs } from "../../protocol/info/pairs.js";
import { ResultCode } from "../../protocol/result-code.js";
import { expectInfoValue, parseInfo } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { NodeSigns } from "./politeness.js";

/** What one node says of itself and of a namespace, at one moment. */
interface NodeView {
  readonly node: string;
  /** Names the cluster as it is; undefined while it changes, or partitions move. */
  readonly clusterKey: string | undefined;
  /** Nodes of the cluster, as this node sees it. */
  readonly clusterSize: number;
  readonly stopWrites: boolean;
  readonly clockSkewStopWrites: boolean;
  readonly deviceQueue: number;
  readonly writesInProgress: number;
  /** Since the node was started. */
  readonly busyKeys: number;
  readonly timeouts: number;
  readonly expired: number;
  readonly evicted: number;
  /** Commands that clients have sent to the namespace, since the node was started. */
  readonly clientCommands: number;
}

/** The nodes as they were at one moment. */
export interface ClusterView {
  /** By id, sorted. */
  readonly nodes: readonly string[];
  /** Why work on every record once can't be given to the servers now; undefined when it can. */
  readonly trouble: string | undefined;
  /** Names the cluster as it is: the same as long as no node comes or goes and no partition moves. Empty in trouble. */
  readonly clusterKey: string;
  readonly views: readonly NodeView[];
}

/** Asks every node. What does not reply is trouble; throws what ends the operation as a whole. */
export async function viewCluster(
  { cluster }: SessionContext,
  namespace: string,
  deadline: Deadline,
): Promise<ClusterView> {
  const nodes = [...cluster.nodes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ids = nodes.map(({ id }) => id);
  if (nodes.length === 0) {
    return { nodes: ids, trouble: "no node of the cluster can be reached", clusterKey: "", views: [] };
  }
  const command = [`cluster-stable:namespace=${namespace}`, namespaceInfo(namespace), "statistics"] as const;
  const views = await Promise.all(
    nodes.map(async (node) => {
      try {
        const reply = await cluster.info(node, command, cluster.forQuestion(deadline));
        return viewOf(node, namespace, command, reply);
      } catch (error) {
        if (!(error instanceof AerospikeError) || error instanceof AbortError || error.code === "CLIENT_CLOSED") {
          throw error;
        }
        deadline.throwIfAborted("look at the cluster");
        return `node ${node.id} does not reply: ${error.message}`;
      }
    }),
  );
  const silent = views.find((view) => typeof view === "string");
  const seen = views.filter((view) => typeof view !== "string");
  const trouble = silent ?? troubleOf(seen, cluster.unreached());
  return { nodes: ids, trouble, clusterKey: trouble === undefined ? (seen[0]?.clusterKey ?? "") : "", views: seen };
}

function troubleOf(views: readonly NodeView[], unreached: string): string | undefined {
  const unstable = views.find(({ clusterKey }) => clusterKey === undefined);
  if (unstable !== undefined) return `partitions are migrating, or nodes come or go (node ${unstable.node})`;
  if (new Set(views.map(({ clusterKey }) => clusterKey)).size > 1) return "the nodes see different clusters";
  const larger = views.find(({ clusterSize }) => clusterSize !== views.length);
  if (larger !== undefined) {
    return `the cluster has ${larger.clusterSize} nodes, and this client knows ${views.length}${unreached}`;
  }
  const full = views.find(({ stopWrites }) => stopWrites);
  if (full === undefined) return undefined;
  const why = full.clockSkewStopWrites ? "the clocks of the nodes differ too much" : "stop-writes";
  return `node ${full.node} takes no writes (${why})`;
}

function viewOf(
  { id }: ClusterNode,
  namespace: string,
  [stable, space, statistics]: readonly [string, string, string],
  reply: ReadonlyMap<string, string>,
): NodeView {
  const about = { operation: "look at the cluster", node: id, namespace };
  const pairs = parseInfo(reply.get(space) ?? "", about, parseNamespaceInfo) ?? new Map<string, string>();
  const node = parsePairs(expectInfoValue(reply.get(statistics) ?? "", about));
  const { stopWrites, clockSkewStopWrites, expiredObjects, evictedObjects } = namespaceStat(pairs);
  return {
    node: id,
    clusterKey: clusterKeyOf(reply.get(stable) ?? "", about),
    clusterSize: pairNumber(node, "cluster_size"),
    stopWrites: stopWrites || clockSkewStopWrites,
    clockSkewStopWrites,
    deviceQueue: deviceQueueOf(pairs),
    writesInProgress: pairNumber(node, "rw_in_progress"),
    busyKeys: pairNumber(pairs, "fail_key_busy"),
    timeouts: sumOf(pairs, /^(client|batch_sub)_(read|write|delete|udf|tsvc)_timeout$/),
    expired: expiredObjects,
    evicted: evictedObjects,
    clientCommands: sumOf(pairs, /^(client|batch_sub)_(read|write|delete|udf)_success$/),
  };
}

function clusterKeyOf(value: string, about: { readonly operation: string; readonly node: string }): string | undefined {
  if (parseInfoError(value)?.code === ResultCode.CLUSTER_KEY_MISMATCH) return undefined;
  return expectInfoValue(value, about);
}

function sumOf(pairs: ReadonlyMap<string, string>, name: RegExp): number {
  let sum = 0;
  for (const key of pairs.keys()) if (name.test(key)) sum += pairNumber(pairs, key);
  return sum;
}

const MEBIBYTE = 1024 * 1024;

/** The fullest of the queues of blocks, of what the namespace allows a device to have. */
function deviceQueueOf(pairs: ReadonlyMap<string, string>): number {
  const most = pairNumber(pairs, "storage-engine.max-write-cache");
  if (most === 0) return 0;
  const block = pairNumber(pairs, "storage-engine.flush-size", "storage-engine.write-block-size") || MEBIBYTE;
  let queued = 0;
  for (const key of pairs.keys()) {
    if (/^storage-engine\.(device|file)\[\d+\]\.(shadow_)?write_q$/.test(key))
      queued = Math.max(queued, pairNumber(pairs, key));
  }
  return (queued * block) / most;
}

/** What nodes say between two moments. A node that was not there before says nothing yet. */
export function signsBetween(before: ClusterView | undefined, after: ClusterView): NodeSigns[] {
  return after.views.map((view) => {
    const first = before?.views.find(({ node }) => node === view.node) ?? view;
    return {
      node: view.node,
      deviceQueue: view.deviceQueue,
      writesInProgress: view.writesInProgress,
      busyKeys: Math.max(0, view.busyKeys - first.busyKeys),
      timeouts: Math.max(0, view.timeouts - first.timeouts),
    };
  });
}

/** Records of the namespace that expired or were evicted since the nodes were started. */
export function goneBySelf({ views }: ClusterView): { readonly expired: number; readonly evicted: number } {
  let expired = 0;
  let evicted = 0;
  for (const view of views) {
    expired += view.expired;
    evicted += view.evicted;
  }
  return { expired, evicted };
}
