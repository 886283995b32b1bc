import { describe, expect, test } from "vitest";
import { systemRuntime } from "../../../../runtime/system-runtime.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { setLimit } from "../../../../src/time/limit-timer.js";

describe("a limit", () => {
  test.each([
    { busy: 0, ends: 200 },
    { busy: 400, ends: 600 },
    { busy: 60_000, ends: 65_000 },
  ])("of 200 ms ends after $ends ms when the program was busy for $busy ms", async ({ busy, ends }) => {
    const runtime = new VirtualRuntime();
    let endedAt: number | undefined;
    setLimit(
      runtime,
      200,
      () => {
        endedAt = runtime.now();
      },
      true,
    );
    if (busy > 0) runtime.stall(busy);
    await runtime.advance(100_000);
    expect(endedAt).toBe(ends);
  });

  test.each([0, 400])("that was taken back does not end, when the program was busy for %d ms before", async (busy) => {
    const runtime = new VirtualRuntime();
    const timer = setLimit(
      runtime,
      200,
      () => {
        throw new Error("ended");
      },
      true,
    );
    if (busy > 0) runtime.stall(busy);
    await runtime.advance(0);
    timer.cancel();
    await runtime.advance(100_000);
    expect(runtime.pendingTimers).toBe(0);
  });

  test("asks for no negative time when the turn after a late timer takes longer than the time put off", () => {
    const asked: number[] = [];
    const fired: (() => void)[] = [];
    let now = 0;
    const runtime = {
      ...systemRuntime,
      now: () => now,
      setTimer(ms: number, call: () => void) {
        asked.push(ms);
        fired.push(call);
        return { cancel() {} };
      },
      nextTurn(call: () => void) {
        now += 1_000;
        call();
      },
    };
    setLimit(runtime, 200, () => undefined, true);
    now = 210;
    fired[0]?.();
    expect(asked).toEqual([200, 0]);
  });
});
