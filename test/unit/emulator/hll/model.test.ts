import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyHll } from "../../../../emulator/hll/index.js";
import { fitTogether, Sketch } from "../../../../emulator/hll/sketch.js";
import { type BinValue, doubleOf, integerOf } from "../../../../emulator/record/bin-value.js";
import type { OpOutcome } from "../../../../emulator/record/op-outcome.js";
import { type CdtCall, encodePayload } from "../../../../protocol/cdt/call.js";
import { HLLWriteFlags } from "../../../../protocol/cdt/flags.js";
import * as hll from "../../../../protocol/cdt/hll.js";
import { HllOp } from "../../../../protocol/cdt/operations.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { Double } from "../../../../protocol/value/double.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import type { Value } from "../../../../protocol/value/value.js";
import { packed } from "../cdt/bins.js";

// Sketches held against the sets that they stand for.

function run(bin: BinValue | undefined, call: CdtCall): OpOutcome {
  return applyHll(bin, encodePayload(call), call.operation.modifies);
}

/** The bin after a change. */
function changed(bin: BinValue | undefined, call: CdtCall): BinValue {
  const outcome = run(bin, call);
  expect(outcome.code).toBe(ResultCode.OK);
  const stored = outcome.bin ?? bin;
  if (stored === undefined) throw new Error("no bin");
  return stored;
}

function number(bin: BinValue, call: CdtCall): number {
  const { code, result } = run(bin, call);
  expect(code).toBe(ResultCode.OK);
  if (result === undefined || result === null) throw new Error("no answer");
  return result.type === ParticleType.DOUBLE ? doubleOf(result) : Number(integerOf(result));
}

function sketchOf(values: readonly Value[], indexBits: number, minhashBits = 0): BinValue {
  const empty = changed(undefined, hll.hllInit({ indexBits, minhashBits }));
  return values.length === 0 ? empty : changed(empty, hll.hllAdd(values));
}

function param(bin: BinValue): Hll {
  return new Hll(bin.bytes);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Three standard errors of an estimate. */
function tolerance(indexBits: number): number {
  return (3 * 1.04) / Math.sqrt(2 ** indexBits);
}

const bits = fc
  .record({
    indexBits: fc.integer({ min: 4, max: 9 }),
    minhashBits: fc.oneof(fc.constant(0), fc.integer({ min: 4, max: 51 })),
  })
  .filter(({ indexBits, minhashBits }) => fitTogether(indexBits, minhashBits));
const values = fc.array(
  fc.oneof(
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.double({ noNaN: true }).map((each) => new Double(each)),
    fc.constant(null),
  ),
  { maxLength: 60 },
);

describe("a sketch", () => {
  it("is written as it was read", () => {
    fc.assert(
      fc.property(bits, fc.infiniteStream(fc.nat(255)), ({ indexBits, minhashBits }, filling) => {
        const bytes = new Sketch(indexBits, minhashBits).write();
        for (let i = 3; i < bytes.length; i++) bytes[i] = filling.next().value;
        const unused = bytes.length * 8 - 88 - 2 ** indexBits * (6 + minhashBits);
        bytes[bytes.length - 1]! &= 0xff << unused;
        expect(Sketch.read(bytes)?.write()).toEqual(bytes);
      }),
    );
  });

  it("is of the size that its bits say", () => {
    const bytes = new Sketch(4, 5).write();
    expect(bytes.length).toBe(11 + 22);
    expect(Sketch.read(bytes.subarray(1))).toBeUndefined();
    expect(Sketch.read(bytes.subarray(0, 32))).toBeUndefined();
    for (const [at, byte] of [
      [0, 1],
      [1, 3],
      [1, 17],
      [2, 3],
      [2, 52],
    ] as const) {
      expect(Sketch.read(bytes.with(at, byte))).toBeUndefined();
    }
  });

  it("holds what was added, and does not change when it is added again", () => {
    fc.assert(
      fc.property(bits, values, ({ indexBits, minhashBits }, added) => {
        fc.pre(added.length > 0);
        const sketch = sketchOf(added, indexBits, minhashBits);
        expect(number(sketch, hll.hllMayContain(added))).toBe(1);
        expect(number(sketch, hll.hllAdd(added))).toBe(0);
        expect(changed(sketch, hll.hllAdd(added))).toEqual(sketch);
      }),
    );
  });

  it("of a union is the sketch of everything", () => {
    fc.assert(
      fc.property(bits, values, values, ({ indexBits, minhashBits }, some, others) => {
        const [a, b] = [sketchOf(some, indexBits, minhashBits), sketchOf(others, indexBits, minhashBits)];
        const all = sketchOf([...some, ...others], indexBits, minhashBits);
        expect(run(a, hll.hllGetUnion([param(b)])).result).toEqual(all);
        expect(changed(a, hll.hllSetUnion([param(b)]))).toEqual(all);
        expect(number(a, hll.hllGetUnionCount([param(b)]))).toBe(number(all, hll.hllGetCount()));
      }),
    );
  });

  it("folded is the smaller sketch of the same values", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 }), values, (one, other, added) => {
        const [small, great] = [Math.min(one, other), Math.max(one, other)];
        expect(changed(sketchOf(added, great), hll.hllFold(small))).toEqual(sketchOf(added, small));
      }),
    );
  });

  it.each([
    [8, 0, 50],
    [10, 0, 5000],
    [12, 20, 20_000],
    [16, 0, 3000],
  ])("of %i index bits and %i minhash bits counts %i values about right", (indexBits, minhashBits, count) => {
    const sketch = sketchOf(range(0, count), indexBits, minhashBits);
    const estimate = number(sketch, hll.hllGetCount());
    expect(Math.abs(estimate - count)).toBeLessThan(count * tolerance(indexBits));
  });

  it("keeps its count when asked to, until a register rises", () => {
    const sketch = sketchOf(range(0, 100), 10);
    const estimate = number(sketch, hll.hllGetCount());
    expect(number(sketch, hll.hllRefreshCount())).toBe(estimate);
    const cached = changed(sketch, hll.hllRefreshCount());
    expect(Sketch.read(cached.bytes)?.cache).toBe(BigInt(estimate));
    expect(changed(cached, hll.hllAdd(range(0, 100)))).toEqual(cached);
    expect(changed(cached, hll.hllAdd(range(0, 200)))).toEqual(sketchOf(range(0, 200), 10));
  });

  it.each([
    [12, 0],
    [12, 20],
    [8, 40],
  ])("of %i index bits and %i minhash bits estimates what two sets share", (indexBits, minhashBits) => {
    const a = sketchOf(range(0, 4000), indexBits, minhashBits);
    const b = sketchOf(range(2000, 6000), indexBits, minhashBits);
    const allowed = 6000 * tolerance(indexBits);
    expect(Math.abs(number(a, hll.hllGetIntersectCount([param(b)])) - 2000)).toBeLessThan(allowed);
    expect(Math.abs(number(a, hll.hllGetSimilarity([param(b)])) - 1 / 3)).toBeLessThan(2 * tolerance(indexBits));
  });

  it("shares everything with itself and nothing with an empty one", () => {
    const sketch = sketchOf(range(0, 500), 10, 20);
    const empty = sketchOf([], 10, 20);
    expect(number(sketch, hll.hllGetSimilarity([param(sketch)]))).toBeGreaterThan(0.99);
    expect(number(sketch, hll.hllGetSimilarity([param(empty)]))).toBe(0);
    expect(number(empty, hll.hllGetSimilarity([param(empty)]))).toBeNaN();
    expect(number(empty, hll.hllGetIntersectCount([param(empty)]))).toBe(0);
    expect(number(empty, hll.hllGetCount())).toBe(0);
  });

  it("takes many sketches at once", () => {
    const sketches = new Array<Hll>(50_000).fill(param(sketchOf([1], 4)));
    expect(number(sketchOf([2], 4), hll.hllGetUnionCount(sketches))).toBe(2);
  });
});

