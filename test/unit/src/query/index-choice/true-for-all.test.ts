import { describe, expect, it } from "vitest";
import type { IndexBounds } from "../../../../../protocol/command/index-range.js";
import type { IndexInfo } from "../../../../../protocol/info/index-info.js";
import { parseAel } from "../../../../../src/ael/compile.js";
import { chooseIndex } from "../../../../../src/query/index-choice/choose-index.js";

function indexOn(bin: string, type: "integer" | "string"): IndexInfo {
  return {
    indexName: `${bin}_idx`,
    namespace: "test",
    setName: "users",
    bin,
    type,
    collection: "default",
    readable: true,
    context: undefined,
    expression: undefined,
  };
}

const INDEXES = [indexOn("age", "integer"), indexOn("name", "string")];

/** The bounds that are all of a condition; why there are none. */
function wholeRange(ael: string): IndexBounds | readonly string[] {
  const where = parseAel(ael);
  const question = { namespace: "test", setName: "users", where, isWhole: true };
  const { choice, considered } = chooseIndex(question, INDEXES);
  return choice?.range.bounds ?? considered.map(({ reason }) => reason);
}

describe("a range that is the whole of a condition", () => {
  it.each<[string, bigint, bigint]>([
    ["$.age >= 5 and $.age <= 8", 5n, 8n],
    ["$.age > 5 and 9 > $.age", 6n, 8n],
    ["$.age == 7", 7n, 7n],
    ["not($.age < 5) and not($.age > 8)", 5n, 8n],
    ["$.age == 5 or $.age == 6", 5n, 6n],
    ["$.age >= 5 and ($.age < 7 or $.age == 7)", 5n, 7n],
    ["$.age > 9223372036854775806", 9223372036854775807n, 9223372036854775807n],
  ])("is found for %s", (ael, begin, end) => {
    expect(wholeRange(ael)).toEqual({ type: "integer", begin, end });
  });

  it("is one value of strings", () => {
    expect(wholeRange("$.name == 'Ada'")).toEqual({ type: "string", value: "Ada" });
    expect(wholeRange("$.name == 'Ada' or $.name == 'Ada'")).toEqual({ type: "string", value: "Ada" });
  });

  it.each([
    "$.age == 5 or $.age == 7",
    "$.age >= 5 and $.age != 6",
    "$.age >= 5 and $.name == 'Ada'",
    "$.age >= 5 or $.name == 'Ada'",
    "$.age + 1 > 6",
    "$.age >= 5 and $.active == true",
    "$.age > 5.5",
    "$.age > 8 and $.age < 5",
    "$.age >= 5 and $.age / ($.age - 7) > 0",
    "$.name == 'Ada' and $.age == 5",
    "$.name > 'Ada'",
  ])("is not found for %s", (ael) => {
    expect(Array.isArray(wholeRange(ael))).toBe(true);
  });

  it("says why not", () => {
    expect(wholeRange("$.age >= 5 and $.active == true")).toContain(
      "its range may hold records for which the condition is not true",
    );
  });
});
