import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PackedError, packed, packedBin, unpacked } from "../../../../src/packed/index.js";
import { runs } from "../../../support/runs.js";

const NUM_RUNS = { numRuns: runs(800) };
const column = packedBin<unknown>({ shapes: [["x", "y"], ["name"]] });
const { fromBin } = column;

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

/** Reads bytes of anybody: a value, or an error of ours. */
function tryToRead(bytes: Uint8Array): void {
  for (const read of [unpacked, fromBin]) {
    try {
      read(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(PackedError);
    }
  }
  // What stands in the way of the next reader would be worse than a wrong value.
  expect(fromBin(GOOD)).toEqual([{ x: 1, y: 2 }, { name: "a" }]);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
}
const GOOD = column.toBin([{ x: 1, y: 2 }, { name: "a" }]);

describe("bytes of anybody give a value or a PackedError, and change nothing", () => {
  test("any bytes", () => {
    const start = fc.constantFrom([], [0xc1, 0], [0xc1, 1], [...GOOD.subarray(0, 6)]);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 60 }), (head, tail) => tryToRead(Uint8Array.of(...head, ...tail))),
      NUM_RUNS,
    );
  });

  test("values in which bytes were changed, cut off or added", () => {
    const values = [
      GOOD,
      packed({ a: [new Date(), 1n, "text", { b: new Uint8Array(3) }] }),
      packed(
        new Map<unknown, unknown>([
          ["a", new Set([new Error("x")])],
          [{ x: 1 }, /b/],
        ]),
      ),
      column.toBin([{ x: new Int16Array(2), y: [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }] }]),
    ];
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...values),
        fc.array(change, { maxLength: 3 }),
        fc.integer({ min: -9, max: 3 }),
        (value, changes, more) => {
          const bytes = new Uint8Array(value.length + more);
          bytes.set(value.subarray(0, bytes.length));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          tryToRead(bytes);
        },
      ),
      NUM_RUNS,
    );
  });
});

describe("refused before anything is made of it", () => {
  test.each<[string, string, string]>([
    ["nothing", "", "1 bytes should follow, at byte 0 of 0"],
    ["a list of 4,294,967,295", "dd ffffffff 00", "4294967295 values should follow"],
    ["a map of as many", "df ffffffff 00", "4294967295 entries should follow"],
    ["a text of as many", "db ffffffff 00", "4294967295 bytes should follow"],
    ["bytes of as many", "c6 ffffffff 00", "4294967295 bytes should follow"],
    ["a name __proto__", "81 a9 5f5f70726f746f5f5f 01", "a property is named __proto__"],
    ["a shape with __proto__", "c100 d47240 91 a9 5f5f70726f746f5f5f 01", "a property is named __proto__"],
    ["two values", "01 02", "1 bytes are behind the value"],
    ["an unknown extension", "d4 05 00", "it has an extension of type 5"],
    ["bundled strings", "c7 05 62 00000001c0", "it has an extension of type 98"],
    ["a pointer to nowhere", "c100 d6 70 00000001", "an extension of type 112 is wrong"],
    ["names that are a value", "c100 92 d669 00000001 90 d47240 d670 00000001", "an extension of type 112 is wrong"],
    ["an unknown shape", "c100 40", "it has no shape 0"],
    [
      "a class that is no error's",
      "c100 d46500 93 ab 636f6e7374727563746f72 a0 c0",
      "an extension of type 101 is wrong",
    ],
    ["half an element", "c7 04 74 03 000000", "an extension of type 116 is wrong"],
    ["a map with a list as a name", "81 90 01", "a name is no text"],
    ["a later version", "c1 21 00", "a later version has made it, or nobody"],
    ["a cut header", "c1", "a later version has made it, or nobody"],
  ])("%s", (_, hex, message) => {
    expect(() => unpacked(bytesOf(hex))).toThrow(PackedError);
    expect(() => unpacked(bytesOf(hex))).toThrow(message);
  });

  test("a shape that would change a known one", () => {
    const bytes = Uint8Array.of(...GOOD.subarray(0, 6), ...bytesOf("d47240 92 a161 a162 01 02"));
    expect(() => fromBin(bytes)).toThrow("it changes the known shape 0");
  });

  test("what is nested too deep", () => {
    expect(() => unpacked(new Uint8Array(100_000).fill(0x91))).toThrow("it is nested deeper than 1024 levels");
    const ids = Uint8Array.from({ length: 60_000 }, (_, i) => [0xd6, 0x69, 0, 0, 0, 1][i % 6] ?? 0);
    expect(() => unpacked(Uint8Array.of(0xc1, 0, ...ids))).toThrow("it is nested deeper than 1024 levels");
  });

  test("pointers that would make an endless text of a value with bytes behind it", () => {
    // Forty lists of twice the one before: a text of it would have 2^40 parts.
    const doubled = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner, inner], []);
    expect(() => unpacked(Uint8Array.of(...packed(doubled), 0))).toThrow("1 bytes are behind the value");
  });

  test("what is no bytes", () => {
    expect(() => unpacked("abc" as never)).toThrow('expected bytes, got "abc"');
    expect(() => fromBin({} as never)).toThrow("expected bytes, got an Object");
  });

  test("the error has a code, and says what msgpackr said where that refused", () => {
    // A regular expression of a flag that is none.
    expect(() => unpacked(bytesOf("c100 d47800 92 a161 a171"))).toThrow(
      expect.objectContaining({ name: "PackedError", code: "PACKED", cause: expect.any(SyntaxError) }),
    );
  });
});