describe("writes to sketches", () => {
  const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL, ALLOW_FOLD } = HLLWriteFlags;
  const sketch = sketchOf(["a"], 8);

  it("make a bin where they know how many bits it is to have", () => {
    expect(run(undefined, hll.hllInit())).toEqual({ code: ResultCode.OP_NOT_APPLICABLE, detail: { subCode: 4 } });
    expect(run(undefined, hll.hllAdd(["a"]))).toEqual({ code: ResultCode.OP_NOT_APPLICABLE, detail: { subCode: 4 } });
    expect(changed(undefined, hll.hllAdd(["a"], { indexBits: 8 }))).toEqual(sketch);
    expect(changed(undefined, hll.hllSetUnion([param(sketch), param(sketchOf(["b"], 6))]))).toEqual(
      sketchOf(["a", "b"], 6),
    );
    expect(run(undefined, hll.hllRefreshCount())).toEqual({ code: ResultCode.BIN_NOT_FOUND });
    expect(run(undefined, hll.hllFold(4))).toEqual({ code: ResultCode.BIN_NOT_FOUND });
  });

  it("heed their flags", () => {
    expect(run(sketch, hll.hllInit({}, CREATE_ONLY))).toEqual({ code: ResultCode.BIN_EXISTS });
    expect(run(sketch, hll.hllInit({}, CREATE_ONLY | NO_FAIL))).toEqual({ code: ResultCode.OK });
    expect(run(undefined, hll.hllInit({ indexBits: 8 }, UPDATE_ONLY))).toEqual({ code: ResultCode.BIN_NOT_FOUND });
    expect(changed(sketch, hll.hllInit())).toEqual(sketchOf([], 8));
  });

  it("give up precision only when allowed", () => {
    const coarse = sketchOf(["b"], 6);
    expect(run(sketch, hll.hllSetUnion([param(coarse)]))).toEqual({
      code: ResultCode.OP_NOT_APPLICABLE,
      detail: { subCode: 5 },
    });
    expect(changed(sketch, hll.hllSetUnion([param(coarse)], ALLOW_FOLD))).toEqual(sketchOf(["a", "b"], 6));
    expect(run(sketch, hll.hllFold(9))).toEqual({ code: ResultCode.OP_NOT_APPLICABLE, detail: { subCode: 8 } });
    expect(run(sketchOf(["a"], 8, 10), hll.hllFold(6))).toEqual({
      code: ResultCode.OP_NOT_APPLICABLE,
      detail: { subCode: 7 },
    });
  });

  it("find what is no sketch", () => {
    const text = { type: ParticleType.STRING, bytes: Uint8Array.of(0x61) };
    const broken = { type: ParticleType.HLL, bytes: sketch.bytes.subarray(1) };
    expect(run(text, hll.hllGetCount())).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
    expect(run(text, hll.hllAdd(["a"]))).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
    expect(run(broken, hll.hllGetCount())).toEqual({ code: ResultCode.SERVER_ERROR });
    const union = packed([HllOp.GET_UNION.code, [param(broken)]]);
    expect(applyHll(sketch, union, false)).toEqual({ code: ResultCode.PARAMETER_ERROR });
  });
});
