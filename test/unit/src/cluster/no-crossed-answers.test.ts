import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mischief } from "../../../support/fake/fake-node.js";
import { World } from "../../../support/fake/world.js";
import { runMixedCommands } from "../../../support/mixed-commands.js";
import { runs } from "../../../support/runs.js";

test("no answer reaches another caller, and nothing is left behind, whatever is cut, late, silent or given up", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 3 }), async (seed, nodes) => {
      const world = new World({
        seed,
        nodes,
        latency: () => world.runtime.random() * 3,
        pieces: (size) => randomPieces(size, () => world.runtime.random()),
        sendBuffer: 4_096,
      });
      const { runtime, fake } = world;
      for (const node of fake.nodes) node.onRequest = () => randomMischief(() => runtime.random());
      const cluster = await world.connect({
        pipelineDepth: 16,
        maxConnectionsPerNode: 4,
        drainTimeoutMs: 200,
        maxErrorRate: 0,
      });

      const outcome = await runtime.until(
        runMixedCommands(cluster, {
          namespace: "test",
          setName: "mixed",
          keys: 50,
          commands: 1_000,
          concurrency: 40,
          longestTimeoutMs: 120,
          disturb: () => fake.nodes[Math.floor(runtime.random() * nodes)]?.cutAll(),
        }),
      );
      expect(outcome.crossed).toEqual([]);
      expect(outcome.others).toEqual([]);
      expect(outcome.answered).toBeGreaterThan(0);

      // Once the abandoned replies are in or given up, no slot is taken any more.
      for (const node of fake.nodes) node.onRequest = () => undefined;
      await runtime.advance(1_000);
      for (const node of cluster.nodes) expect(cluster.loadOf(node)).toMatchObject({ pending: 0, waiting: 0 });
      expect(world.network.holding).toBe(0);

      await world.close(cluster);
      expect(runtime.pendingTimers).toBe(0);
      for (const node of fake.nodes) expect(node.connections).toBe(0);
    }),
    { numRuns: runs(3) },
  );
}, 120_000);

function randomPieces(size: number, random: () => number): number[] {
  const pieces: number[] = [];
  let left = size;
  while (left > 0) {
    const piece = random() < 0.7 ? left : 1 + Math.floor(random() * left);
    pieces.push(piece);
    left -= piece;
  }
  return pieces;
}

function randomMischief(random: () => number): Mischief | undefined {
  const kind = random();
  if (kind < 0.01) return { kind: "cut", after: Math.floor(random() * 40) };
  if (kind < 0.02) return { kind: "silence" };
  if (kind < 0.25) return { kind: "delay", ms: random() * 60 };
  if (kind < 0.28) return { kind: "code", code: 18 };
  return undefined;
}
