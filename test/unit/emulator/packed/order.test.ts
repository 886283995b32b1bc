import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePacked } from "../../../../emulator/packed/order.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { Double } from "../../../../protocol/value/double.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { compareMapKeys } from "../../../../protocol/value/map-key.js";
import { packSearchValue, type SearchValue } from "../../../../protocol/value/pack.js";
import { INFINITY, WILDCARD } from "../../../../protocol/value/special.js";
import type { Value } from "../../../../protocol/value/value.js";
import { mapKey, value } from "../../../support/arbitrary-value.js";
import { runs } from "../../../support/runs.js";

function packed(of: SearchValue): Uint8Array {
  const w = new Writer();
  packSearchValue(w, of);
  return w.copy();
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

function order(a: SearchValue, b: SearchValue): number {
  return Math.sign(comparePacked(packed(a), packed(b)));
}

/** NaN equals every double, so it belongs into no order. */
function holdsNaN(of: Value | undefined): boolean {
  if (typeof of === "number") return Number.isNaN(of);
  if (typeof of !== "object" || of === null || of instanceof Uint8Array) return false;
  if (of instanceof Double) return Number.isNaN(of.value);
  if (of instanceof GeoJson || of instanceof Hll) return false;
  if (of instanceof Map) return [...of.values()].some(holdsNaN);
  return Object.values(of).some(holdsNaN);
}

const ordered = value.filter((candidate) => !holdsNaN(candidate)).map((of) => packed(of));
/** Few different values, so that equal ones and long common beginnings come up. */
const few = fc
  .letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom<Value>(null, true, 0, 1, -1, "a", "b", new Double(1)),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b"), tie("value"), { maxKeys: 2 }),
    ),
  }))
  .value.map((of) => packed(of));
const either = fc.oneof(ordered, few);

describe("the order of packed values", () => {
  it("is the same from both sides", () => {
    fc.assert(
      fc.property(either, either, (a, b) => Math.sign(comparePacked(a, b)) === 0 - Math.sign(comparePacked(b, a))),
      { numRuns: runs(200) },
    );
  });

  it("holds over three values", () => {
    fc.assert(
      fc.property(either, either, either, (...three) => {
        const [a, b, c] = three.sort((x, y) => comparePacked(x, y));
        expect(comparePacked(a, b)).toBeLessThanOrEqual(0);
        expect(comparePacked(b, c)).toBeLessThanOrEqual(0);
        expect(comparePacked(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: runs(200) },
    );
  });

  it("finds a value equal to itself", () => {
    fc.assert(
      fc.property(
        value.map((of) => packed(of)),
        (a) => comparePacked(a, a) === 0,
      ),
    );
  });

  it("is the order that map keys are sent in", () => {
    fc.assert(fc.property(mapKey, mapKey, (a, b) => order(a, b) === Math.sign(compareMapKeys(a, b))));
  });

  it("goes by kind first", () => {
    const kinds: readonly SearchValue[] = [
      null,
      false,
      true,
      -(2n ** 63n),
      -1,
      0,
      2n ** 63n - 1n,
      "",
      "z",
      [],
      [0, 0],
      {},
      { a: null },
      new Uint8Array(0),
      Uint8Array.of(0xff),
      new Double(Number.NEGATIVE_INFINITY),
      new Double(0),
      new GeoJson("{}"),
      INFINITY,
    ];
    for (const [i, less] of kinds.entries()) {
      for (const greater of kinds.slice(i + 1))
        expect([less, greater, order(less, greater)]).toEqual([less, greater, -1]);
    }
  });

  it("compares lists by their elements and then by length, maps by size first", () => {
    expect(order([1, 2], [1, 2, 0])).toBe(-1);
    expect(order([2], [1, 9, 9])).toBe(1);
    expect(order([[1, 2], 9], [[1], 0])).toBe(1);
    expect(order({ a: 9 }, { a: 0, b: 0 })).toBe(-1);
    expect(order({ a: 1, b: 0 }, { a: 0, b: 9 })).toBe(1);
    expect(order({ a: 0 }, { b: 0 })).toBe(-1);
  });

  it("takes single precision for double, -0 for 0 and NaN for any double", () => {
    expect(comparePacked(bytes("ca3fc00000"), bytes("cb3ff8000000000000"))).toBe(0);
    expect(order(new Double(-0), new Double(0))).toBe(0);
    expect(order(Number.NaN, new Double(7))).toBe(0);
  });

  it("does not look at the width of integers", () => {
    expect(comparePacked(bytes("cd0005"), bytes("05"))).toBe(0);
    expect(comparePacked(bytes("d3ffffffffffffffff"), bytes("ff"))).toBe(0);
    expect(comparePacked(bytes("cfffffffffffffffff"), bytes("cf7fffffffffffffff"))).toBeGreaterThan(0);
  });

  it("steps over order markers", () => {
    expect(comparePacked(bytes("92c7000105"), bytes("9105"))).toBe(0);
    expect(comparePacked(bytes("82c70001c0a2036101"), bytes("81a2036101"))).toBe(0);
    expect(comparePacked(bytes("91c70001"), bytes("90"))).toBe(0);
  });

  it("ends with equality at a wildcard", () => {
    expect(order(WILDCARD, { a: [1] })).toBe(0);
    expect(order([1, WILDCARD], [1, "x", 3])).toBe(0);
    expect(order([1, WILDCARD], [1])).toBe(1);
    expect(order([1, WILDCARD], [2, 0])).toBe(-1);
    expect(order([WILDCARD], [])).toBe(1);
    expect(order([[1, WILDCARD], 5], [[1, 2], 9])).toBe(0);
    expect(order([1, INFINITY], [1, new GeoJson("{}"), 0])).toBe(1);
  });

  it("refuses malformed bytes", () => {
    const good = packed([1, { a: "b" }]);
    for (let length = 0; length < good.length; length++) {
      expect(() => comparePacked(good, good.subarray(0, length))).toThrow(ProtocolError);
    }
    expect(() => comparePacked(bytes("c1"), bytes("c1"))).toThrow(ProtocolError);
    expect(() => comparePacked(bytes("ddffffffff"), bytes("ddffffffff"))).toThrow(ProtocolError);
  });

  it("follows any nesting", () => {
    const deep = new Uint8Array(200_000).fill(0x91);
    deep[deep.length - 1] = 0x01;
    const deeper = deep.slice();
    deeper[deeper.length - 1] = 0x02;
    expect(comparePacked(deep, deeper)).toBeLessThan(0);
  });
});
