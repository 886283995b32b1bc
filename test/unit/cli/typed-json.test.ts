import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTyped, stringifyTyped } from "../../../cli/values/typed-json.js";
import { Double, double, GeoJson, Hll } from "../../../src/index.js";

/** As a connection with `int64: "bigint"` and `maps: "map"` would give back what was written. */
function asRead(value: unknown): unknown {
  if (value instanceof Double) return value.value;
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return value.map(asRead);
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [asRead(key), asRead(member)]));
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? new Map(Object.entries(value).map(([key, member]) => [key, asRead(member)])) : value;
}

const key = fc.oneof(fc.string(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.uint8Array());
const scalar = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  fc.string().map((text) => new GeoJson(text)),
  fc.uint8Array().map((bytes) => new Hll(new Uint8Array(bytes))),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie("value"), { maxLength: 4 }), tie("map")),
  map: fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
}));

describe("typed JSON", () => {
  test("what is read comes back as it was, with its type", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(asRead(parseTyped(stringifyTyped(value)))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [1n, "1"],
    [1, "1.0"],
    [-0, "-0.0"],
    [1e300, "1e+300"],
    [Number.NaN, '{"$double":"NaN"}'],
    [Number.NEGATIVE_INFINITY, '{"$double":"-Infinity"}'],
    [9007199254740993n, "9007199254740993"],
    [new Uint8Array([0, 1]), '{"$bytes":"AAE="}'],
    [new Map([["a", 1n]]), '{"a":1}'],
    [new Map([[1n, "x"]]), '{"$map":[[1,"x"]]}'],
    [new Map([["$a", 1n]]), '{"$map":[["$a",1]]}'],
    [new Map([["__proto__", 1n]]), '{"$map":[["__proto__",1]]}'],
    [double(2), "2.0"],
  ])("%s is %s", (value, text) => {
    expect(stringifyTyped(value)).toBe(text);
  });

  test.each([
    ['{"$bytes":"?"}', "$bytes: expected base64"],
    ['{"$bytes":1}', "$bytes: expected text"],
    ['{"$no":1}', '{"$no": …}: expected an object with one of $bytes, $double, $geojson, $hll, $map alone'],
    ['{"a":1,"$bytes":""}', '{"$bytes": …}: expected an object with one of'],
    ['{"$map":[1]}', "$map: expected a list of pairs"],
    ['{"$double":"x"}', '$double: "x" is no number'],
    ["9223372036854775808", "9223372036854775808 is no integer of 64 bits; write 9223372036854775808.0 for a double"],
  ])("%s is refused", (text, message) => {
    expect(() => parseTyped(text)).toThrow(message);
  });
});
