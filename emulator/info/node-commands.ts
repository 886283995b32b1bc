import type { InfoCommands } from "./info-command.js";
import type { InfoNode } from "./info-node.js";

const FEATURES = [
  "batch-any",
  "batch-index",
  "blob-bits",
  "cdt-index",
  "cdt-list",
  "cdt-map",
  "cluster-stable",
  "float",
  "geo",
  "sindex-exists",
  "peers",
  "pipelining",
  "pquery",
  "pscans",
  "query-show",
  "relaxed-sc",
  "replicas",
  "replicas-all",
  "replicas-master",
  "replicas-max",
  "truncate-namespace",
  "udf",
];

function editionOf({ cluster }: InfoNode): string {
  return `Aerospike ${cluster.settings.isEnterprise ? "Enterprise" : "Community"} Edition`;
}

/** Who a node is and what it runs. */
export const nodeCommands: InfoCommands = {
  node: ({ node }) => node.id,
  name: ({ node }) => node.id,
  build: ({ node }) => node.build,
  edition: ({ node }) => editionOf(node),
  version: ({ node }) => `${editionOf(node)} build ${node.build}`,
  release: ({ node }) => `edition=${editionOf(node)};version=${node.build};os=emulator;arch=emulator;sha=`,
  features: () => FEATURES.join(";"),
  "compatibility-id": () => "15",
  build_os: () => "emulator",
  build_arch: () => "emulator",
  build_sha: () => "",
  build_ee_sha: () => "",
  build_time: () => "",
  status: () => "ok",
  digests: () => "RIPEMD160",
  "best-practices": () => "failed_best_practices=none",
  "health-outliers": () => "",
  "health-stats": () => "",
};
