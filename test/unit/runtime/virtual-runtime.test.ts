import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../runtime/virtual-runtime.js";
import { runs } from "../../support/runs.js";

describe("the clock", () => {
  test("moves only when told to, and timers fire at their time", async () => {
    const runtime = new VirtualRuntime();
    const fired: number[] = [];
    for (const ms of [30, 10, 20]) runtime.setTimer(ms, () => fired.push(runtime.now()), false);
    expect(runtime.pendingTimers).toBe(3);
    await runtime.advance(15);
    expect(fired).toEqual([10]);
    expect(runtime.now()).toBe(15);
    await runtime.advance(100);
    expect(fired).toEqual([10, 20, 30]);
    expect(runtime.now()).toBe(115);
    expect(runtime.pendingTimers).toBe(0);
  });

  test("of the wall is as far from its start", async () => {
    const runtime = new VirtualRuntime({ wallClock: 1_000_000 });
    await runtime.advance(250);
    expect(runtime.wallClock()).toBe(1_000_250);
  });

  test("lets what a timer wakes run before the next timer", async () => {
    const runtime = new VirtualRuntime();
    const log: string[] = [];
    runtime.setTimer(
      1,
      () => {
        log.push("first");
        void Promise.resolve()
          .then(() => undefined)
          .then(() => log.push("woken"));
      },
      false,
    );
    runtime.setTimer(1, () => log.push("second"), false);
    await runtime.advance(1);
    expect(log).toEqual(["first", "woken", "second"]);
  });

  test("fires a timer that a timer sets, if it is due", async () => {
    const runtime = new VirtualRuntime();
    const fired: number[] = [];
    runtime.setTimer(5, () => runtime.setTimer(5, () => fired.push(runtime.now()), false), false);
    await runtime.advance(9);
    expect(fired).toEqual([]);
    await runtime.advance(1);
    expect(fired).toEqual([10]);
  });

  test("takes a negative delay for none", async () => {
    const runtime = new VirtualRuntime();
    let fired = false;
    runtime.setTimer(
      -5,
      () => {
        fired = true;
      },
      false,
    );
    await runtime.advance(0);
    expect(fired).toBe(true);
    expect(runtime.now()).toBe(0);
  });

  test("fires timers in the order of their time, then in that of their setting, without the cancelled ones", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 20 }), fc.boolean()), { maxLength: 40 }), async (wishes) => {
        const runtime = new VirtualRuntime();
        const fired: number[] = [];
        wishes.forEach(([ms, cancelled], i) => {
          const timer = runtime.setTimer(ms, () => fired.push(i), false);
          if (!cancelled) return;
          timer.cancel();
          timer.cancel();
        });
        const expected = wishes
          .map(([ms, cancelled], i) => ({ ms, cancelled, i }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.ms - b.ms || a.i - b.i)
          .map(({ i }) => i);
        expect(runtime.pendingTimers).toBe(expected.length);
        await runtime.advance(20);
        expect(fired).toEqual(expected);
        expect(runtime.pendingTimers).toBe(0);
      }),
      { numRuns: runs(10) },
    );
  });
});

describe("until", () => {
  test("moves the clock as far as the promise needs", async () => {
    const runtime = new VirtualRuntime();
    const value = await runtime.until(
      new Promise<string>((resolve) => {
        runtime.setTimer(5_000, () => resolve("done"), false);
      }),
    );
    expect(value).toBe("done");
    expect(runtime.now()).toBe(5_000);
  });

  test("passes a rejection on", async () => {
    const runtime = new VirtualRuntime();
    await expect(runtime.until(Promise.reject(new Error("no")))).rejects.toThrow("no");
  });

  test("throws when nothing is left that could settle the promise", async () => {
    const runtime = new VirtualRuntime();
    await expect(runtime.until(new Promise(() => undefined), 100)).rejects.toThrow(
      "Nothing within 100 ms settles the promise",
    );
  });

  test("does not wait for ever for timers that set each other while the clock stands", async () => {
    const runtime = new VirtualRuntime();
    const again = (): void => void runtime.setTimer(0, again, false);
    again();
    await expect(runtime.until(new Promise(() => undefined))).rejects.toThrow(
      "timers fired at 0 ms, each set by another",
    );
  });
});

describe("chance", () => {
  test("repeats from its seed", () => {
    const draw = (seed: number): unknown[] => {
      const runtime = new VirtualRuntime({ seed });
      return [runtime.random(), runtime.random(), runtime.randomBigint64()];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test("is spread over its range", () => {
    const runtime = new VirtualRuntime();
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) buckets[Math.floor(runtime.random() * 10)]!++;
    for (const count of buckets) expect(count).toBeGreaterThan(850);
    const wide = Array.from({ length: 64 }, () => runtime.randomBigint64());
    expect(wide.every((value) => value >= 0n && value < 2n ** 64n)).toBe(true);
    expect(wide.some((value) => value >= 2n ** 63n)).toBe(true);
  });
});

test("sets the time of day anew, which no timer notices", async () => {
  const runtime = new VirtualRuntime({ wallClock: 1_000_000 });
  const fired: number[] = [];
  runtime.setTimer(100, () => fired.push(runtime.now()), true);
  runtime.shiftWallClock(-5_000);
  expect(runtime.wallClock()).toBe(995_000);
  expect(runtime.now()).toBe(0);
  await runtime.advance(50);
  runtime.shiftWallClock(3_600_000);
  expect(runtime.wallClock()).toBe(995_000 + 50 + 3_600_000);
  await runtime.advance(50);
  expect(fired).toEqual([100]);
});
