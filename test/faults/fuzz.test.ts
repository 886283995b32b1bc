import { expect, it } from "vitest";
import { DecoderFuzzer } from "../support/fuzz/decoder-fuzzer.js";
import { ReplyFuzzer } from "../support/fuzz/reply-fuzzer.js";
import { RequestFuzzer } from "../support/fuzz/request-fuzzer.js";
import { runs } from "../support/runs.js";

// The same few cases each time. Many more: npm run fuzz:replies -- --cases 10000000, npm run fuzz:requests.

const REPLIES = 800;
const REQUESTS = 800;
const DECODERS = 10_000;

/** Looks at all that was found at once: an assertion takes longer than most cases. */
async function findings(fuzzer: { run(seed: number): Promise<unknown> }, cases: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let seed = 1; seed <= cases; seed++) {
    const finding = await fuzzer.run(seed);
    if (finding !== undefined) found.push({ seed, finding });
  }
  return found;
}

it("damaged replies of every kind give a value or an error of this client, and no more room than they need", async () => {
  await using fuzzer = await ReplyFuzzer.open();
  expect(await findings(fuzzer, runs(REPLIES))).toEqual([]);
  // Most cases get past the header, or the run would prove little.
  const ended = (code: string): number => fuzzer.outcomes.get(code) ?? 0;
  expect(ended("ok")).toBeGreaterThan(REPLIES / 10);
  expect(ended("BAD_REPLY")).toBeGreaterThan(REPLIES / 5);
});

it("damaged requests of every kind leave the emulator at work", async () => {
  await using fuzzer = await RequestFuzzer.open();
  expect(await findings(fuzzer, runs(REQUESTS))).toEqual([]);
  expect(fuzzer.outcomes.get("answered") ?? 0).toBeGreaterThan(REQUESTS / 2);
});

it("damaged bytes are read or refused by every decoder, and make it take no more room than they need", async () => {
  const fuzzer = new DecoderFuzzer();
  expect(await findings(fuzzer, runs(DECODERS))).toEqual([]);
  expect(fuzzer.outcomes.get("ok") ?? 0).toBeGreaterThan(DECODERS / 5);
  expect(fuzzer.outcomes.get("refused") ?? 0).toBeGreaterThan(DECODERS / 5);
});
