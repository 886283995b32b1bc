import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { Double, double } from "../../../../protocol/value/double.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { packSearchValue, packValue, type SearchValue } from "../../../../protocol/value/pack.js";
import { writeParticle } from "../../../../protocol/value/particle.js";
import { INFINITY, type Special, WILDCARD } from "../../../../protocol/value/special.js";
import type { Value } from "../../../../protocol/value/value.js";

/** Calls from JavaScript can pass anything. */
function untyped(value: unknown): Value {
  return value as Value;
}

function refusal(value: unknown): string {
  try {
    writeParticle(new Writer(), untyped(value));
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return String(error);
  }
  throw new Error("it was written");
}

class Point {
  readonly x = 1;
}

const cycle: unknown[] = [];
cycle.push(cycle);

let deep: unknown = [];
for (let level = 0; level < 64; level++) deep = [deep];

describe("values of no Aerospike type", () => {
  it.each([
    [undefined, "undefined has no Aerospike type"],
    [() => 1, "a function has no Aerospike type"],
    [Symbol("x"), "Symbol(x) has no Aerospike type"],
    [new Date(0), "a Date has no Aerospike type"],
    [new Set([1]), "a Set has no Aerospike type"],
    [new Point(), "a Point has no Aerospike type"],
    [new Float64Array(1), "a Float64Array has no Aerospike type"],
    [/x/, "a RegExp has no Aerospike type"],
    [2n ** 63n, "9223372036854775808n does not fit a 64-bit signed integer"],
    [-(2n ** 63n) - 1n, "does not fit a 64-bit signed integer"],
    ["a\ud800", "half a surrogate pair"],
    [new GeoJson("\udfff"), "half a surrogate pair"],
  ])("are refused in bins and in lists: %s", (value, message) => {
    expect(refusal(value)).toContain(message);
    expect(refusal([value])).toContain(message.replace("Symbol(x)", "a symbol"));
    expect(refusal([value])).toContain("[0]");
  });

  it.each([
    [new Map([[1.5, 1]]), "1.5 can't be a map key"],
    [new Map([[Number.NaN, 1]]), "NaN can't be a map key"],
    [new Map([[null, 1]]), "null can't be a map key"],
    [new Map([[true, 1]]), "true can't be a map key"],
    [new Map([[[1], 1]]), "an Array can't be a map key"],
    [new Map([[{}, 1]]), "an Object can't be a map key"],
    [new Map([[double(1), 1]]), "a Double can't be a map key"],
    [new Map([[2n ** 63n, 1]]), "9223372036854775808n can't be a map key"],
    [new Map([[new GeoJson("{}"), 1]]), "a GeoJson can't be a map key"],
    [
      new Map<unknown, number>([
        [1, 1],
        [1n, 2],
      ]),
      "has the key 1n twice",
    ],
    [
      new Map([
        [Uint8Array.of(1), 1],
        [Uint8Array.of(1), 2],
      ]),
      "has the key a Uint8Array twice",
    ],
  ])("are refused as keys: %s", (value, message) => {
    expect(refusal(value)).toContain(message);
    expect(refusal({ inner: value })).toContain(message);
  });

  it("are named by the path to them", () => {
    expect(refusal({ a: [1, { "b c": new Date(0) }] })).toContain('.a[1]["b c"]: a Date');
    expect(refusal(new Map([[5, [undefined]]]))).toContain("[5][0]: undefined");
  });

  it("are holes and cycles and what nests too deep", () => {
    expect(refusal(new Array(2))).toContain("[0]: undefined has no Aerospike type");
    expect(refusal(cycle)).toContain("nested deeper than 64 levels (or a cycle)");
    expect(refusal(deep)).toContain("nested deeper than 64 levels");
    expect(refusal({ a: deep })).toContain("nested deeper than 64 levels");
  });

  it("are wildcard and infinity, which only compare", () => {
    const specials: readonly Special[] = [WILDCARD, INFINITY];
    for (const special of specials) {
      expect(refusal([special])).toContain("only compare; they can't be stored");
      expect(refusal(special)).toContain("has no Aerospike type");
      const search: SearchValue = [special];
      expect(() => packSearchValue(new Writer(), search)).not.toThrow();
      expect(() => packValue(new Writer(), untyped(special))).toThrow("only compare");
    }
    const asKey: unknown = new Map([[WILDCARD, 1]]);
    expect(() => packSearchValue(new Writer(), untyped(asKey))).toThrow("can't be a map key");
  });
});

describe("wrappers", () => {
  it("refuse what they can't hold", () => {
    expect(() => double("1" as unknown as number)).toThrow(TypeError);
    expect(() => new Hll([1] as unknown as Uint8Array)).toThrow(TypeError);
    expect(() => new GeoJson(5 as unknown as string)).toThrow(TypeError);
    expect(() => new GeoJson(null as unknown as string)).toThrow("GeoJson(json): null is neither");
  });

  it("hold what they are given", () => {
    expect(double(5)).toEqual(new Double(5));
    expect(new GeoJson({ type: "Point", coordinates: [1, 2] }).text).toBe('{"type":"Point","coordinates":[1,2]}');
    expect(new GeoJson('{"a":1}').toObject()).toEqual({ a: 1 });
    expect(String(new GeoJson("{}"))).toBe("{}");
  });
});
