import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packed, packedBin, unpacked } from "../../../../src/packed/index.js";
import { anyText } from "../../../support/arbitrary-text.js";
import { runs } from "../../../support/runs.js";

const NUM_RUNS = { numRuns: runs(80) };

const TYPED_ARRAYS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;

const text = anyText(40);
const name = text.filter((one) => one !== "__proto__" && one !== "__keys__");
const date = fc.date({ noInvalidDate: false });
const bytes = fc.uint8Array({ maxLength: 300 });

/** What every language reads. */
const plainLeaf = fc.oneof(
  text,
  fc.double().map((number) => number + 0),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  fc.constantFrom(null, undefined, true, false, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 63n), -(2n ** 63n) - 1n),
  date,
  bytes,
);
const typedArray = fc
  .tuple(fc.constantFrom(...TYPED_ARRAYS), fc.uint8Array({ minLength: 64, maxLength: 64 }))
  .map(([Type, { buffer }]) => new Type(buffer.slice(0)));
const cloneLeaf = fc.oneof(
  plainLeaf,
  typedArray,
  bytes.map(({ buffer }) => buffer.slice(0)),
  bytes.map(({ buffer }) => new DataView(buffer.slice(0))),
  fc.constantFrom(/a+(?<b>c)/gu, /x/),
  text.map((message) => new RangeError(message, { cause: undefined })),
);

function trees(leaf: fc.Arbitrary<unknown>, isClone: boolean): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      fc.array(tie("node"), { maxLength: 20 }),
      fc.dictionary(name, tie("node"), { maxKeys: 20, noNullPrototype: true }),
      ...(isClone
        ? [
            fc.array(fc.tuple(tie("node"), tie("node")), { maxLength: 6 }).map((entries) => new Map(entries)),
            fc.array(tie("node"), { maxLength: 6 }).map((list) => new Set(list)),
          ]
        : []),
    ),
  }))["node"];
}

const anything = trees(cloneLeaf, true);

describe("what is packed comes back as it was", () => {
  test("plain values, as MessagePack without a header", () => {
    fc.assert(
      fc.property(trees(plainLeaf, false), (value) => {
        const made = packed(value);
        expect(made[0]).not.toBe(0xc1);
        expect(unpacked(made)).toStrictEqual(value);
      }),
      NUM_RUNS,
    );
  });

  test("everything else that is built in", () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(unpacked(packed(value))).toStrictEqual(value);
      }),
      NUM_RUNS,
    );
  });

  test("with shapes that are declared, met or not", () => {
    const shape = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
    const shapes = fc.uniqueArray(shape, { maxLength: 32, selector: (one) => JSON.stringify(one) });
    fc.assert(
      fc.property(shapes, anything, fc.array(fc.nat()), (list, other, picks) => {
        const column = packedBin<unknown>({ shapes: list });
        const met = picks.map((pick) => Object.fromEntries((list[pick % list.length] ?? []).map((one) => [one, pick])));
        const value = [met, other];
        expect(column.fromBin(column.toBin(value))).toStrictEqual(value);
      }),
      NUM_RUNS,
    );
  });

  test("more shapes in one value than msgpackr has numbers for", () => {
    const value = Array.from({ length: 500 }, (_, i) => ({ [`a${i % 97}`]: i, b: new Set([i]) }));
    expect(unpacked(packed(value))).toStrictEqual(value);
  });

  test("objects that occur several times are one object again, also within themselves", () => {
    const shared = { list: [1, 2] };
    const value: Record<string, unknown> = { a: shared, b: shared, map: new Map(), set: new Set(), array: [] };
    value["self"] = value;
    (value["map"] as Map<unknown, unknown>).set("map", value["map"]);
    (value["set"] as Set<unknown>).add(value["set"]);
    (value["array"] as unknown[]).push(value["array"], 1);
    const read = unpacked(packed(value)) as Record<string, unknown>;
    expect(read["a"]).toBe(read["b"]);
    expect(read["a"]).toEqual(shared);
    expect(read["self"]).toBe(read);
    expect((read["map"] as Map<unknown, unknown>).get("map")).toBe(read["map"]);
    expect((read["set"] as Set<unknown>).has(read["set"])).toBe(true);
    expect((read["array"] as unknown[])[0]).toBe(read["array"]);
    expect(read["array"]).toHaveLength(2);
  });

  test("errors, with cause and the errors of an AggregateError", () => {
    const error = new AggregateError([new TypeError("a"), "b"], "both", { cause: { code: 7n } });
    error.name = "Custom";
    const read = unpacked(packed({ plain: new SyntaxError("c"), error })) as Record<string, AggregateError>;
    expect(read["plain"]).toBeInstanceOf(SyntaxError);
    expect(read["error"]).toMatchObject({ name: "Custom", message: "both", cause: { code: 7n } });
  });

  test("bytes are a copy, of a class that every runtime has", () => {
    const made = packed([Buffer.from("abc"), Uint8Array.of(1)]);
    const [buffer, array] = unpacked(Buffer.from(made)) as Uint8Array[];
    made.fill(0);
    expect([buffer, array]).toStrictEqual([Uint8Array.of(97, 98, 99), Uint8Array.of(1)]);
  });

  test("-0 becomes 0, holes become undefined, objects of another realm or of none become plain", () => {
    const sparse: unknown[] = [];
    sparse[1] = -0;
    const none: object = Object.assign(Object.create(null), { a: 1, constructor: "x", toJSON: 2, hasOwnProperty: 3 });
    expect(unpacked(packed([sparse, none]))).toStrictEqual([
      [undefined, 0],
      { a: 1, constructor: "x", toJSON: 2, hasOwnProperty: 3 },
    ]);
  });
});

