import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Latency, latencyQuantile } from "../../../../../src/cluster/metrics/latency.js";

function histogram(...ms: number[]) {
  const latency = new Latency();
  for (const each of ms) latency.add(each);
  return latency.snapshot();
}

describe("Latency", () => {
  test("counts microseconds below 16 one by one", () => {
    expect(histogram(0, 0.001, 0.0019, 0.015)).toEqual({
      count: 4,
      sumUs: 0 + 1 + 1 + 15,
      maxUs: 15,
      buckets: [
        { toUs: 1, count: 1 },
        { toUs: 2, count: 2 },
        { toUs: 16, count: 1 },
      ],
    });
  });

  test("a value is below the end of its bucket by an eighth at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (us) => {
        // A thousandth and a bit, lest the product be a hair below the whole number.
        const { buckets } = histogram((us + 0.25) / 1_000);
        expect(buckets).toHaveLength(1);
        const { toUs } = buckets[0]!;
        expect(us).toBeLessThan(toUs);
        expect(toUs - us).toBeLessThanOrEqual(Math.max(1, us / 8));
      }),
    );
  });

  test("what lasts longer than the last bucket counts there, and what is no duration as none", () => {
    const { count, maxUs, buckets } = histogram(Number.POSITIVE_INFINITY, 1e12, -5, Number.NaN);
    expect(count).toBe(4);
    expect(maxUs).toBe(0xffff_ffff);
    expect(buckets).toEqual([
      { toUs: 1, count: 2 },
      { toUs: 2 ** 32, count: 2 },
    ]);
  });
});

describe("latencyQuantile", () => {
  test("of nothing there is none", () => {
    expect(latencyQuantile(histogram(), 0.5)).toBeUndefined();
  });

  test("is at most an eighth above the value of that rank", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (values, q) => {
          const us = latencyQuantile(histogram(...values.map((each) => (each + 0.25) / 1_000)), q)!;
          const exact = values.sort((a, b) => a - b)[Math.ceil(q * values.length) - 1]!;
          expect(us).toBeGreaterThanOrEqual(exact);
          expect(us).toBeLessThanOrEqual(exact + Math.max(1, exact / 8));
        },
      ),
    );
  });

  test.each([-0.1, 1.5, Number.NaN])("refuses %s", (q) => {
    expect(() => latencyQuantile(histogram(1), q)).toThrow(RangeError);
  });
});
