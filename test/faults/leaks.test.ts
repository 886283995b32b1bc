import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bundle, bundleWhole } from "../support/bundle.js";
import { runs } from "../support/runs.js";

// Whatever is done again and again leaves nothing: no socket, no timer, no byte. Each in a process of its own, as a test
// runner keeps things, too. With AEROWIRE_RUNS=10 a thousand clients; for minutes, beside outages: npm run test:soak.

/**
 * What one turn may leave behind for good, in bytes: a tenth of what a client or a query holds, and half of what the
 * commands of a turn are.
 */
const MOST_A_TURN = { clients: 12_000, queries: 12_000, commands: 6_000 } as const;
const ROUNDS = 5;
/** Streams have sockets of their own, which stay for the next ones. */
const SPARE_SOCKETS = 2;
/** A tend may be under way in the moment that is looked at. */
const SPARE_TIMERS = 1;

interface Held {
  readonly bytes: number;
  readonly timers: number;
  readonly sockets: number;
  readonly pending: number;
}

let programs: Bundle;

beforeAll(async () => {
  programs = await bundleWhole("test/support/faults/programs/again.ts");
});

afterAll(() => programs[Symbol.asyncDispose]());

it.each<[keyof typeof MOST_A_TURN, string, number]>([
  ["clients", "clients that are opened and closed", 20],
  ["queries", "queries one after another, read to their end, left, and given up", 12],
  ["commands", "commands that time out, that are given up, and whose nodes hang up or fall silent", 30],
])("nothing grows: %s", async (name, _, turns) => {
  const args = [programs.file("again"), name, String(runs(turns)), String(ROUNDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const rounds = stdout
    .trim()
    .split("\n")
    .map((line): Held => JSON.parse(line));
  expect(rounds).toHaveLength(ROUNDS);
  const [first] = rounds;
  for (const { timers, sockets, pending } of rounds) {
    expect(timers).toBe(first!.timers);
    expect(sockets).toBeLessThanOrEqual(first!.sockets + SPARE_SOCKETS);
    expect(pending).toBeLessThanOrEqual(first!.pending + SPARE_TIMERS);
  }
  // What leaks grows in each round; what is compiled, or kept for the next time, does not.
  const growth = rounds.slice(1).map(({ bytes }, i) => (bytes - rounds[i]!.bytes) / runs(turns));
  expect(Math.min(...growth)).toBeLessThan(MOST_A_TURN[name]);
});
