import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../../../ael/params.js";
import { packedContext } from "../../../../../protocol/cdt/context-bytes.js";
import type { IndexBounds } from "../../../../../protocol/command/index-range.js";
import { INT64_MAX, INT64_MIN } from "../../../../../protocol/limits.js";
import { parseAel, parseFilter } from "../../../../../src/ael/compile.js";
import { parseCtx } from "../../../../../src/ael/context.js";
import { chooseIndex, type KnownIndex } from "../../../../../src/query/index-choice/choose-index.js";
import type { QueryHint } from "../../../../../src/query/query-hint.js";
import type { ChangedBins } from "../../../../../src/query/visits.js";

const base: KnownIndex = {
  namespace: "test",
  indexName: "a_idx",
  setName: undefined,
  bin: "a",
  type: "integer",
  collection: "default",
  context: undefined,
  expression: undefined,
  readable: true,
};

function index(changes: Partial<KnownIndex>): KnownIndex {
  return { ...base, ...changes };
}

interface Question {
  readonly setName?: string;
  readonly hint?: QueryHint;
  readonly changes?: ChangedBins;
}

function choose(text: string, indexes: readonly KnownIndex[], question: Question = {}, ...params: readonly AelParam[]) {
  return chooseIndex({ namespace: "test", setName: "users", where: parseFilter(text, params), ...question }, indexes);
}

/** The range on one index, or why there is none. */
function rangeOf(text: string, known: KnownIndex = base, ...params: readonly AelParam[]): IndexBounds | string {
  const { choice, considered } = choose(text, [known], {}, ...params);
  return choice?.range.bounds ?? considered[0]?.reason ?? "not considered";
}

const between = (begin: bigint | number, end: bigint | number): IndexBounds => ({
  type: "integer",
  begin: BigInt(begin),
  end: BigInt(end),
});
const BOTH_ENDS = /both ends of the 64-bit integers/;
const NOTHING = "nothing in the condition narrows it";

