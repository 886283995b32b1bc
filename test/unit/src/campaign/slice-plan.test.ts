import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstWidth, nextWidth, PARTS, sliceCondition, sliceFrom } from "../../../../src/campaign/slice-plan.js";

describe("slices", () => {
  it("cover every part once, however long each of them is", () => {
    const widths = fc.array(fc.integer({ min: 1, max: PARTS }), { minLength: 1 });
    fc.assert(
      fc.property(widths, (all) => {
        let position = 0;
        for (let i = 0; position < PARTS; i++) {
          // Small ones would take long to get through.
          const { begin, end } = sliceFrom(position, Math.max(PARTS / 64, all[i % all.length]!));
          expect(begin).toBe(position);
          expect(end).toBeGreaterThan(begin);
          position = end;
        }
        expect(position).toBe(PARTS);
      }),
    );
  });

  it("take what would be left in less than half a slice", () => {
    expect(sliceFrom(0, PARTS * 0.7)).toEqual({ begin: 0, end: PARTS });
    expect(sliceFrom(0, PARTS / 2)).toEqual({ begin: 0, end: PARTS / 2 });
    expect(sliceFrom(PARTS - 1, 1)).toEqual({ begin: PARTS - 1, end: PARTS });
  });

  it("begin with as many records as may be changed in their time", () => {
    expect(firstWidth({ records: 1_000_000, perSecond: 10_000, sliceMs: 5_000 })).toBe(Math.round(PARTS / 20));
    expect(firstWidth({ records: 100, perSecond: 10_000, sliceMs: 5_000 })).toBe(PARTS);
    expect(firstWidth({ records: 0, perSecond: 10_000, sliceMs: 5_000 })).toBe(PARTS);
    expect(firstWidth({ records: Number.MAX_SAFE_INTEGER, perSecond: 1, sliceMs: 50 })).toBe(1);
  });

  it("become as long as they should be, step by step", () => {
    expect(nextWidth({ width: 1_000, tookMs: 2_000, sliceMs: 1_000 })).toBe(500);
    expect(nextWidth({ width: 1_000, tookMs: 1, sliceMs: 1_000 })).toBe(4_000);
    expect(nextWidth({ width: 1_000, tookMs: 1_000_000, sliceMs: 1_000 })).toBe(125);
    expect(nextWidth({ width: 1_000, tookMs: 1_000, sliceMs: 1_000, rateFactor: 0.5 })).toBe(500);
    expect(nextWidth({ width: 1, tookMs: 1_000_000, sliceMs: 1 })).toBe(1);
    expect(nextWidth({ width: PARTS, tookMs: 1, sliceMs: 1_000 })).toBe(PARTS);
  });

  it("are a condition on the digest alone", () => {
    expect(sliceCondition({ begin: 0, end: PARTS })).toBeUndefined();
    expect(String(sliceCondition({ begin: 0, end: 5 }))).toBe(`$.digestModulo(${PARTS}) < 5`);
    expect(String(sliceCondition({ begin: 5, end: PARTS }))).toBe(`$.digestModulo(${PARTS}) >= 5`);
    expect(String(sliceCondition({ begin: 5, end: 9 }))).toBe(
      `$.digestModulo(${PARTS}) >= 5 and $.digestModulo(${PARTS}) < 9`,
    );
  });
});
