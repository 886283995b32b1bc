import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TopRows } from "../../../../src/query/top-rows.js";
import { runs } from "../../../support/runs.js";

const ascending = (a: number, b: number): number => a - b;

describe("TopRows", () => {
  it("has the first of all rows, however they came", () => {
    const rows = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 4_000, size: "max" });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 1_500 }), (numbers, count) => {
        const top = new TopRows<number>(count, ascending, (n) => n);
        for (const n of numbers) top.add(n);
        const size = top.size;
        const taken = top.take();
        expect(taken).toEqual(numbers.toSorted(ascending).slice(0, count));
        expect(top.size).toBe(taken.reduce((sum, n) => sum + n, 0));
        expect(size).toBeGreaterThanOrEqual(top.size);
      }),
      { numRuns: runs(12) },
    );
  });

  it.each([1, 10, 5_000])("holds little more than twice the %d that are wanted", (count) => {
    const top = new TopRows<number>(count, ascending, () => 1);
    let most = 0;
    for (let n = 100_000; n > 0; n--) {
      top.add(n);
      most = Math.max(most, top.length);
      if (n % 100 === 0) expect(top.size).toBe(top.length);
    }
    expect(most).toBeLessThanOrEqual(count + Math.max(count, 1_024));
    expect(top.take()).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it("holds all where all are wanted", () => {
    const top = new TopRows<number>(Number.POSITIVE_INFINITY, ascending, () => 1);
    for (let n = 5_000; n > 0; n--) top.add(n);
    top.cut();
    expect(top.length).toBe(5_000);
    expect(top.take()[0]).toBe(1);
  });
});
