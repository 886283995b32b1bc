import { expect, it } from "vitest";
import { DataSet, type Session } from "../../src/index.js";
import { Lab } from "../support/faults/lab.js";

const set = DataSet.of("test", "set");

/** Writes a record every 100 ms, the first of them stuck for 3 s; says how long each took, or how it failed. */
async function writeBeside(lab: Lab, session: Session, count: number): Promise<(number | string)[]> {
  const { runtime } = lab;
  await lab.until(session.put(set.id("before"), { i: -1 }));
  const outcomes: Promise<number | string>[] = [];
  for (let i = 0; i < count; i++) {
    const fault = i === 0 ? lab.emulator.faults.add({ command: "write", do: "delay", ms: 3_000 }) : undefined;
    const start = runtime.now();
    outcomes.push(
      session.put(set.id(i), { i }).then(
        () => runtime.now() - start,
        (error: { code: string }) => error.code,
      ),
    );
    await runtime.advance(50);
    fault?.[Symbol.dispose]();
    await runtime.advance(50);
  }
  return lab.until(Promise.all(outcomes));
}

it("a write that is stuck delays none of those that come after it", async () => {
  await using lab = await Lab.open({ nodes: 1 });
  const session = await lab.session({ all: { totalTimeout: 10_000 } });
  const [stuck, ...others] = await writeBeside(lab, session, 35);
  expect(stuck).toBeGreaterThanOrEqual(3_000);
  for (const took of others) expect(took).toBeLessThanOrEqual(20);
});

it("a write that is stuck makes no other fail for its own short limit", async () => {
  await using lab = await Lab.open({ nodes: 1 });
  const session = await lab.session({ all: { totalTimeout: 1_000, socketTimeout: 200, maxRetries: 0 } });
  const [stuck, ...others] = await writeBeside(lab, session, 20);
  expect(stuck).toBe("TIMEOUT");
  for (const took of others) expect(took).toBeLessThanOrEqual(20);
});

it("a write that is stuck holds up few of many that are under way", async () => {
  await using lab = await Lab.open({ nodes: 1 });
  const { runtime } = lab;
  const session = await lab.session({ all: { totalTimeout: 30_000 } });
  const slow: number[] = [];
  let left = 8_000;
  const work = async (worker: number): Promise<void> => {
    while (left-- > 0) {
      const start = runtime.now();
      await session.put(set.id(worker), { i: left });
      if (runtime.now() - start > 100) slow.push(worker);
    }
  };
  const workers = Array.from({ length: 128 }, (_, worker) => work(worker));
  using fault = lab.emulator.faults.add({ command: "write", do: "delay", ms: 1_000, skip: 4_000, times: 1 });
  await lab.until(Promise.all(workers));
  expect(fault.hits).toBe(1);
  // Those that stood behind it on its socket, and few that came before it was known to be late.
  expect(slow.length).toBeGreaterThan(0);
  expect(slow.length).toBeLessThanOrEqual(48);
});
