import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { GenericContainer, Network, type StartedNetwork, type StartedTestContainer, Wait } from "testcontainers";
import type { TestProject } from "vitest/node";
import { connect } from "../../src/index.js";

const IMAGE = process.env["AEROSPIKE_IMAGE"] ?? "aerospike/aerospike-server:8.1";
const CLUSTER_CONF = fileURLToPath(new URL("./docker/cluster.conf", import.meta.url));
const READY_LOG = /service ready: soon there will be cake/;
const FORMING_MS = 60_000;

/** Tests against containers of a real server: one node, or three that form a cluster. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const nodes = project.config.provide.nodes ?? 1;
  const network = nodes > 1 ? await new Network().start() : undefined;
  const containers = await Promise.all(Array.from({ length: nodes }, (_, i) => server(i + 1, network).start()));
  const stop = async (): Promise<void> => {
    await Promise.all(containers.map((container) => container.stop()));
    await network?.stop();
  };
  try {
    const hosts = containers.map((container) => address(container, network)).join(",");
    await clusterOf(nodes, hosts);
    project.provide("hosts", hosts);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

function server(number: number, network: StartedNetwork | undefined): GenericContainer {
  const container = new GenericContainer(IMAGE).withExposedPorts(3000).withWaitStrategy(Wait.forLogMessage(READY_LOG));
  if (network === undefined) return container;
  return container
    .withNetwork(network)
    .withNetworkAliases(`aerospike-${number}`)
    .withCopyFilesToContainer([{ source: CLUSTER_CONF, target: "/opt/aerospike/cluster.conf" }])
    .withCommand(["--config-file", "/opt/aerospike/cluster.conf"]);
}

/** Nodes of a cluster name each other by their addresses in the network, so the client goes there too. */
function address(container: StartedTestContainer, network: StartedNetwork | undefined): string {
  if (network === undefined) return `${container.getHost()}:${container.getMappedPort(3000)}`;
  return `${container.getIpAddress(network.getName())}:3000`;
}

/** A server logs that it is ready some seconds before its partitions are. */
async function clusterOf(nodes: number, hosts: string): Promise<void> {
  const deadline = Date.now() + FORMING_MS;
  let last: unknown = new Error(`the cluster has fewer than ${nodes} nodes`);
  while (Date.now() < deadline) {
    try {
      await using client = await connect(hosts);
      if (client.nodes.length === nodes) return;
    } catch (error) {
      last = error;
    }
    await pause(250);
  }
  throw new Error(`The containers formed no cluster of ${nodes} within ${FORMING_MS} ms`, { cause: last });
}