describe("integers", () => {
  test.each<[string, IndexBounds]>([
    ["$.a == 5", between(5, 5)],
    ["5 == $.a", between(5, 5)],
    ["$.a > 5", between(6, INT64_MAX)],
    ["$.a >= 5", between(5, INT64_MAX)],
    ["$.a < 5", between(INT64_MIN, 4)],
    ["5 >= $.a", between(INT64_MIN, 5)],
    ["$.a > 1 and $.a < 10", between(2, 9)],
    ["$.a between 2 and 9", between(2, 9)],
    ["$.a in [3, 9, 5]", between(3, 9)],
    ["$.a == 1 or $.a == 7", between(1, 7)],
    ["not($.a < 5)", between(5, INT64_MAX)],
    ["not($.a < 5 or $.a > 9)", between(5, 9)],
    ["not($.a != 5)", between(5, 5)],
    ["$.a != 5 and $.a >= 5", between(6, INT64_MAX)],
    ["$.a > 4 + 1", between(6, INT64_MAX)],
    ["$.a == 0xFF", between(255, 255)],
    // At the edges nothing overflows.
    ["$.a > 9223372036854775806", between(INT64_MAX, INT64_MAX)],
    ["$.a < -9223372036854775807", between(INT64_MIN, INT64_MIN)],
    // A condition that is never true has no records; the range is the emptiest there is.
    ["$.a > 9223372036854775807", between(INT64_MIN, INT64_MIN)],
    ["$.a > 5 and $.a < 3", between(INT64_MIN, INT64_MIN)],
    // Arithmetic, solved exactly.
    ["$.a + 1 == 10", between(9, 9)],
    ["10 - $.a == 3", between(7, 7)],
    ["$.a - 5 >= 0 and $.a >= 0", between(5, INT64_MAX)],
    ["$.a / 10 == 5", between(50, 59)],
    ["$.a / 10 <= 5", between(INT64_MIN, 59)],
    ["$.a / 10 > 5", between(60, INT64_MAX)],
    ["$.a / -10 == 5", between(-59, -50)],
    ["$.a / 10 == 0", between(-9, 9)],
    ["100 / $.a == 7", between(13, 14)],
    ["$.a * 3 == 9", between(3, 3)],
    // 3 * 4·10^18 wraps around to a negative number, so the range goes on to the last integer for which that happens.
    ["$.a * 3 < 10", between(INT64_MIN, 6148914691236517208n)],
    ["$.a * 3 < 10 and $.a between -1000 and 1000", between(-1000, 3)],
    ["$.a * 3 >= 10 and $.a between 0 and 1000", between(4, 1000)],
    ["$.a >> 4 == 2", between(32, 47)],
    ["$.a >>> 60 == 3", between(3n << 60n, (4n << 60n) - 1n)],
    ["$.a << 1 == 8 and $.a >= 0", between(4, 4)],
    ["~$.a == 4", between(-5, -5)],
    ["-$.a == 4", between(-4, -4)],
    ["abs($.a) <= 3 and $.a > -100", between(-3, 3)],
    ["max($.a, 3) < 10", between(INT64_MIN, 9)],
    ["min($.a, $.b) >= 4", between(4, INT64_MAX)],
    ["$.a % 10 == 7", between(7, INT64_MAX)],
    ["$.a:INT.toFloat() >= 2.5", between(3, INT64_MAX)],
    ["$.a:INT.toFloat() > 2.5", between(3, INT64_MAX)],
    // What can't be used is passed over.
    ["$.a > 5 and $.name =~ /x/ and $.ttl() > 3", between(6, INT64_MAX)],
    ["$.a > 5 and ($.b == 1 or $.c == 2)", between(6, INT64_MAX)],
    ["$.b == 1 and ($.a == 2 or ($.a == 4 and $.c))", between(2, 4)],
  ])("%s", (text, bounds) => {
    expect(rangeOf(text)).toEqual(bounds);
  });

  test.each([
    "$.b > 5",
    "$.a:INT > $.b",
    "$.a > 5 or $.b > 5",
    "$.a > 5 or $.ttl() > 5",
    "$.a.exists()",
    "$.a % 10 == 0",
    "$.a & 3 == 1",
    "when ($.a > 5 => true, default => false)",
    "exclusive($.a > 5, $.b > 5)",
    "$.a > 5.0",
    '$.a == "x"',
    "$.a + $.b > 5",
  ])("nothing narrows in %s", (text) => {
    expect(rangeOf(text)).toBe(NOTHING);
  });

  test.each([
    // −2^63 − 1 is 2^63 − 1, which is greater than 10.
    "$.a - 1 > 10",
    "$.a != 5",
    "not($.a == 5)",
  ])("%s holds at both ends", (text) => {
    expect(rangeOf(text)).toMatch(BOTH_ENDS);
  });

  test("parameters count as constants", () => {
    expect(rangeOf("$.a > ?0", base, 5)).toEqual(between(6, INT64_MAX));
    expect(rangeOf("$.a in ?0", base, [4, 2])).toEqual(between(2, 4));
  });
});

describe("strings and blobs", () => {
  const strings = index({ bin: "s", type: "string" });
  const blobs = index({ bin: "s", type: "blob" });

  test("equality alone", () => {
    expect(rangeOf('$.s == "x"', strings)).toEqual({ type: "string", value: "x" });
    expect(rangeOf('$.s in ["x"] and $.b > 1', strings)).toEqual({ type: "string", value: "x" });
    expect(rangeOf('$.s in ["x", "y"] and $.s != "z" and $.s in ["y", "z"]', strings)).toEqual({
      type: "string",
      value: "y",
    });
    expect(rangeOf("$.s == X'00ff'", blobs)).toEqual({ type: "blob", value: Uint8Array.of(0, 255) });
    expect(rangeOf('$.s > "x"', strings)).toBe(NOTHING);
    expect(rangeOf('$.s != "x"', strings)).toBe(NOTHING);
    expect(rangeOf('$.s == "x"', blobs)).toBe(NOTHING);
    expect(rangeOf("$.s == 5", strings)).toBe(NOTHING);
  });

  test("several values would take several ranges", () => {
    expect(rangeOf('$.s == "x" or $.s == "y"', strings)).toMatch(/asked for one value/);
  });

  test("a value that is too long to look up", () => {
    expect(rangeOf("$.s == ?0", strings, "x".repeat(2047))).toMatchObject({ type: "string" });
    expect(rangeOf("$.s == ?0", strings, "é".repeat(1024))).toMatch(/longer than the 2047 bytes/);
  });
});

