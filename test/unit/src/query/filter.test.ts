import { describe, expect, test } from "vitest";
import { CTX } from "../../../../protocol/cdt/context.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { Filter } from "../../../../src/query/filter.js";

const square = {
  type: "Polygon",
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
  ],
};

describe("what a filter asks the index for", () => {
  test.each<[string, Filter, object]>([
    [
      "equal integer",
      Filter.equal("age", 30),
      { target: { bin: "age" }, bounds: { type: "integer", begin: 30, end: 30 } },
    ],
    [
      "equal bigint",
      Filter.equal("age", -5n),
      { target: { bin: "age" }, bounds: { type: "integer", begin: -5n, end: -5n } },
    ],
    [
      "equal string",
      Filter.equal("name", "Ada"),
      { target: { bin: "name" }, bounds: { type: "string", value: "Ada" } },
    ],
    [
      "equal bytes",
      Filter.equal("raw", Uint8Array.of(1, 2)),
      { target: { bin: "raw" }, bounds: { type: "blob", value: Uint8Array.of(1, 2) } },
    ],
    [
      "range",
      Filter.range("age", 18, 65n),
      { target: { bin: "age" }, bounds: { type: "integer", begin: 18, end: 65n } },
    ],
    [
      "contains",
      Filter.contains("tags", "new", "list"),
      { target: { bin: "tags" }, bounds: { type: "string", value: "new" }, collection: "list" },
    ],
    [
      "containsRange",
      Filter.containsRange("scores", 1, 2, "mapValues"),
      { target: { bin: "scores" }, bounds: { type: "integer", begin: 1, end: 2 }, collection: "mapValues" },
    ],
    [
      "withinRegion",
      Filter.withinRegion("home", square),
      { target: { bin: "home" }, bounds: { type: "geo", value: JSON.stringify(square) } },
    ],
    [
      "withinRegion of a collection, GeoJson value",
      Filter.withinRegion("homes", new GeoJson(square), "list"),
      { target: { bin: "homes" }, bounds: { type: "geo", value: JSON.stringify(square) }, collection: "list" },
    ],
    [
      "withinRadius",
      Filter.withinRadius("home", -122.5, 37, 1000),
      {
        target: { bin: "home" },
        bounds: { type: "geo", value: '{"type":"AeroCircle","coordinates":[[-122.5,37],1000]}' },
      },
    ],
    [
      "regionsContainingPoint",
      Filter.regionsContainingPoint("area", '{"type":"Point","coordinates":[1,2]}'),
      { target: { bin: "area" }, bounds: { type: "geo", value: '{"type":"Point","coordinates":[1,2]}' } },
    ],
    [
      "by index name",
      Filter.equal({ indexName: "users_age" }, 30),
      { target: { indexName: "users_age" }, bounds: { type: "integer", begin: 30, end: 30 } },
    ],
    [
      "by expression",
      Filter.range({ packed: Uint8Array.of(0x93, 1) }, 0, 1),
      { target: { expression: Uint8Array.of(0x93, 1) }, bounds: { type: "integer", begin: 0, end: 1 } },
    ],
    [
      "in context",
      Filter.equal("doc", 1).context(CTX.mapKey("a"), CTX.listIndex(-1)),
      {
        target: { bin: "doc", context: Uint8Array.of(0x94, 0x22, 0xa2, 3, 0x61, 0x10, 0xff) },
        bounds: { type: "integer", begin: 1, end: 1 },
      },
    ],
  ])("%s", (_name, filter, index) => {
    expect(filter.index).toEqual(index);
  });

  test("a context may come as a list; the filter itself stays as it was", () => {
    const filter = Filter.equal("doc", 1);
    expect(filter.context([CTX.mapKey("a")]).index).toEqual(filter.context(CTX.mapKey("a")).index);
    expect(filter.index.target).toEqual({ bin: "doc" });
  });

  test("bytes are copied", () => {
    const bytes = Uint8Array.of(1);
    const filter = Filter.equal("raw", bytes);
    bytes[0] = 9;
    expect(filter.index.bounds).toEqual({ type: "blob", value: Uint8Array.of(1) });
  });
});

