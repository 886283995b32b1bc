import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../../ael/params.js";
import { applyExpRead } from "../../../../emulator/exp/index.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { Double, double } from "../../../../protocol/value/double.js";
import { packListHeader } from "../../../../protocol/value/pack.js";
import { writeParticle } from "../../../../protocol/value/particle.js";
import type { Value } from "../../../../protocol/value/value.js";

import { parseAel, parseFilter } from "../../../../src/ael/compile.js";
import { formatAel } from "../../../../src/ael/format.js";
import { prepareAel } from "../../../../src/ael/prepared.js";
import { explainAel } from "../../../../src/query/explain-ael.js";
import { runs } from "../../../support/runs.js";
import { viewWith } from "../../emulator/exp/tiny-view.js";
import { type Exp, hex } from "./expected.js";

// Bins that hold INT in some records and FLOAT in others.

function bin(value: Value): BinValue {
  const w = new Writer(16);
  return { type: writeParticle(w, value), bytes: w.copy() };
}

/** true, false, or undefined for what can't be decided. */
function truthOf(exp: Exp, bins: Readonly<Record<string, Value>>): boolean | undefined {
  const stored = Object.fromEntries(Object.entries(bins).map(([name, value]) => [name, bin(value)]));
  const w = new Writer(64);
  packListHeader(w, 2);
  w.bytes(exp.packed);
  w.u8(0x10);
  const { code, result } = applyExpRead(viewWith(stored), w.copy());
  expect(code).toBe(0);
  return result === undefined || result === null ? undefined : result.bytes[0] === 1;
}

const OPERATORS = ["==", "!=", "<", "<=", ">", ">="] as const;

