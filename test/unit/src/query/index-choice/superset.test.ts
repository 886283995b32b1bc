import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packedContext } from "../../../../../protocol/cdt/context-bytes.js";
import type { IndexFilter } from "../../../../../protocol/command/index-range.js";
import type { IndexInfo } from "../../../../../protocol/info/index-info.js";
import { parseAel, parseFilter } from "../../../../../src/ael/compile.js";
import { parseCtx } from "../../../../../src/ael/context.js";
import { chooseIndex } from "../../../../../src/query/index-choice/choose-index.js";
import { runs } from "../../../../support/runs.js";
import { matches, type TestRecord, type TestValue } from "./evaluate.js";
import { integer, predicate } from "./random-predicate.js";

const base: IndexInfo = {
  namespace: "test",
  indexName: "i",
  setName: undefined,
  bin: "a",
  type: "integer",
  collection: "default",
  context: undefined,
  expression: undefined,
  readable: true,
};

const contextOf = (path: string): Uint8Array => packedContext(parseCtx(path));

/** Indexes, each with the entries that a record has in it. */
const INDEXES: readonly (readonly [index: IndexInfo, entries: (record: TestRecord) => readonly unknown[]])[] = [
  [{ ...base, indexName: "a" }, ({ a }) => [a]],
  [{ ...base, indexName: "b", bin: "b" }, ({ b }) => [b]],
  [{ ...base, indexName: "s", bin: "s", type: "string" }, ({ s }) => [s]],
  [{ ...base, indexName: "l", bin: "l", collection: "list" }, ({ l }) => elements(l)],
  [{ ...base, indexName: "ls", bin: "l", collection: "list", type: "string" }, ({ l }) => elements(l)],
  [{ ...base, indexName: "mv", bin: "m", collection: "mapValues" }, ({ m }) => mapParts(m, "values")],
  [{ ...base, indexName: "mvs", bin: "m", collection: "mapValues", type: "string" }, ({ m }) => mapParts(m, "values")],
  [{ ...base, indexName: "mk", bin: "m", collection: "mapKeys" }, ({ m }) => mapParts(m, "keys")],
  [{ ...base, indexName: "mks", bin: "m", collection: "mapKeys", type: "string" }, ({ m }) => mapParts(m, "keys")],
  [
    { ...base, indexName: "m.k", bin: "m", context: contextOf("$.m.k") },
    ({ m }) => (m instanceof Map ? [m.get("k")] : []),
  ],
  [{ ...base, indexName: "l.[0]", bin: "l", context: contextOf("$.l.[0]") }, ({ l }) => elements(l).slice(0, 1)],
  [
    { ...base, indexName: "a*3", bin: undefined, expression: parseAel("$.a * 3").packed },
    ({ a }) => (typeof a === "bigint" ? [BigInt.asIntN(64, a * 3n)] : []),
  ],
];

function elements(value: TestValue | undefined): readonly TestValue[] {
  return Array.isArray(value) ? value : [];
}

function mapParts(value: TestValue | undefined, parts: "keys" | "values"): readonly TestValue[] {
  return value instanceof Map ? [...value[parts]()] : [];
}

/** Whether the server would come to a record when it goes through a range. */
function isReached(range: IndexFilter, entries: readonly unknown[]): boolean {
  const { bounds } = range;
  if (bounds.type === "integer") {
    return entries.some(
      (entry) => typeof entry === "bigint" && entry >= BigInt(bounds.begin) && entry <= BigInt(bounds.end),
    );
  }
  return entries.some((entry) => entry === bounds.value);
}

const element: fc.Arbitrary<TestValue> = fc.oneof(integer, fc.constantFrom("x", "y", "q"));
const record: fc.Arbitrary<TestRecord> = fc.record(
  {
    a: fc.oneof({ weight: 9, arbitrary: integer }, { weight: 1, arbitrary: fc.constant("x") }),
    b: integer,
    s: fc.constantFrom("x", "y", "z"),
    l: fc.array(element, { maxLength: 3 }),
    m: fc
      .array(fc.tuple(fc.oneof(fc.constantFrom<TestValue>("k", "x", "y"), fc.bigInt({ min: 0n, max: 6n })), element), {
        maxLength: 4,
      })
      .map((entries) => new Map(entries)),
  },
  { requiredKeys: [] },
);

describe("a range never changes an answer", () => {
  test("every record for which a random condition is true lies in the range of every index that can be used", () => {
    let ranges = 0;
    let found = 0;
    fc.assert(
      fc.property(predicate, fc.array(record, { minLength: 10, maxLength: 10 }), (text, records) => {
        const where = parseFilter(text, []);
        const matching = records.filter((each) => matches(where.node, each));
        for (const [index, entriesOf] of INDEXES) {
          const { choice } = chooseIndex({ namespace: "test", setName: "users", where }, [index]);
          if (choice === undefined) continue;
          ranges++;
          for (const each of matching) {
            found++;
            expect(isReached(choice.range, entriesOf(each)), `${index.indexName} for ${text}`).toBe(true);
          }
        }
      }),
      { numRuns: runs(400) },
    );
    expect(ranges).toBeGreaterThan(runs(200));
    expect(found).toBeGreaterThan(runs(20));
  });

  test("nor does the best of all of them", () => {
    fc.assert(
      fc.property(predicate, fc.array(record, { minLength: 10, maxLength: 10 }), (text, records) => {
        const where = parseFilter(text, []);
        const { choice } = chooseIndex(
          { namespace: "test", setName: "", where },
          INDEXES.map(([index]) => index),
        );
        if (choice === undefined) return;
        const entriesOf = INDEXES.find(([index]) => index === choice.index)?.[1] ?? (() => []);
        const all = records.filter((each) => matches(where.node, each));
        const through = records.filter((each) => isReached(choice.range, entriesOf(each)) && matches(where.node, each));
        expect(through).toEqual(all);
      }),
      { numRuns: runs(150) },
    );
  });
});
