import fc from "fast-check";
import { expect, it } from "vitest";
import { looksLikeSliceOf, newSliceTaskId } from "../../../../src/campaign/slice-task-id.js";

const ids = fc.string({ minLength: 1, maxLength: 64 });

it("makes an id that a server takes, and that tells its campaign", () => {
  fc.assert(
    fc.property(ids, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (campaign, random) => {
      const id = BigInt(newSliceTaskId(campaign, random));
      expect(id > 0n && id < 2n ** 64n).toBe(true);
      expect(looksLikeSliceOf(campaign, id)).toBe(true);
    }),
  );
});

it("is another one for other chance, and never 0 in what chance decides", () => {
  expect(newSliceTaskId("a", 1n)).not.toBe(newSliceTaskId("a", 2n));
  expect(newSliceTaskId("a", 0n)).toBe(newSliceTaskId("a", 1n));
});

it("does not take a task for a slice of another campaign", () => {
  expect(looksLikeSliceOf("b", BigInt(newSliceTaskId("a", 7n)))).toBe(false);
  expect(looksLikeSliceOf("a", 7n)).toBe(false);
});
