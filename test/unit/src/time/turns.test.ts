import { expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { ROWS_A_TURN, Turns } from "../../../../src/time/turns.js";

test("a slice has so many rows, and the next one comes a turn later", async () => {
  const runtime = new VirtualRuntime();
  const turns = new Turns(runtime);
  for (let i = 0; i < ROWS_A_TURN; i++) expect(turns.take(1)).toBeUndefined();
  let isThere = false;
  void turns.take(1)?.then(() => {
    isThere = true;
  });
  expect(isThere).toBe(false);
  await runtime.advance(0);
  expect(isThere).toBe(true);
});

test("parts that go on side by side share the slices, and a message may be larger than one", async () => {
  const runtime = new VirtualRuntime();
  const turns = new Turns(runtime);
  const log: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let i = 0; i < 2; i++) {
      await turns.take(2 * ROWS_A_TURN);
      log.push(`${name}${i}`);
    }
  };
  const both = Promise.all([work("a"), work("b")]);
  await runtime.advance(0);
  await both;
  expect(log).toEqual(["a0", "b0", "a1", "b1"]);
});

test("a slice ends sooner when its rows cost more than some milliseconds", async () => {
  const runtime = new VirtualRuntime();
  const turns = new Turns(runtime);
  let rows = 0;
  while (turns.take(1) === undefined) {
    rows++;
    runtime.stall(1);
  }
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThan(40);
});
