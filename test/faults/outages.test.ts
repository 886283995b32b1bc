import { expect, it } from "vitest";
import { seeds, withSeed } from "../support/faults/chance.js";
import { Lab } from "../support/faults/lab.js";
import { Ledger } from "../support/faults/ledger.js";
import { nodesOf, Outages } from "../support/faults/outages.js";
import { Traffic } from "../support/faults/traffic.js";

// Calls of every kind at a steady pace while nodes are killed, frozen and brought back. As many as a server can take, for
// as long as you like, on the machine's clock and on real nodes: npm run test:soak.

const RATE = 60;
const RUN_MS = 22_000;
const TEND_MS = 1_000;
/** Timers are rounded up to milliseconds, and sockets read once more before anything is given up. */
const SLACK_MS = 5;

it("nodes that are killed and frozen lose nothing, cross nothing, keep nobody waiting, and are back within two tends", async () => {
  for (const seed of seeds(1, 1)) await withSeed(seed, () => run(seed));
});

async function run(seed: number): Promise<void> {
  await using lab = await Lab.open({ seed, nodes: 3, migrationMs: 300 });
  const { runtime } = lab;
  const random = (): number => runtime.random();
  const { client, cluster } = await lab.connectCluster();
  const ledger = new Ledger(client, cluster, random, {
    records: 60,
    shortestTimeoutMs: 100,
    longestTimeoutMs: 1_000,
    isSettled: false,
    slackMs: () => SLACK_MS,
  });
  await lab.until(ledger.open());
  const traffic = new Traffic(ledger, runtime, { rate: RATE, mostAtOnce: 5_000 });
  const outages = new Outages(nodesOf(lab.emulator), runtime, random, {
    kinds: ["kill", "freeze"],
    longestMs: 3_000,
    restMs: 2 * TEND_MS + 1_000,
  });
  traffic.start();
  outages.start();
  await runtime.advance(RUN_MS);
  await lab.until(outages.stop());
  await runtime.advance(3 * TEND_MS);
  await lab.until(traffic.stop());

  expect(ledger.crossed).toEqual([]);
  expect(ledger.unexpected).toEqual([]);
  expect(ledger.late).toEqual([]);
  expect(traffic.leftOut).toBe(0);
  expect(outages.past.length).toBeGreaterThan(2);
  for (const { node, kind, wholeAt } of outages.past) {
    const from = wholeAt + 2 * TEND_MS;
    const { answered, failed } = traffic.between(from, from + 1_000);
    expect({ node, kind, failed }).toEqual({ node, kind, failed: 0 });
    expect(answered).toBeGreaterThan(0.9 * RATE);
  }
  expect(await lab.until(ledger.audit())).toEqual([]);
}
