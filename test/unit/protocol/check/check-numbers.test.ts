import { describe, expect, it } from "vitest";
import {
  checkInteger,
  checkRecordsPerSecond,
  checkTaskId,
  checkTtl,
} from "../../../../protocol/check/check-numbers.js";

/** Assertion functions can't be called through a variable of their own type. */
function run(check: (value: unknown) => void, value: unknown): () => void {
  return () => check(value);
}

const TEN_YEARS = 315_360_000;

describe.each([
  { name: "ttl", check: checkTtl, good: [-2, -1, 0, 1, TEN_YEARS], far: [-3, TEN_YEARS + 1] },
  { name: "records per second", check: checkRecordsPerSecond, good: [1, 2 ** 31 - 1], far: [0, -1, 2 ** 31] },
])("a $name", ({ check, good, far }) => {
  it("is an integer in its range", () => {
    for (const value of good) expect(run(check, value)).not.toThrow();
    for (const value of far) expect(run(check, value)).toThrow(RangeError);
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, "1", 1n, null, undefined]) {
      expect(run(check, value)).toThrow(TypeError);
    }
  });
});

describe("a task id", () => {
  it("is a bigint of 64 bits, not zero", () => {
    for (const id of [1n, 2n ** 64n - 1n]) expect(() => checkTaskId(id)).not.toThrow();
    for (const id of [0n, -1n, 2n ** 64n]) expect(() => checkTaskId(id)).toThrow(RangeError);
    for (const id of [1, "1", undefined]) expect(() => checkTaskId(id)).toThrow(TypeError);
  });
});

describe("messages", () => {
  it("say the value and what is allowed", () => {
    expect(() => checkTtl(-3)).toThrow(
      "The ttl is -3: it must be 1 to 315360000 seconds (ten years), 0 for the namespace's default, -1 for never or -2 to leave it as it is",
    );
    expect(() => checkRecordsPerSecond(0)).toThrow("The recordsPerSecond is 0: it must be from 1 to 2147483647");
    expect(() => checkInteger("limit", "x", 1, 5)).toThrow('The limit is "x": it must be an integer from 1 to 5');
  });
});