describe("places inside of bins", () => {
  const at = (path: string, changes: Partial<KnownIndex> = {}): KnownIndex =>
    index({ bin: "m", context: packedContext(parseCtx(path)), ...changes });

  test("an index on a nested value", () => {
    const known = at("$.m.k.[0]");
    expect(choose("$.m.k.[0] > 5", [known]).choice?.range).toEqual({
      target: { bin: "m", context: packedContext(parseCtx("$.m.k.[0]")) },
      bounds: between(6, INT64_MAX),
    });
    expect(rangeOf("$.m.k.[1] > 5", known)).toBe(NOTHING);
    expect(rangeOf("$.m.k > 5", known)).toBe(NOTHING);
    expect(rangeOf("($.m.k).[0] > 5", known)).toEqual(between(6, INT64_MAX));
    expect(rangeOf('$.m.{#-1} == "x"', at("$.m.{#-1}", { type: "string" }))).toEqual({ type: "string", value: "x" });
  });

  test("a nested value is not the bin", () => {
    expect(rangeOf("$.a.k == 5", base)).toBe(NOTHING);
    expect(rangeOf("$.a:LIST.count() > 3", base)).toBe(NOTHING);
  });

  test("elements of a nested list", () => {
    const known = at("$.m.tags", { collection: "list", type: "string" });
    for (const text of ['"x" in $.m.tags', '$.m.tags.[="x"].exists()', '$.m.tags.[="x"].count() > 0']) {
      expect(choose(text, [known]).choice?.range, text).toEqual({
        target: { bin: "m", context: packedContext(parseCtx("$.m.tags")) },
        bounds: { type: "string", value: "x" },
        collection: "list",
      });
    }
  });
});

describe("elements of lists and maps", () => {
  const list = index({ bin: "l", collection: "list" });
  const strings = index({ bin: "l", collection: "list", type: "string" });
  const keys = index({ bin: "m", collection: "mapKeys", type: "string" });
  const intKeys = index({ bin: "m", collection: "mapKeys" });
  const values = index({ bin: "m", collection: "mapValues" });

  test.each<[string, KnownIndex, IndexBounds | string]>([
    ["5 in $.l", list, between(5, 5)],
    ['"x" in $.l', strings, { type: "string", value: "x" }],
    ["$.l.[=5].exists()", list, between(5, 5)],
    ["$.l.[=3,9].exists()", list, between(3, 9)],
    ["$.l.[=3:9].exists()", list, between(3, 8)],
    ["$.l.[=3:9].count() > 0", list, between(3, 8)],
    ["$.l.[=5].count() >= 2", list, between(5, 5)],
    ["$.l.[0] == 5", list, between(5, 5)],
    ["$.l.[-1] > 5", list, between(6, INT64_MAX)],
    ["$.l.[0] * 3 == 9", list, between(3, 3)],
    ['$.m.k == "x"', keys, { type: "string", value: "k" }],
    ["$.m.k.exists()", keys, { type: "string", value: "k" }],
    ["$.m.k != null", keys, { type: "string", value: "k" }],
    ["$.m.{@k,}.count() == 1", keys, { type: "string", value: "k" }],
    ["'k' in $.m.mapKeys()", keys, { type: "string", value: "k" }],
    ["$.m.{@1:5}.exists()", intKeys, between(1, 4)],
    ["$.m.k == 5", values, between(5, 5)],
    ["$.m.{=5}.exists()", values, between(5, 5)],
    ["5 in $.m.mapValues()", values, between(5, 5)],
    ["$.m.{=3:9}.exists()", values, between(3, 8)],
    ["5 in $.l or 7 in $.l", list, between(5, 7)],
    // The narrowest of several conditions: different elements may fulfil them, so they do not narrow each other.
    ["$.l.[=1:100].exists() and 500 in $.l", list, between(500, 500)],
    // None of these needs an element to be there.
    ["not(5 in $.l)", list, NOTHING],
    ["$.l.[=5].count() >= 0", list, NOTHING],
    ["$.l.[=5].count() < 3", list, NOTHING],
    ["$.l.[!=5,6].count() > 0", list, NOTHING],
    ["$.m.{!@k,j}.count() > 0", keys, NOTHING],
    // Elements of other types could be what makes these true.
    ["$.l.[=3,'x'].exists()", list, NOTHING],
    ["$.l.[=3:].exists()", list, NOTHING],
    ["$.l.[=:5].exists()", list, NOTHING],
    ["5 in $.l or 'x' in $.l", list, NOTHING],
    ["'x' in $.l", list, NOTHING],
    ["5 in $.other", list, NOTHING],
    ["'k' in $.m.mapValues()", keys, NOTHING],
  ])("%s", (text, known, bounds) => {
    expect(rangeOf(text, known)).toEqual(bounds);
  });
});

