import { describe, expect, test } from "vitest";
import { CountCommand } from "../../../../protocol/command/query.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { ClusterOptions } from "../../../../src/cluster/options.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute, stream } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";

const KEYS = Array.from({ length: 200 }, (_, i) => makeKey("test", "set", i));
const SETTINGS = { ...PLAIN, totalTimeoutMs: 10_000 };

async function connected(
  nodes: number,
  changes: Partial<ClusterOptions>,
): Promise<{ world: World; cluster: ClusterCore; most: () => number }> {
  const world = new World({ nodes });
  let most = 0;
  const transport: ClusterOptions["transport"] = {
    connect(endpoint, handler) {
      const socket = world.network.connect(endpoint, handler);
      most = Math.max(most, world.network.links.size);
      return socket;
    },
  };
  // Commands reach the fake nodes whoever owns the record, as they do where servers pass them on.
  const cluster = await world.connect({ transport, ...changes });
  return { world, cluster, most: () => most };
}

const writeAll = (cluster: ClusterCore): Promise<unknown> =>
  Promise.all(KEYS.map((key) => execute(cluster, writeCommand(key, { i: 1 }), SETTINGS)));

describe.each([false, true])("sockets shared by all nodes, TLS %s", (tls) => {
  test.each([2, 3, 5])("are never more than %d, from the first seed on", async (maxConnections) => {
    const { world, cluster, most } = await connected(8, { maxConnections, tls });
    expect(cluster.nodes).toHaveLength(8);
    await world.runtime.until(writeAll(cluster));
    await world.runtime.advance(5_000);
    await world.runtime.until(writeAll(cluster));
    expect(most()).toBeLessThanOrEqual(maxConnections);
    await world.close(cluster);
  });

  test("serve commands while streams run, and streams while commands do", async () => {
    const { world, cluster, most } = await connected(6, { maxConnections: 5, tls });
    for (const node of world.fake.nodes) {
      node.onRequest = ({ digest }) => (digest === undefined ? { kind: "delay", ms: 500 } : undefined);
    }
    const streams = cluster.nodes.map((node) =>
      stream(
        cluster,
        node,
        new CountCommand({ namespace: "test", setName: "set", taskId: 1n, partitions: [0] }),
        SETTINGS,
      ),
    );
    await world.runtime.until(writeAll(cluster));
    await world.runtime.until(Promise.all(streams));
    expect(most()).toBeLessThanOrEqual(5);
    await world.close(cluster);
  });
});

test("a command whose node has no socket goes by way of one that has", async () => {
  const { world, cluster } = await connected(6, { maxConnections: 3 });
  await world.runtime.advance(100);
  await world.runtime.until(writeAll(cluster));
  const asked = KEYS.map((key) => execute(cluster, readCommand(key), SETTINGS));
  const opened = world.network.attempts.length;
  await world.runtime.until(Promise.all(asked));
  expect(world.network.attempts).toHaveLength(opened);
  await world.close(cluster);
});
