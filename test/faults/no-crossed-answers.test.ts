import { describe, expect, it } from "vitest";
import { seeds, withSeed } from "../support/faults/chance.js";
import { Lab } from "../support/faults/lab.js";
import { Ledger } from "../support/faults/ledger.js";
import { Storm } from "../support/faults/storm.js";

/** Rounds of trouble, each drawn anew, that one cluster goes through. */
const ROUNDS = 20;
const COMMANDS_A_ROUND = 40;

/** What came of one seed. */
interface Run {
  readonly outcomes: ReadonlyMap<string, number>;
  /** How far the clock went: the shortest fingerprint of everything that happened. */
  readonly endedAt: number;
}

async function run(seed: number, rounds = ROUNDS): Promise<Run> {
  const nodes = 1 + (seed % 3);
  const stopsNodes = seed % 2 === 0;
  await using lab = await Lab.open({ seed, nodes });
  const { runtime, emulator, transport } = lab;
  const random = (): number => runtime.random();
  const { client, cluster } = await lab.connectCluster({
    pipelineDepth: [1, 4, 16, 256][seed % 4] ?? 16,
    maxConnectionsPerNode: 6,
    drainTimeoutMs: 150,
    connectTimeoutMs: 100,
    maxErrorRate: seed % 5 === 0 ? 20 : 0,
  });
  transport.onReply = (bytes) => inPieces(bytes, random);
  const ledger = new Ledger(client, cluster, random, {
    records: 40,
    longestTimeoutMs: 100,
    isSettled: !stopsNodes,
    // Now and then so much that sockets are full and have to be waited for.
    ...(seed % 7 === 0 && { longestText: 400_000 }),
  });
  await lab.until(ledger.open());

  const storm = new Storm(emulator, runtime, random, { longestMs: 120, stopsNodes });
  for (let round = 0; round < rounds; round++) {
    await lab.until(
      ledger.run(COMMANDS_A_ROUND, 12, () => {
        if (random() < 0.2) storm.strike();
      }),
    );
  }
  await lab.until(storm.calm());
  expect(ledger.crossed).toEqual([]);
  expect(ledger.unexpected).toEqual([]);
  expect(ledger.answered).toBeGreaterThan(0);

  // The client finds back by itself, and then nothing of what was given up takes a slot any more.
  await runtime.advance(10_000);
  for (const node of cluster.nodes) expect(cluster.loadOf(node)).toMatchObject({ pending: 0, waiting: 0 });
  expect(cluster.nodes.length).toBe(nodes);
  expect(transport.holding).toBe(0);
  expect(await lab.until(ledger.audit())).toEqual([]);
  return { outcomes: ledger.outcomes, endedAt: runtime.now() };
}

/** A chunk as a network may deliver it. */
function inPieces(bytes: Uint8Array, random: () => number): Uint8Array[] {
  if (bytes.length < 2 || random() < 0.9) return [bytes];
  const at = 1 + Math.floor(random() * (bytes.length - 1));
  return [bytes.subarray(0, at), ...inPieces(bytes.subarray(at), random)];
}

describe("on virtual time", () => {
  it("no answer reaches another caller, no write is lost or doubled, and nothing is left behind", async () => {
    const total = new Map<string, number>();
    const all = seeds(3, 2);
    for (const seed of all) {
      await withSeed(seed, async () => {
        const { outcomes } = await run(seed);
        for (const [code, count] of outcomes) total.set(code, (total.get(code) ?? 0) + count);
      });
    }
    // Every kind of trouble was met, or the run would prove little. A replayed seed is one of many. Many more seeds:
    // AEROWIRE_RUNS=500. Some are rare, and met for sure in many seeds only.
    if (process.env["AEROWIRE_SEED"] !== undefined) return;
    const rare = all.length < 40 ? [] : ["BAD_REPLY", "DEVICE_OVERLOAD"];
    for (const code of ["ok", "TIMEOUT", "ABORTED", "CONNECTION", ...rare]) {
      expect(total.get(code) ?? 0, code).toBeGreaterThan(0);
    }
  });

  it("a seed always gives the same run", async () => {
    expect(await run(1_001, 8)).toEqual(await run(1_001, 8));
  });
});
