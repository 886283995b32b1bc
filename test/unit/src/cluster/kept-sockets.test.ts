import { describe, expect, test } from "vitest";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { ClusterOptions } from "../../../../src/cluster/options.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute } from "../../../support/operations.js";
import { writeCommand } from "../../../support/record-commands.js";

async function connected(tls: boolean, options: Partial<ClusterOptions> = {}) {
  const world = new World();
  const [node] = world.fake.nodes;
  node!.answers.set("peers-tls-std", "1,4333,[]");
  node!.answers.set("service-tls-std", `${node!.host}:${node!.port}`);
  const cluster = await world.connect({ tls, minConnectionsPerNode: 3, ...options });
  const lane = () => cluster.metrics().nodes["A1"]!.lanes.short!;
  const write = () => world.runtime.until(execute(cluster, writeCommand(makeKey("test", "set", 1), { a: 1 }), PLAIN));
  return { world, node: node!, cluster, lane, write };
}

describe.each([
  ["in the clear", false],
  ["over TLS", true],
])("%s", (_, tls) => {
  test("sockets are open when connect resolves, and a command opens none", async () => {
    const { world, cluster, lane, write } = await connected(tls);
    expect(lane()).toMatchObject({ open: 3, opened: 3 });
    await write();
    expect(lane()).toMatchObject({ open: 3, opened: 3, kept: 0 });
    await world.close(cluster);
  });

  test("they stay open for longer than sockets may be idle, and no others do", async () => {
    const { world, cluster, lane, write } = await connected(tls, { maxSocketIdleMs: 10_000 });
    await world.runtime.until(cluster.warm(5));
    expect(lane().open).toBe(5);
    await world.runtime.advance(60_000);
    expect(lane()).toMatchObject({ open: 3, opened: 5, closed: 2, failed: 0 });
    // Each every five seconds.
    expect(lane().kept).toBeGreaterThanOrEqual(27);
    expect(lane().kept).toBeLessThanOrEqual(36);
    await write();
    expect(lane().opened).toBe(5);
    await world.close(cluster);
  });

  test("one that is lost is replaced", async () => {
    const { world, node, cluster, lane } = await connected(tls);
    node.cutAll();
    await world.runtime.advance(1);
    expect(lane().open).toBe(0);
    await world.runtime.advance(3_000);
    expect(lane()).toMatchObject({ open: 3 });
    await world.close(cluster);
  });
});

test("one that does not reply to what keeps it open is closed", async () => {
  const { world, node, cluster, lane } = await connected(false, { maxSocketIdleMs: 10_000, minConnectionsPerNode: 1 });
  await world.runtime.advance(4_500);
  node.infoDelayMs = 30_000;
  await world.runtime.advance(9_000);
  expect(lane().closed).toBeGreaterThanOrEqual(1);
  await world.close(cluster);
});

test("more or fewer are kept when the options change", async () => {
  const { world, cluster, lane } = await connected(false);
  cluster.revision({ minConnectionsPerNode: 6 })();
  await world.runtime.advance(3_000);
  expect(lane().open).toBe(6);
  cluster.revision({})();
  await world.runtime.advance(60_000);
  expect(lane().open).toBe(0);
  expect(() => cluster.revision({ minConnectionsPerNode: 17 })).toThrow(
    "allowed are at most pipelinedSockets, which is 16",
  );
  await world.close(cluster);
});

test("a warm-up tells which nodes it failed at, and a node that is down gets few sockets to open", async () => {
  const { world, node, cluster, lane } = await connected(false, { minConnectionsPerNode: 0 });
  expect((await world.runtime.until(cluster.warm(2))).size).toBe(0);
  expect(lane().open).toBe(2);
  node.stop();
  await world.runtime.advance(10);
  const failures = await world.runtime.until(cluster.warm(2));
  expect([...failures.keys()].map(({ id }) => id)).toEqual(["A1"]);
  await world.close(cluster);
});

test.each<[Partial<ClusterOptions>, string]>([
  [{ minConnectionsPerNode: -1 }, "to be a whole number from 0 to 100000, got -1"],
  [
    { minConnectionsPerNode: 17 },
    "allowed are at most pipelinedSockets, which is 16: each carries many commands at a time",
  ],
  [
    { minConnectionsPerNode: 17, tls: true, maxConnectionsPerNode: 10 },
    "allowed are at most maxConnectionsPerNode, which is 10",
  ],
  [{ minConnectionsPerNode: 1, maxConnections: 5 }, "sockets that all nodes share can't be kept for one"],
])("%j is refused", async (options, message) => {
  const world = new World();
  await expect(world.connect(options)).rejects.toThrow(message);
});