describe("what can't be packed is a TypeError that names the place", () => {
  class Money {
    cents = 1;
  }
  test.each<[string, unknown, string]>([
    ["functions", { a: [() => 1] }, ".a[0]: a function can't be packed"],
    ["symbols", [Symbol("x")], "[0]: a symbol can't be packed"],
    ["objects of a class", { price: new Money() }, ".price: a Money can't be packed: only plain objects, arrays"],
    ["subclasses", new Map([["m", new (class Ids extends Set {})()]]), '["m"]: an Ids can\'t be packed'],
    ["wrappers", { a: new Map([[Object(1), 1]]) }, ".a<key of a Map>: a Number can't be packed"],
    ["promises", new Set([Promise.resolve()]), "<in a Set>: a Promise can't be packed"],
    ["half a surrogate pair", { a: "\ud800" }, ".a: the string holds half a surrogate pair"],
    ["__proto__", JSON.parse('{"a":{"__proto__":1}}'), ".a: a property named __proto__ can't be packed"],
    ["__keys__", { __keys__: 1 }, "a property named __keys__ can't be packed"],
  ])("%s", (_, value, message) => {
    expect(() => packed(value)).toThrow(TypeError);
    expect(() => packed(value)).toThrow(message);
  });

  test("an error that is part of itself", () => {
    const error = new Error("a");
    error.cause = [error];
    expect(() => packed(error)).toThrow(".cause[0]: an Error that is part of itself can't be packed");
  });

  test("an error of a name that is none of an error's", () => {
    const error = new Error("a");
    error.name = "valueOf";
    expect(() => packed(error)).toThrow(RangeError);
  });
});

describe("limits", () => {
  test("size: 1 MiB, or what maxBytes says", () => {
    const million = 1_048_576;
    expect(packed("x".repeat(million - 5))).toHaveLength(million);
    expect(() => packed("x".repeat(million - 4))).toThrow(
      new RangeError("The packed value has 1048577 bytes, where maxBytes allows 1048576"),
    );
    const small = packedBin<unknown>({ maxBytes: 10 });
    expect(small.toBin("x".repeat(9))).toHaveLength(10);
    expect(() => small.toBin("x".repeat(10))).toThrow(RangeError);
    expect(() => small.toBin(new Set("x".repeat(6)))).not.toThrow();
    expect(() => small.fromBin(packed("x".repeat(10)))).toThrow("it has 11 bytes, where maxBytes allows 10");
  });

  test("depth: 256 levels", () => {
    const nested = (levels: number, wrap: (value: unknown) => unknown): unknown =>
      levels === 0 ? 0 : wrap(nested(levels - 1, wrap));
    for (const wrap of [(v: unknown) => [v], (v: unknown) => ({ v }), (v: unknown) => new Set([v])]) {
      expect(unpacked(packed(nested(256, wrap)))).toStrictEqual(nested(256, wrap));
      expect(() => packed(nested(257, wrap))).toThrow(
        new RangeError("A value that is nested deeper than 256 levels can't be packed"),
      );
    }
  });

  test("shapes that a value brings", () => {
    const many = Array.from({ length: 10_001 }, (_, i) => ({ [`k${i}`]: i }));
    expect(() => packed([new Set(), many])).toThrow(/^The value can't be packed.*more than 10000 shapes/);
    expect(unpacked(packed(many))).toStrictEqual(many);
  });
});

describe("options", () => {
  test.each<[unknown, string]>([
    [null, "packedBin: expected options to be an object, got null"],
    [{ shape: [] }, 'packedBin: there is no option "shape"; there are shapes and maxBytes'],
    [{ maxBytes: 0 }, "packedBin: expected maxBytes to be a whole number from 1, got 0"],
    [{ shapes: "ab" }, 'packed: expected shapes to be a list of lists of property names, got "ab"'],
    [{ shapes: ["ab"] }, 'packed: expected shapes[0] to be a list of property names, got "ab"'],
    [{ shapes: [["a"], [1]] }, "packed: expected shapes[1] to be names, got 1"],
    [{ shapes: [[]] }, "packed: expected shapes[0] to be one name or more, got none"],
    [{ shapes: [["a", "a"]] }, "packed: expected shapes[0] to be names that differ, got an Array"],
    [{ shapes: [["a"], ["a"]] }, "packed: one of the shapes is there twice"],
    [{ shapes: Array.from({ length: 33 }, (_, i) => [`a${i}`]) }, "packed: expected at most 32 shapes, got 33"],
  ])("%o", (options, message) => {
    expect(() => packedBin(options as never)).toThrow(message);
  });
});