/** Compares by value, exactly. */
function compared(op: string, left: number | bigint, right: number | bigint): boolean {
  switch (op) {
    case "==":
      // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number of one value are equal this way alone.
      return left == right;
    case "!=":
      // biome-ignore lint/suspicious/noDoubleEquals: see above.
      return left != right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

const EDGE = 2n ** 53n;
const MAX = 2n ** 63n - 1n;
const integers = fc.oneof(
  fc.bigInt({ min: -9n, max: 9n }),
  fc.bigInt({ min: -4n, max: 4n }).map((near) => EDGE + near),
  fc.bigInt({ min: -4n, max: 4n }).map((near) => -EDGE + near),
  fc.bigInt({ min: 0n, max: 2000n }).map((below) => MAX - below),
  fc.bigInt({ min: 0n, max: 2000n }).map((above) => -MAX - 1n + above),
);
const doubles = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map((half) => half / 2),
  integers.map(Number),
  fc.constantFrom(2 ** 63, -(2 ** 63), 1e300, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
  fc.double({ noNaN: true }),
);
const stored: fc.Arbitrary<bigint | Double> = fc.oneof(integers, doubles.map(double));
const plain = (value: bigint | Double): number | bigint => (value instanceof Double ? value.value : value);

describe("NUMBER", () => {
  test("beside a constant it is compared by value, whichever it is, however large", () => {
    fc.assert(
      fc.property(stored, stored, fc.constantFrom(...OPERATORS), (value, constant, op) => {
        const filter = parseAel(`$.n:NUMBER ${op} ?0`, constant);
        expect(truthOf(filter, { n: value })).toBe(compared(op, plain(value), plain(constant)));
        const turned = parseAel(`?0 ${op} $.n:NUMBER`, constant);
        expect(truthOf(turned, { n: value })).toBe(compared(op, plain(constant), plain(value)));
      }),
      { numRuns: runs(400) },
    );
  });

  test("in a list it is found by value", () => {
    fc.assert(
      fc.property(stored, fc.array(stored, { maxLength: 5 }), (value, list) => {
        const filter = parseAel("$.n:NUMBER in ?0", list);
        expect(truthOf(filter, { n: value })).toBe(list.some((each) => compared("==", plain(value), plain(each))));
      }),
      { numRuns: runs(200) },
    );
  });

  test.each<[text: string, params: readonly AelParam[], expected: (value: number) => boolean]>([
    ["$.n:NUMBER > 5.5", [], (value) => value > 5.5],
    ["5.5 < $.n:NUMBER", [], (value) => value > 5.5],
    ["$.n:NUMBER between 2 and 9.5", [], (value) => value >= 2 && value <= 9.5],
    ["$.n:NUMBER between ?0 and ?1", [2, 9.5], (value) => value >= 2 && value <= 9.5],
    ["$.n:NUMBER in [2, 2.5, 10]", [], (value) => [2, 2.5, 10].includes(value)],
    ["$.n:NUMBER in ?0", [[2, 2.5, 10]], (value) => [2, 2.5, 10].includes(value)],
    ["not($.n:NUMBER == 10) and $.n:NUMBER != 2.5", [], (value) => value !== 10 && value !== 2.5],
    ["$.n:NUMBER >= $.half:FLOAT * 2.0", [], (value) => value >= 9],
    ["$.n:NUMBER < $.whole:INT", [], (value) => value < 5],
    ["$.n:NUMBER <= $.half:NUMBER", [], (value) => value <= 4.5],
    ["$.n:NUMBER in []", [], () => false],
    ["$.n:NUMBER in ?0", [[]], () => false],
  ])("%s %j", (text, params, expected) => {
    const filter = parseFilter(text, params);
    const prepared = prepareAel(text).bind(...params);
    expect(hex(prepared)).toBe(hex(filter));
    for (const value of [1, 2, 2.5, 4.5, 5, 5.75, 9, 9.5, 10, 11]) {
      expect(truthOf(filter, { n: value, half: 4.5, whole: 5 }), String(value)).toBe(expected(value));
    }
  });

  test("what is missing or no number is unknown", () => {
    const filter = parseAel("$.n:NUMBER > 5");
    expect(truthOf(filter, {})).toBeUndefined();
    expect(truthOf(filter, { n: "9" })).toBeUndefined();
    expect(truthOf(parseAel("not($.n:NUMBER > 5)"), { n: "9" })).toBeUndefined();
  });

  test("every server can work it out", () => {
    expect(parseAel("$.n:NUMBER > 5.5 and $.n:NUMBER between 1 and 9.5").minVersion).toBe("6.0");
    expect(parseAel("$.n:NUMBER in [1, 2.5]").minVersion).toBe("6.1");
  });

  test("each mention stands by itself", () => {
    const filter = parseAel("$.n:NUMBER > 5 and $.n:LOCAL:INT < 9");
    expect(truthOf(filter, { n: 7 })).toBe(true);
    expect(truthOf(filter, { n: 7.5 })).toBeUndefined();
  });

  test("values of another kind are other values of a prepared text", () => {
    const prepared = prepareAel("$.n:NUMBER > ?0");
    expect(truthOf(prepared.bind(5.5), { n: 6 })).toBe(true);
    expect(truthOf(prepared.bind(6), { n: 6 })).toBe(false);
    expect(truthOf(prepared.bind(double(5)), { n: 6 })).toBe(true);
    expect(truthOf(prepared.bind(5n), { n: 5.5 })).toBe(true);
  });

  test("it is an extension, which explainAel says and formatAel keeps", () => {
    expect(formatAel("$.n:NUMBER>5")).toBe("$.n:NUMBER > 5");
    expect(explainAel("$.n:NUMBER > 5").notes).toEqual([
      { at: 4, end: 10, old: "NUMBER", now: "INT or FLOAT; NUMBER, which is both, is an extension" },
    ]);
  });

  test.each<[text: string, params: readonly AelParam[], message: string]>([
    ["$.n:NUMBER + 1 > 2", [], "A NUMBER is compared: with ==, !=, <, <=, >, >=, between or in"],
    ["$.n:NUMBER", [], "A NUMBER is compared"],
    ["$.n:NUMBER == 'a'", [], "A NUMBER is compared with INT and FLOAT; the literal 'a' is STRING"],
    ["$.n:NUMBER > $.m", [], "The type of $.m is open: it may be INT or FLOAT"],
    ["$.n:NUMBER > ?0", ["x"], "A NUMBER is compared with INT and FLOAT; the value of ?0 is STRING"],
    ["$.n:NUMBER > ?0", [Number.NaN], "NaN is no number that another can be compared with"],
    ["$.n:NUMBER in [1, 'a']", [], "A NUMBER is looked for among INT and FLOAT, not STRING"],
    ["$.n:NUMBER in ?0", [[1, "a"]], "A NUMBER is looked for among INT and FLOAT, not STRING"],
    ["$.n:NUMBER in ?0", [[Number.NaN]], "NaN is no number"],
    ["$.n:NUMBER in $.list", [], "A NUMBER is looked for in a list literal or a parameter that is a list"],
    ["$.n:NUMBER:INT > 1", [], "NUMBER is the one word behind a bin"],
    ["$.n:INT:NUMBER > 1", [], "NUMBER is the one word behind a bin"],
    ["$.n:LOCAL:NUMBER > 1", [], "expected a type"],
    ["$.l:LIST.*[?($.n:NUMBER > 1)].count() > 0", [], "A bin is not known inside a path's condition"],
    ["$.m.a:NUMBER > 1", [], "expected a type"],
    ["$.n:NUMBER =~ /a/", [], "A NUMBER is compared"],
  ])("%s %j is refused", (text, params, message) => {
    expect(() => parseFilter(text, params)).toThrow(message);
  });
});

describe("bins that are known to hold FLOAT", () => {
  const doubleBins = new Set(["price"]);

  test.each<[text: string, params: readonly AelParam[], same: string, sameParams: readonly AelParam[]]>([
    ["$.price > ?0", [10], "$.price > 10.0", []],
    ["$.price in ?0", [[10, 11]], "$.price in [10.0, 11.0]", []],
    ["$.price between ?0 and ?1", [1, 2], "$.price between 1.0 and 2.0", []],
    ["$.price == $.other", [], "$.price:FLOAT == $.other:FLOAT", []],
    ["$.price:LOCAL:INT > ?0", [10], "$.price:LOCAL:INT > 10", []],
    ["$.price:NUMBER > ?0", [10], "$.price:NUMBER > 10", []],
    ["$.m.price > ?0", [10], "$.m.price > 10", []],
    ["$.other > ?0", [10], "$.other > 10", []],
  ])("%s %j", (text, params, same, sameParams) => {
    expect(hex(parseFilter(text, params, doubleBins))).toBe(hex(parseFilter(same, sameParams)));
    expect(hex(prepareAel(text).bindAs(params, "bool", doubleBins))).toBe(hex(parseFilter(same, sameParams)));
  });

  test("an integer beside one is an error, which says why", () => {
    expect(() => parseFilter("$.price > 10", [], doubleBins)).toThrow(
      "$.price is FLOAT: its data set says so in doubles (1:1)",
    );
    expect(() => parseFilter("$.price > 10", [], doubleBins)).toThrow("Write 10.0");
    expect(() => parseFilter("$.price > ?0", [10n], doubleBins)).toThrow("Cannot compare FLOAT to INT");
  });
});
