import { ServerVersion } from "../../protocol/info/server-version.js";
import type { ClusterNode } from "./node.js";

/** What servers learned after 6.0, with the version that brought it. */
const FEATURES = {
  /** Secondary indexes of places inside lists and maps. */
  nestedIndex: "6.1",
  /** Secondary indexes of bytes. */
  blobIndex: "7.0",
  /** Reads that renew the time to live. */
  readTouch: "7.1",
  /** Transactions over several records. Enterprise Edition, in namespaces with strong consistency. */
  transactions: "8.0",
  /** Secondary indexes of what expressions give. */
  expressionIndex: "8.1",
  /** Paths that lead to several elements of lists and maps. */
  paths: "8.1.1",
  /** Bins of queries that are computed by the server. */
  computedBins: "8.1.2",
  /** Indexes of which records a set has. */
  setIndex: "8.1.2",
  /** Operations on strings. */
  stringOperations: "8.2",
  /** Servers that read text expressions themselves. */
  serverAel: "8.2",
  /** Servers that choose the index of a query. */
  serverIndexChoice: "8.2",
  /** Errors with sub code, the server's words and where an expression failed. */
  errorDetails: "8.2",
} as const;

/** A name for `cluster.supports`. */
export type ServerFeature = keyof typeof FEATURES;

/** All names that there are. */
export const serverFeatures: readonly string[] = Object.keys(FEATURES);

export function isServerFeature(name: unknown): name is ServerFeature {
  return typeof name === "string" && Object.hasOwn(FEATURES, name);
}

/** Whether every one of the nodes has it; false when there are none. */
export function allSupport(nodes: readonly ClusterNode[], feature: ServerFeature): boolean {
  const needed = ServerVersion.parse(FEATURES[feature]);
  const isEnterpriseOnly = feature === "transactions";
  return (
    nodes.length > 0 &&
    nodes.every(
      ({ version, edition }) =>
        version.compare(needed) >= 0 && !(isEnterpriseOnly && edition?.includes("Community") === true),
    )
  );
}
