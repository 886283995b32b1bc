import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  firstWidth,
  nextWidth,
  PARTS,
  sliceCondition,
  sliceFrom,
  type TimedSlice,
} from "../../../../src/campaign/slice-plan.js";
import { printNode } from "../../../../src/exp/print.js";

function textOf(slice: Parameters<typeof sliceCondition>[0]): string | undefined {
  const condition = sliceCondition(slice);
  return condition && printNode(condition.node);
}

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
    const next = (width: number, tookMs: number, sliceMs: number, rate = 100): number =>
      nextWidth([{ width, tookMs, rate: 100 }], rate, sliceMs);
    expect(next(1_000, 2_000, 1_000)).toBe(500);
    expect(next(1_000, 1, 1_000)).toBe(4_000);
    expect(next(1_000, 1_000_000, 1_000)).toBe(125);
    expect(next(1_000, 1_000, 1_000, 50)).toBe(500);
    expect(next(1, 1_000_000, 1)).toBe(1);
    expect(next(PARTS, 1, 1_000)).toBe(PARTS);
  });

  it("do not become ever shorter for what a slice takes whatever its length", () => {
    const slices: TimedSlice[] = [];
    let width = 10_000;
    for (let i = 0; i < 30; i++) {
      // Three seconds through the index, and a millisecond for each part.
      slices.push({ width, tookMs: 3_000 + width, rate: 100 });
      width = nextWidth(slices, 100, 1_000);
    }
    expect(width).toBeGreaterThan(2_500);
    expect(width).toBeLessThan(3_500);
  });

  it("come to the length that they should have where nothing is fixed, and where a little is", () => {
    for (const fixedMs of [0, 200]) {
      const slices: TimedSlice[] = [];
      let width = 100_000;
      for (let i = 0; i < 30; i++) {
        slices.push({ width, tookMs: fixedMs + width / 10, rate: 100 });
        width = nextWidth(slices, 100, 1_000);
      }
      expect(fixedMs + width / 10).toBeGreaterThan(900);
      expect(fixedMs + width / 10).toBeLessThan(1_300);
    }
  });

  it("are a condition on the digest alone", () => {
    expect(sliceCondition({ begin: 0, end: PARTS })).toBeUndefined();
    expect(textOf({ begin: 0, end: 5 })).toBe(`$.digestModulo(${PARTS}) < 5`);
    expect(textOf({ begin: 5, end: PARTS })).toBe(`$.digestModulo(${PARTS}) >= 5`);
    expect(textOf({ begin: 5, end: 9 })).toBe(`$.digestModulo(${PARTS}) >= 5 and $.digestModulo(${PARTS}) < 9`);
  });
});
