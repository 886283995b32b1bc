import { describe, expect, it } from "vitest";
import { Exp, Filter } from "../../../../src/index.js";
import { mayRepeat, whyTwice } from "../../../../src/query/visits.js";

describe("mayRepeat", () => {
  it.each([
    [false, Filter.range("age", 1, 9)],
    [false, Filter.equal("age", 1)],
    [false, Filter.equal({ indexName: "i" }, 5n)],
    [false, Filter.contains("tags", 5, "list")],
    [false, Filter.containsRange("tags", 5, 5n, "list")],
    [false, Filter.contains("tags", "new", "mapKeys")],
    [false, Filter.withinRadius("home", 0, 0, 1)],
    [true, Filter.containsRange("tags", 5, 6, "list")],
    [true, Filter.containsRange("tags", -1n, 6, "mapValues")],
    [true, Filter.range({ indexName: "i" }, 1, 9)],
    [true, Filter.withinRadius("homes", 0, 0, 1, "list")],
    [true, Filter.withinRadius({ indexName: "i" }, 0, 0, 1)],
  ])("%s for %s", (repeats, filter) => {
    expect(mayRepeat(filter.index)).toBe(repeats);
  });

  it("does not without an index", () => {
    expect(mayRepeat(undefined)).toBe(false);
  });
});

describe("whyTwice", () => {
  const none = new Set<string>();
  it.each([
    [Filter.range("age", 1, 9), none],
    [Filter.range("age", 1, 9), new Set(["name"])],
    // An entry that moves leaves a range of one value.
    [Filter.equal("age", 1), "any"],
    [Filter.equal({ indexName: "i" }, "x"), "any"],
    [Filter.contains("tags", 5, "list"), new Set(["tags"])],
  ] as const)("has nothing against %s for a task that changes %o", (filter, changes) => {
    expect(whyTwice(filter.index, changes)).toBeUndefined();
  });

  it.each([
    [Filter.range("age", 1, 9), new Set(["age"])],
    [Filter.range("age", 1, 9), "any"],
    [Filter.range(Exp.ttl(), 1, 9), none],
    [Filter.withinRadius("home", 0, 0, 1), new Set(["home"])],
  ] as const)("fears a moving entry in %s for a task that changes %o", (filter, changes) => {
    expect(whyTwice(filter.index, changes)).toContain("the task may change what it has entries for");
  });

  it.each([
    Filter.containsRange("tags", 5, 6, "list"),
    Filter.range({ indexName: "i" }, 1, 9),
    Filter.withinRadius("homes", 0, 0, 1, "mapValues"),
  ])("fears several entries in %s", (filter) => {
    expect(whyTwice(filter.index, none)).toContain("a record with several entries in its range");
  });
});
