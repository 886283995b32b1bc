import { describe, expect, it } from "vitest";
import type { Session } from "../../src/index.js";
import { Bank } from "../support/faults/bank.js";
import { below, pick, type Random, seeds, withSeed } from "../support/faults/chance.js";
import { Lab } from "../support/faults/lab.js";
import { flawOf, type HistoryEntry } from "../support/faults/serial-history.js";

// Several clients at work on few records, each with transactions of random commands, on virtual time.

const CLIENTS = 3;
const WORKERS = 2;
const ROUNDS = 8;

async function play(seed: number, disturb: (lab: Lab, random: Random) => () => void): Promise<HistoryEntry[]> {
  await using lab = await Lab.open({ seed, nodes: 3, namespaces: [{ name: "test", strongConsistency: true }] });
  const bank = new Bank(lab.runtime);
  const calm = await lab.session();
  await lab.until(bank.open(calm));
  const sessions: Session[] = [];
  for (let i = 0; i < CLIENTS; i++) sessions.push(await lab.session({}, { maxErrorRate: 0 }));
  const lift = disturb(lab, () => lab.runtime.random());
  const workers = sessions.flatMap((session) => Array.from({ length: WORKERS }, () => bank.work(session, ROUNDS)));
  await lab.until(Promise.all(workers));
  lift();
  // What clients have left behind the server ends.
  await lab.runtime.advance(12_000);
  expect(await lab.until(bank.flaw(calm))).toBeUndefined();
  return bank.history;
}

function countOf(history: readonly HistoryEntry[], outcome: HistoryEntry["outcome"]): number {
  return history.filter((entry) => entry.outcome === outcome).length;
}

describe("transactions of several clients on the same records", () => {
  it.each(seeds(1, 2))("are as if one came after the other, seed %i", (seed) =>
    withSeed(seed, async () => {
      const history = await play(seed, () => () => undefined);
      expect(countOf(history, "committed")).toBeGreaterThan(CLIENTS * WORKERS);
      expect(countOf(history, "aborted")).toBeGreaterThan(0);
      expect(countOf(history, "maybe")).toBe(0);
    }),
  );

  it.each(seeds(101, 2))("are so where replies are late and lost, seed %i", (seed) =>
    withSeed(seed, async () => {
      const history = await play(seed, (lab, random) => {
        const { faults } = lab.emulator;
        const added = Array.from({ length: 40 }, (_, i) => {
          const command = pick(random, ["read", "write", "operate", "delete", "batch"] as const);
          const skip = below(random, 60);
          const where = { command, skip, times: 1 + below(random, 3) };
          if (i % 4 === 0) return faults.add({ ...where, do: "cut", execute: random() < 0.5 });
          return faults.add({ ...where, do: "delay", ms: below(random, 60) });
        });
        return () => {
          for (const fault of added) fault.lift();
        };
      });
      expect(countOf(history, "committed")).toBeGreaterThan(0);
    }),
  );
});

describe("the judge of histories", () => {
  const entry = (id: number, reads: [number, number[]][], writes: number[]): HistoryEntry => ({
    id,
    reads: new Map(reads),
    writes: new Set(writes),
    outcome: "committed",
  });

  it("accepts what can be put in an order, and nothing else", () => {
    const one = entry(1, [[0, []]], [0]);
    expect(flawOf([one, entry(2, [[0, [1]]], [0, 1])], [[1, 2], [2]])).toBeUndefined();
    // Lost update: both read the record as it was.
    expect(flawOf([one, entry(2, [[0, []]], [0])], [[1, 2]])).toContain("no order of 1,2");
    // Write skew: each read what the other wrote.
    const skewed = [entry(1, [[1, []]], [0]), entry(2, [[0, []]], [1])];
    expect(flawOf(skewed, [[1], [2]])).toContain("no order");
    expect(flawOf([entry(1, [], [0, 1])], [[1], []])).toContain("is in the logs of 0");
    expect(flawOf([entry(1, [[0, [7]]], [])], [[]])).toContain("saw 7");
    expect(flawOf([{ ...one, outcome: "aborted" }], [[1]])).toContain("is aborted");
  });
});
