import { expect, inject, it } from "vitest";
import { type ClusterMetrics, connect, DataSet } from "../../src/index.js";

const hosts = inject("hosts");

function socketsOf(metrics: ClusterMetrics): { open: number; opened: number }[] {
  return Object.values(metrics.nodes).map(({ lanes }) => ({ open: lanes.short!.open, opened: lanes.short!.opened }));
}

it("sockets that are to be kept are open when connect resolves, and commands use them", async () => {
  await using client = await connect(hosts, { minConnectionsPerNode: 3 });
  expect(socketsOf(client.metrics()).every(({ open }) => open === 3)).toBe(true);
  await client.createSession().exists(DataSet.of("test", "warm").id(1)).execute();
  expect(socketsOf(client.metrics()).every(({ opened }) => opened === 3)).toBe(true);
});

it("a client is warmed up when it is asked to", async () => {
  await using client = await connect(hosts);
  expect(socketsOf(client.metrics()).every(({ open }) => open === 0)).toBe(true);
  await client.warmUp();
  await client.warmUp(2);
  expect(socketsOf(client.metrics()).every(({ open, opened }) => open === 2 && opened === 2)).toBe(true);
});

it("what can't be is refused", async () => {
  const client = await connect(hosts);
  await expect(client.warmUp(0)).rejects.toThrow("warmUp(socketsPerNode)");
  await client.close();
  await expect(client.warmUp()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  await expect(connect(hosts, { minConnectionsPerNode: 99 })).rejects.toThrow("at most pipelinedSockets, which is 16");
});

it("a warm-up is given up when the client closes", async () => {
  const client = await connect(hosts);
  const warming = client.warmUp(8);
  const ended = expect(warming).rejects.toThrow(/warmUp: \d+ of \d+ nodes could not be warmed up/);
  await client.close();
  await ended;
});
