import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INT64_MAX, INT64_MIN } from "../../../../../protocol/limits.js";
import {
  complement,
  has,
  hull,
  type IntervalSet,
  intersection,
  interval,
  union,
} from "../../../../../src/query/index-choice/interval-set.js";
import * as preimage from "../../../../../src/query/index-choice/preimage.js";
import { runs } from "../../../../support/runs.js";

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const extremes = [
  INT64_MIN,
  INT64_MIN + 1n,
  -(2n ** 62n),
  -(2n ** 32n),
  -2n,
  -1n,
  0n,
  1n,
  2n,
  3n,
  10n,
  2n ** 32n,
  2n ** 53n,
  2n ** 62n,
  INT64_MAX - 1n,
  INT64_MAX,
];
const integer = fc.oneof(
  fc.constantFrom(...extremes),
  fc.bigInt({ min: -200n, max: 200n }),
  fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
);
const set = fc
  .array(fc.tuple(integer, integer), { minLength: 1, maxLength: 3 })
  .map((pairs) => union(...pairs.map(([a, b]) => (a < b ? interval(a, b) : interval(b, a)))));

/** Integers where something may change: around each end of a set as seen back through the operation. */
function candidates(sets: readonly IntervalSet[], more: readonly bigint[]): bigint[] {
  const found = [...more, ...extremes];
  for (const each of sets) {
    for (const { low, high } of each)
      for (const at of [low, high]) for (let d = -2n; d <= 2n; d++) found.push(wrap(at + d));
  }
  return found;
}

interface Operation {
  /** What the server makes of x; undefined for unknown. */
  readonly forward: (x: bigint, c: bigint) => bigint | undefined;
  readonly back: (set: IntervalSet, c: bigint) => IntervalSet;
  /** Whether the answer has no integer too many. */
  readonly isExact: (set: IntervalSet, c: bigint) => boolean;
}

const always = (): boolean => true;
const divide = (a: bigint, b: bigint): bigint | undefined => (b === 0n ? undefined : wrap(a / b));

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "x + c": { forward: (x, c) => wrap(x + c), back: preimage.preimageOfSum, isExact: always },
  "c - x": { forward: (x, c) => wrap(c - x), back: preimage.preimageOfDifference, isExact: always },
  "x * c": {
    forward: (x, c) => wrap(x * c),
    back: preimage.preimageOfProduct,
    isExact: (values, c) => (c < 0n ? -c : c) <= 64n && values.length === 1,
  },
  "x / c": { forward: divide, back: preimage.preimageOfQuotient, isExact: always },
  "c / x": { forward: (x, c) => divide(c, x), back: preimage.preimageOfDivisor, isExact: always },
  "x % c": {
    forward: (x, c) => (c === 0n ? undefined : x % c),
    back: preimage.preimageOfRemainder,
    isExact: () => false,
  },
  "|x|": { forward: (x) => wrap(x < 0n ? -x : x), back: preimage.preimageOfAbs, isExact: always },
  "~x": { forward: (x) => ~x, back: preimage.preimageOfNot, isExact: always },
  "x << c": { forward: (x, c) => wrap(x << (c & 63n)), back: preimage.preimageOfLeftShift, isExact: () => false },
  "x >> c": { forward: (x, c) => x >> (c & 63n), back: preimage.preimageOfArithmeticShift, isExact: always },
  "x >>> c": {
    forward: (x, c) => wrap(BigInt.asUintN(64, x) >> (c & 63n)),
    back: preimage.preimageOfLogicalShift,
    isExact: always,
  },
  "max(x, c)": {
    forward: (x, c) => (x > c ? x : c),
    back: (values, c) => preimage.preimageOfMax(values, c, false),
    isExact: (values) => values.length === 1,
  },
  "min(x, c)": {
    forward: (x, c) => (x < c ? x : c),
    back: (values, c) => preimage.preimageOfMin(values, c, false),
    isExact: (values) => values.length === 1,
  },
};

describe("which integers lead to a set", () => {
  for (const [name, { forward, back, isExact }] of Object.entries(OPERATIONS)) {
    test(`${name}: none is missed, and where it can be, none is too many`, () => {
      fc.assert(
        fc.property(set, integer, fc.array(integer, { maxLength: 8 }), (values, c, more) => {
          const found = back(values, c);
          for (const x of candidates([found, values], more)) {
            const result = forward(x, c);
            const isIn = result !== undefined && has(values, result);
            if (isIn) expect(has(found, x), `${x} with ${c} gives ${result}`).toBe(true);
            else if (isExact(values, c)) expect(has(found, x), `${x} with ${c} gives ${result}`).toBe(false);
          }
        }),
        { numRuns: runs(80) },
      );
    });
  }

  test("a product with an even factor has as many sources as twos, an odd one has one", () => {
    const five = interval(5n, 5n);
    expect(preimage.preimageOfProduct(interval(15n, 15n), 3n)).toEqual(five);
    expect(preimage.preimageOfProduct(interval(5000n, 5000n), 1000n)).toHaveLength(8);
    expect(preimage.preimageOfProduct(five, 1000n)).toEqual([]);
    expect(preimage.preimageOfProduct(interval(7n, 7n), 1001n)).toHaveLength(1);
  });

  test("x as a float: to the last integer that the rounding lets in", () => {
    const bounds = [0, -0, 0.5, -0.5, 1e15 + 0.5, 2 ** 53, 2 ** 53 + 2, -(2 ** 60), 2 ** 63, -(2 ** 63), 1e300, -1e300];
    for (const bound of bounds) {
      const tests: readonly ((value: number) => boolean)[] = [
        (value) => value > bound,
        (value) => value >= bound,
        (value) => value < bound,
        (value) => value <= bound,
      ];
      for (const accepts of tests) {
        const found = preimage.preimageOfToFloat(accepts);
        for (const x of candidates([found], [])) expect(has(found, x)).toBe(accepts(Number(x)));
      }
    }
  });
});

describe("sets of integers", () => {
  test("union, intersection, complement and hull agree with membership", () => {
    fc.assert(
      fc.property(set, set, integer, (a, b, x) => {
        expect(has(union(a, b), x)).toBe(has(a, x) || has(b, x));
        expect(has(intersection(a, b), x)).toBe(has(a, x) && has(b, x));
        expect(has(complement(a), x)).toBe(!has(a, x));
        const around = hull(a);
        if (has(a, x)) expect(around !== undefined && around.low <= x && x <= around.high).toBe(true);
        expect(complement(complement(a))).toEqual(a);
      }),
    );
  });

  test("pieces that touch become one, and too many of them the range around", () => {
    expect(union(interval(1n, 2n), interval(3n, 4n))).toEqual(interval(1n, 4n));
    const points = Array.from({ length: 300 }, (_, i) => interval(BigInt(i * 2), BigInt(i * 2)));
    expect(union(...points)).toEqual(interval(0n, 598n));
    expect(interval(5n, 4n)).toEqual([]);
    expect(hull([])).toBeUndefined();
  });
});