test.each([
  [Filter.equal("a", 1), "6.0", "bin a equal to 1"],
  [Filter.range("a", 1, 2).context(CTX.mapKey("k")), "6.1", "inside bin a from 1 to 2"],
  [Filter.equal("a", Uint8Array.of(1)), "7.0", "bin a equal to a Uint8Array"],
  [Filter.contains({ indexName: "i" }, "x", "mapKeys"), "8.1", 'keys of index i equal to "x"'],
  [Filter.equal({ packed: Uint8Array.of(1) }, 1), "8.1", "the indexed expression equal to 1"],
])("needs a server of, and reads as: %#", (filter, version, text) => {
  expect(filter.minVersion).toBe(version);
  expect(filter.toString()).toBe(text);
});

describe("what it refuses", () => {
  const call =
    (
      name:
        | "equal"
        | "range"
        | "contains"
        | "containsRange"
        | "withinRegion"
        | "withinRadius"
        | "regionsContainingPoint",
      ...args: unknown[]
    ) =>
    () =>
      Reflect.apply(Filter[name], Filter, args);

  test.each<[string, () => unknown, string]>([
    ["no bin", call("equal", "", 1), "bin name is empty"],
    ["a target of the wrong kind", call("equal", 7, 1), "expected a bin name, { indexName } or an expression, got 7"],
    ["null as target", call("equal", null, 1), "expected a bin name, { indexName } or an expression, got null"],
    ["an option that there isn't", call("equal", { indexName: "i", indexname: "j" }, 1), 'no option "indexname"'],
    ["a fraction", call("equal", "a", 1.5), "expected a safe integer or a bigint, got 1.5"],
    [
      "an unsafe integer",
      call("range", "a", 0, 2 ** 60),
      "expected a safe integer or a bigint, got 1152921504606847000",
    ],
    ["a boolean", call("equal", "a", true), "expected a safe integer or a bigint, got true"],
    ["null", call("equal", "a", null), "expected an integer, a string or a Uint8Array as value, got null"],
    ["a list", call("contains", "a", [1], "list"), "as value, got an Array"],
    ["half a surrogate pair", call("equal", "a", "\ud800"), "half a surrogate pair"],
    [
      "an unknown collection",
      call("contains", "a", 1, "map"),
      'expected one of "list", "mapKeys", "mapValues" as collection, got "map"',
    ],
    ["no collection", call("containsRange", "a", 1, 2), "as collection, got undefined"],
    [
      "points in map keys",
      call("withinRegion", "a", square, "mapKeys"),
      'expected one of "list", "mapValues" as collection, got "mapKeys"',
    ],
    [
      "a point as region",
      call("withinRegion", "a", { type: "Point", coordinates: [1, 2] }),
      'expected GeoJSON of type Polygon, MultiPolygon, AeroCircle as region, got type "Point"',
    ],
    [
      "a region as point",
      call("regionsContainingPoint", "a", square),
      'expected GeoJSON of type Point as point, got type "Polygon"',
    ],
    ["text that is no JSON", call("withinRegion", "a", "POLYGON((0 0))"), 'expected GeoJSON as region, got "POLYGON'],
    ["JSON without a type", call("withinRegion", "a", "[1]"), "got type undefined"],
    ["a longitude that is none", call("withinRadius", "a", "1", 1, 1), 'expected a number as longitude, got "1"'],
    [
      "a context beside an index name",
      () => Filter.equal({ indexName: "i" }, 1).context(CTX.mapKey("a")),
      "nothing to say",
    ],
  ])("%s: TypeError", (_what, act, message) => {
    expect(act).toThrow(TypeError);
    expect(act).toThrow(message);
  });

  test.each<[string, () => unknown, string]>([
    ["an end before the begin", call("range", "a", 2, 1), "begins at 2 and ends at 1"],
    ["a bigint beyond int64", call("equal", "a", 2n ** 63n), "does not fit a 64-bit signed integer"],
    ["a bin name too long", call("equal", "a".repeat(16), 1), "at most 15 are allowed"],
    ["an index name too long", call("equal", { indexName: "i".repeat(64) }, 1), "at most 63 are allowed"],
    ["a string too long", call("equal", "a", "é".repeat(1024)), "takes 2048 bytes"],
    ["bytes too many", call("equal", "a", new Uint8Array(2048)), "takes 2048 bytes"],
    [
      "a longitude off the globe",
      call("withinRadius", "a", 181, 0, 1),
      "expected a longitude from -180 to 180, got 181",
    ],
    ["a latitude off the globe", call("withinRadius", "a", 0, -91, 1), "expected a latitude from -90 to 90, got -91"],
    ["a radius of nothing", call("withinRadius", "a", 0, 0, 0), "got 0"],
    ["an empty context", () => Filter.equal("a", 1).context(), "expected at least one step"],
  ])("%s: RangeError", (_what, act, message) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });
});
