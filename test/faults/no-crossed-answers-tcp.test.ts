import { expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { newSession } from "../../src/client/new-session.js";
import { ClusterCore } from "../../src/cluster/cluster-core.js";
import { Cluster, nodeTransport } from "../../src/index.js";
import { seededRandom, seeds, withSeed } from "../support/faults/chance.js";
import { CountedRuntime, eventually, openTcpHandles } from "../support/faults/counted-runtime.js";
import { Ledger } from "../support/faults/ledger.js";
import { Storm } from "../support/faults/storm.js";
import { WatchedTransport } from "../support/faults/watched-transport.js";

async function run(seed: number): Promise<void> {
  const handles = openTcpHandles();
  const random = seededRandom(seed);
  const runtime = new CountedRuntime(random);
  await using emulator = await Emulator.start({ nodes: 3, namespaces: [{ name: "test" }] });
  const transport = new WatchedTransport(nodeTransport());
  const cluster = await ClusterCore.connect({
    seeds: emulator.nodes.map(({ host, port }) => ({ host, port })),
    transport,
    runtime,
    pipelineDepth: 64,
    maxConnectionsPerNode: 10,
    drainTimeoutMs: 100,
    maxErrorRate: 0,
  });
  const client = new Cluster(cluster, newSession, {});
  const ledger = new Ledger(client, cluster, random, { records: 60, longestTimeoutMs: 60, isSettled: false });
  await ledger.open();

  const storm = new Storm(emulator, runtime, random, { longestMs: 50, stopsNodes: true });
  await ledger.run(1_000, 60, () => {
    if (random() < 0.05) storm.strike();
  });
  await storm.calm();
  expect(ledger.crossed).toEqual([]);
  expect(ledger.unexpected).toEqual([]);
  expect(ledger.answered).toBeGreaterThan(0);

  await eventually("every slot is free again", () =>
    cluster.nodes.every((node) => {
      const { pending, waiting } = cluster.loadOf(node);
      return pending === 0 && waiting === 0;
    }),
  );
  await eventually("all nodes are back", () => cluster.nodes.length === 3);
  expect(transport.holding).toBe(0);
  expect(await ledger.audit()).toEqual([]);

  await client.close();
  expect(transport.open).toEqual([]);
  expect(runtime.pendingTimers).toBe(0);
  await emulator.close();
  await eventually("the process has no socket more than before", () => openTcpHandles() <= handles);
}

it("over TCP, too, no answer reaches another caller and no socket is left behind", async () => {
  for (const seed of seeds(1, 1)) await withSeed(seed, () => run(seed));
});
