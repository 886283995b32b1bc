import { describe, expect, it } from "vitest";
import { untilClosed } from "../../../../src/time/until-closed.js";

function pending(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("interrupted"))));
}

describe("untilClosed", () => {
  it("answers what the work answers, and stops what still runs of it", async () => {
    let seen: AbortSignal | undefined;
    const answer = await untilClosed(new AbortController().signal, undefined, async (signal) => {
      seen = signal;
      expect(signal.aborted).toBe(false);
      return 7;
    });
    expect(answer).toBe(7);
    expect(seen?.aborted).toBe(true);
  });

  it("interrupts the work by the caller's signal, with its reason", async () => {
    const caller = new AbortController();
    const work = untilClosed(new AbortController().signal, caller.signal, async (signal) => {
      caller.abort("enough");
      expect(signal.reason).toBe("enough");
      throw new Error("interrupted");
    });
    await expect(work).rejects.toThrow("interrupted");
  });

  it("fails with the client's end, whatever the work makes of it", async () => {
    const closed = new AbortController();
    const work = untilClosed(closed.signal, undefined, pending);
    closed.abort(new Error("The client is closed"));
    await expect(work).rejects.toThrow("The client is closed");
  });

  it("passes a failure of the work on", async () => {
    const work = untilClosed(new AbortController().signal, undefined, () => Promise.reject(new RangeError("no")));
    await expect(work).rejects.toThrow(RangeError);
  });
});
