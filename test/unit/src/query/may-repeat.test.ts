import { expect, it } from "vitest";
import { Filter } from "../../../../src/index.js";
import { mayRepeat } from "../../../../src/query/may-repeat.js";

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
