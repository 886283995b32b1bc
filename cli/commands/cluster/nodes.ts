import type { Command } from "commander";
import type { Cluster, NodeInfo, NodeStat, Session } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { clusterWords } from "../../confirm.js";
import { bytes, count, duration } from "../../output/numbers.js";
import { toJson } from "../../output/to-json.js";

/** So many questions decide about the latency of a node. */
const PINGS = 5;

interface NodeRow {
  readonly node: NodeInfo;
  readonly stat: NodeStat | undefined;
  /** Rack by namespace, where the node has one. */
  readonly racks: string;
  /** Median of some small questions. */
  readonly latencyMs: number;
}

export function addNodes(program: Command, cli: Cli): void {
  const command = program
    .command("nodes")
    .description("the cluster at a glance")
    .option("--json", "one object")
    .action(
      cli.action(async ({ json }: { readonly json?: boolean }) => {
        const { screen, signal } = cli;
        const { open, session } = await cli.session(command);
        const { cluster } = open;
        const rows = await nodeRows(cli, session, cluster);
        const namespaces = await Promise.all(
          [...cluster.namespaces]
            .sort()
            .map(async (name) => [name, await session.info().namespaceDetails(name, { signal })] as const),
        );
        const isStable = await session.info().isClusterStable({ signal });
        if (json === true) {
          return screen.print(
            toJson({
              cluster: open.name,
              name: cluster.clusterName,
              isStable,
              nodes: rows,
              namespaces: new Map(namespaces),
            }),
          );
        }
        const skew = Math.max(...rows.map(({ stat }) => stat?.clusterClockSkewMs ?? 0));
        const named = cluster.clusterName === undefined ? "" : `, named ${cluster.clusterName}`;
        await screen.print(
          `${clusterWords(open)}${named}: ${isStable ? "stable" : screen.colors.yellow("not stable")}, clocks ${duration(skew)} apart`,
        );
        await screen.print("");
        await screen.table(
          NODE_COLUMNS,
          rows.map((row) => nodeCells(row, cluster)),
        );
        await screen.print("");
        await screen.table(
          NAMESPACE_COLUMNS,
          namespaces.map(([name, details]) => [
            name,
            count(details?.masterObjects),
            `${details?.effectiveReplicationFactor ?? "?"} of ${details?.replicationFactor ?? "?"}`,
            details?.strongConsistency === true ? "strong" : "available",
            details?.storageEngine ?? "?",
            bytes(details?.dataUsedBytes),
            details?.dataUsedPercent === undefined ? "" : `${details.dataUsedPercent}%`,
            trouble(details),
          ]),
        );
      }),
    );
}

const NODE_COLUMNS = [
  "node",
  "address",
  "version",
  "rack",
  { head: "masters", align: "right" as const },
  { head: "records", align: "right" as const },
  { head: "moving", align: "right" as const },
  { head: "latency", align: "right" as const },
  { head: "clients", align: "right" as const },
  { head: "jobs", align: "right" as const },
  { head: "uptime", align: "right" as const },
];

function nodeCells({ node, stat, racks, latencyMs }: NodeRow, cluster: Cluster): string[] {
  const masters = Object.values(node.masterPartitions).reduce((sum, one) => sum + one, 0);
  const all = 4096 * cluster.namespaces.length;
  return [
    node.id,
    node.address,
    node.version,
    racks,
    `${count(masters)}/${count(all)}`,
    count(stat?.objects),
    count(stat?.migratingPartitions),
    `${latencyMs.toFixed(1)} ms`,
    count(stat?.clientConnections),
    count(stat?.longQueriesActive),
    duration(stat && 1000 * stat.uptimeSeconds),
  ];
}

const NAMESPACE_COLUMNS = [
  "namespace",
  { head: "records", align: "right" as const },
  "copies",
  "consistency",
  "storage",
  { head: "data", align: "right" as const },
  { head: "used", align: "right" as const },
  "",
];

type Details = Awaited<ReturnType<ReturnType<Session["info"]>["namespaceDetails"]>>;

function trouble(details: Details): string {
  if (details === null) return "";
  const words: string[] = [];
  if (details.stopWrites) words.push("stops writes");
  if (details.clockSkewStopWrites) words.push("clocks too far apart");
  if (details.highWaterMarkBreached) words.push("above its high-water mark");
  if ((details.deadPartitions ?? 0) > 0) words.push(`${details.deadPartitions} dead partitions`);
  if ((details.unavailablePartitions ?? 0) > 0) words.push(`${details.unavailablePartitions} unavailable partitions`);
  return words.join(", ");
}

async function nodeRows({ io, signal }: Cli, session: Session, cluster: Cluster): Promise<NodeRow[]> {
  const info = session.info();
  const [stats, racks] = await Promise.all([info.nodeDetails({ signal }), racksByNode(session, signal)]);
  return await Promise.all(
    cluster.nodes.map(async (node) => {
      const times: number[] = [];
      for (let i = 0; i < PINGS; i++) {
        const start = io.clock.now();
        await info.info("node", { node: node.id, signal });
        times.push(io.clock.now() - start);
      }
      times.sort((a, b) => a - b);
      const latencyMs = times[Math.floor(PINGS / 2)] ?? 0;
      return { node, stat: stats.get(node.id), racks: racks.get(node.id) ?? "", latencyMs };
    }),
  );
}

/** What a node says of its racks: `ns=test:rack_1=A,B:rack_2=C;…`; clusters without racks have one, 0. */
async function racksByNode(session: Session, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const racks = new Map<string, Set<string>>();
  let text: string;
  try {
    text = await session.info().info("racks:", { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    return new Map();
  }
  for (const [, rack = "", nodes = ""] of text.matchAll(/[:=;]rack_(\d+)=([^:;]*)/g)) {
    for (const node of nodes.split(",")) racks.set(node, (racks.get(node) ?? new Set()).add(rack));
  }
  return new Map([...racks].map(([node, ids]) => [node, [...ids].join(",")]));
}