describe("geometries", () => {
  const places = index({ bin: "loc", type: "geo" });
  const region = '{"type":"AeroCircle","coordinates":[[0,0],1000]}';

  test("a constant on either side", () => {
    expect(rangeOf(`geoCompare($.loc, geoJson('${region}'))`, places)).toEqual({ type: "geo", value: region });
    expect(rangeOf(`$.a > 1 and geoCompare(geoJson('${region}'), $.loc)`, places)).toEqual({
      type: "geo",
      value: region,
    });
    expect(rangeOf(`geoCompare($.loc, $.other)`, places)).toBe(NOTHING);
    expect(rangeOf(`geoCompare($.loc, geoJson('${region}')) or $.a > 1`, places)).toBe(NOTHING);
    expect(rangeOf(`not(geoCompare($.loc, geoJson('${region}')))`, places)).toBe(NOTHING);
  });
});

describe("expressions", () => {
  const sum = parseAel("$.a:INT + $.b").packed;
  const known = index({ bin: undefined, expression: sum });

  test("are matched byte by byte, alone or below arithmetic", () => {
    expect(choose("$.a + $.b > 5", [known]).choice?.range).toEqual({
      target: { expression: sum },
      bounds: between(6, INT64_MAX),
    });
    expect(rangeOf("($.a + $.b) / 10 == 5", known)).toEqual(between(50, 59));
    expect(rangeOf("$.b + $.a > 5", known)).toBe(NOTHING);
  });

  test("with a guard inside, as this client makes the index", () => {
    const quotient = parseAel("$.a:INT / $.b").packed;
    expect(rangeOf("$.a / $.b == 3", index({ bin: undefined, expression: quotient }))).toEqual(between(3, 3));
  });

  test("of strings, and of lists whose elements are indexed", () => {
    const age = 'when ($.a > 5 => "old", default => "young")';
    const known = index({ bin: undefined, type: "string", expression: parseAel(age).packed });
    expect(rangeOf(`${age} == "old"`, known)).toEqual({ type: "string", value: "old" });
    const keys = parseAel("$.m.{0:}.getKeys()").packed;
    const ofKeys = index({ bin: undefined, type: "string", collection: "list", expression: keys });
    expect(rangeOf("'k' in $.m.mapKeys()", ofKeys)).toEqual({ type: "string", value: "k" });
  });
});

