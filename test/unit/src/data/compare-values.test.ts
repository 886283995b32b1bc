import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareValues } from "../../../../src/data/compare-values.js";
import { GeoJson, Hll } from "../../../../src/index.js";
import { anyText } from "../../../support/arbitrary-text.js";
import { runs } from "../../../support/runs.js";

/** In order; those of one line are equal. */
const ORDER: readonly (readonly unknown[])[] = [
  [undefined, null],
  [false],
  [true],
  [Number.NaN],
  [Number.NEGATIVE_INFINITY],
  [-(2n ** 63n)],
  [-1, -1n],
  [0, -0, 0n],
  [1],
  [1.5],
  [2n, 2],
  [2 ** 53 - 1],
  [2n ** 53n],
  ["", ""],
  ["A"],
  ["a"],
  ["aa"],
  ["\uffe5"],
  ["\u{1f600}"],
  [[], []],
  [[1]],
  [[1, "a"]],
  [[1, "b"]],
  [[2]],
  [{}, new Map()],
  [{ a: 2 }, new Map([["a", 2]])],
  [{ b: 1 }],
  [
    new Map([
      [1, 9],
      [2, 0],
    ] as const),
    new Map([
      [2, 0],
      [1, 9],
    ] as const),
  ],
  [
    { 1: 1, a: 1 },
    { a: 1, 1: 1 },
  ],
  [new Uint8Array(0)],
  [Uint8Array.of(1), new Hll(Uint8Array.of(1))],
  [Uint8Array.of(1, 0)],
  [Uint8Array.of(255)],
  [new GeoJson('{"type":"Point","coordinates":[1,2]}')],
  [new GeoJson('{"type":"Point","coordinates":[2,2]}')],
];

describe("compareValues", () => {
  it("orders values as servers do, numbers by value", () => {
    for (const [i, line] of ORDER.entries()) {
      for (const [k, other] of ORDER.entries()) {
        for (const a of line) {
          for (const b of other) expect(Math.sign(compareValues(a, b)), `${i} and ${k}`).toBe(Math.sign(i - k));
        }
      }
    }
  });

  it("is an order: what sorts before what does not depend on where they stood", () => {
    const value = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        anyText(),
        fc.uint8Array(),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 3 }), tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0);
        expect(compareValues(a, a)).toBe(0);
      }),
      { numRuns: runs(40) },
    );
  });
});
