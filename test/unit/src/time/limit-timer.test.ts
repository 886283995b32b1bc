import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { setLimit } from "../../../../src/time/limit-timer.js";

describe("a limit", () => {
  test.each([
    { busy: 0, ends: 200 },
    { busy: 400, ends: 525 },
    { busy: 60_000, ends: 60_125 },
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

  test("ends after what arrived by then was taken, and not when that took it back", async () => {
    const runtime = new VirtualRuntime();
    const log: string[] = [];
    setLimit(runtime, 10, () => log.push("ended"), true);
    const timer = setLimit(runtime, 10, () => log.push("ended, too"), true);
    runtime.setTimer(
      10,
      () => {
        log.push("read");
        timer.cancel();
      },
      false,
    );
    await runtime.advance(10);
    expect(log).toEqual(["read", "ended"]);
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
});