describe("which index", () => {
  test("the one that narrows most", () => {
    const indexes = [
      index({ indexName: "active", bin: "active", entries: 1_000_000, entriesPerValue: 500_000 }),
      index({ indexName: "age", bin: "age", entries: 1_000_000, entriesPerValue: 10_000 }),
      index({ indexName: "mail", bin: "mail", type: "string", entries: 1_000_000, entriesPerValue: 1 }),
    ];
    const { choice, considered } = choose('$.active == 1 and $.age == 30 and $.mail == "x"', indexes);
    expect(choice?.index.indexName).toBe("mail");
    expect(considered.map(({ index: { indexName }, reason }) => [indexName, reason])).toEqual([
      ["age", "mail narrows more: about 1 entries against 10000"],
      ["active", "mail narrows more: about 1 entries against 500000"],
    ]);
    expect(choose("$.active == 1 and $.age == 30", indexes).choice?.index.indexName).toBe("age");
    // Three values of a thousand each are less than one of half a million.
    expect(choose("$.active == 1 and $.age between 30 and 32", indexes).choice?.index.indexName).toBe("age");
    expect(choose("$.active == 1 and $.age > 30", indexes).choice?.index.indexName).toBe("active");
  });

  test("without statistics: one value before a few, a few before half of all", () => {
    const indexes = ["a", "b", "c"].map((bin) => index({ indexName: bin, bin }));
    expect(choose("$.a > 1 and $.b between 1 and 3 and $.c == 1", indexes).choice?.index.indexName).toBe("c");
    expect(choose("$.a > 1 and $.b between 1 and 3", indexes).choice?.index.indexName).toBe("b");
    const { choice, considered } = choose("$.b == 1 and $.a == 1", indexes);
    expect(choice?.index.indexName).toBe("a");
    expect(considered).toContainEqual({ index: indexes[1], reason: "a narrows as much" });
  });

  test("not one that is still being built, of another set or namespace, or of a whole set", () => {
    const indexes = [
      index({ indexName: "building", readable: false }),
      index({ indexName: "other", setName: "orders" }),
      index({ indexName: "elsewhere", namespace: "bar" }),
      index({ indexName: "set", bin: undefined, type: undefined, collection: "set", setName: "users" }),
      index({ indexName: "new", type: undefined }),
    ];
    const { choice, considered } = choose("$.a == 1", indexes);
    expect(choice).toBeUndefined();
    expect(considered.map(({ index: { indexName }, reason }) => [indexName, reason])).toEqual([
      ["building", "it is still being built"],
      ["other", "it is on another set, orders"],
      ["set", "it is an index of a whole set, which the server uses by itself"],
      ["new", "its type is not known here"],
    ]);
  });

  test("one of the set or one of all sets; for the namespace only one of all sets", () => {
    const own = index({ setName: "users" });
    expect(choose("$.a == 1", [own]).choice?.index).toBe(own);
    expect(choose("$.a == 1", [base]).choice?.index).toBe(base);
    expect(choose("$.a == 1", [own], { setName: "" }).considered[0]?.reason).toBe(
      "it has the records of set users alone",
    );
    expect(choose("$.a == 1", [base], { setName: "" }).choice?.index).toBe(base);
  });

  test("a hint is followed where it is of use, and passed over where not", () => {
    const indexes = ["a", "b"].map((bin) => index({ indexName: `${bin}_idx`, bin }));
    const text = "$.a == 1 and $.b > 1";
    expect(choose(text, indexes).choice?.index.bin).toBe("a");
    const hinted = choose(text, indexes, { hint: { indexName: "b_idx" } });
    expect(hinted.choice?.index.bin).toBe("b");
    expect(hinted.considered[0]?.reason).toBe("the hint asks for b_idx");
    expect(choose(text, indexes, { hint: { binName: "b" } }).choice?.index.bin).toBe("b");
    expect(choose("$.a == 1", indexes, { hint: { binName: "b" } }).choice?.index.bin).toBe("a");
    expect(choose("$.a == 1", indexes, { hint: { indexName: "none" } }).choice?.index.bin).toBe("a");
  });

  test("no index at all", () => {
    expect(choose("$.a == 1", [])).toEqual({ considered: [] });
  });
});

describe("a task that changes bins", () => {
  const b = index({ bin: "b", indexName: "b_idx" });
  const list = index({ bin: "l", indexName: "l_idx", collection: "list" });

  test("goes through an index of a bin that it leaves alone", () => {
    const text = "$.a > 5 and $.b > 5";
    expect(choose(text, [base, b], { hint: { binName: "a" } }).choice?.index).toBe(base);
    const { choice, considered } = choose(text, [base, b], { hint: { binName: "a" }, changes: new Set(["a"]) });
    expect(choice?.index).toBe(b);
    expect(considered).toEqual([
      { index: base, reason: expect.stringContaining("a record whose entry moves on in its range") },
    ]);
  });

  test("goes through one value of the bin that it changes", () => {
    expect(choose("$.a == 5", [base], { changes: new Set(["a"]) }).choice?.index).toBe(base);
    expect(choose("$.a > 5", [base], { changes: "any" }).choice).toBeUndefined();
    expect(choose("$.a == 5", [base], { changes: "any" }).choice?.index).toBe(base);
  });

  test("does not go through several elements of a list", () => {
    const changes: ChangedBins = new Set(["n"]);
    expect(choose("$.l.[=3:9].exists()", [list], {}).choice?.index).toBe(list);
    expect(choose("5 in $.l", [list], { changes }).choice?.index).toBe(list);
    const { choice, considered } = choose("$.l.[=3:9].exists()", [list], { changes });
    expect(choice).toBeUndefined();
    expect(considered[0]?.reason).toContain("a record with several entries in its range");
  });
});
