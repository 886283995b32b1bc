import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DataSet, Filter } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { runs } from "../support/runs.js";

interface Row {
  a: number | bigint;
  b: number;
  name: string;
  tags: string[];
}

/** Values around zero, around powers of two and at both ends of int64, where arithmetic wraps. */
const EDGES = [-(2n ** 63n), -(2n ** 62n), -1_000n, -3n, -1n, 0n, 1n, 2n, 7n, 1_000n, 2n ** 62n, 2n ** 63n - 1n];
const ROWS = 240;
/** More for a long look at a real server. */
const RUNS = runs(12);

let target: TestTarget;
let rows: DataSet<Row>;
let index: string;
let tagIndex: string;

beforeAll(async () => {
  target = await connectTarget();
  rows = target.dataSet<Row>();
  index = target.uniqueName();
  tagIndex = target.uniqueName();
  await Promise.all(
    Array.from({ length: ROWS }, (_, id) =>
      target.session.put(rows.id(id), {
        a: id < EDGES.length ? (EDGES[id] ?? 0n) : id - ROWS / 2,
        b: id % 10,
        name: `n${id % 5}`,
        tags: [`t${id % 7}`, `u${id % 3}`],
      }),
    ),
  );
  const created = await Promise.all([
    target.session.index(rows).onBin("a").named(index).integer().create(),
    target.session.index(rows).onBin("tags").named(tagIndex).string().collection("list").create(),
  ]);
  await Promise.all(created.map((task) => task.waitTillComplete({ totalTimeout: 20_000 })));
});

afterAll(async () => {
  for (const name of [index, tagIndex]) {
    const dropped = await target.session.index(rows).named(name).drop();
    await dropped.waitTillComplete({ totalTimeout: 20_000 });
  }
  await target[Symbol.asyncDispose]();
});

function task(where: string) {
  return target.session.backgroundTask().touch(rows).where(where);
}

describe("the index that is found for a where clause", () => {
  it("is named by explain, with its range and the ones not taken", async () => {
    const plan = await task("$.a * 3 < 10 and $.b == 4").explain();
    expect(plan.index).toContain(index);
    // Other tests have indexes on sets of their own, some of which are still being built.
    const rejected = plan.rejectedIndexes.filter(({ name }) => name === tagIndex);
    expect(rejected).toEqual([{ name: tagIndex, reason: expect.any(String) }]);
    await expect(task('"t3" in $.tags').explain()).resolves.toMatchObject({
      index: expect.stringContaining(tagIndex),
    });
    await expect(task("$.b == 4").explain()).resolves.toMatchObject({ index: undefined });
  });

  it("is left alone when asked to, and gives way to a hint", async () => {
    await expect(task("$.a == 5").withoutIndex().explain()).resolves.toMatchObject({ index: undefined });
    const both = task('$.a > 0 and "t3" in $.tags');
    await expect(both.withHint({ indexName: tagIndex }).explain()).resolves.toMatchObject({
      index: expect.stringContaining(tagIndex),
    });
    await expect(both.withHint({ binName: "a" }).explain()).resolves.toMatchObject({
      index: expect.stringContaining(index),
    });
  });

  it("says of a hint that there is no such index", async () => {
    const plan = await task("$.a == 5").withHint({ indexName: "misspelt" }).explain();
    expect(plan.index).toContain(index);
    expect(plan.rejectedIndexes).toContainEqual({
      name: "misspelt",
      reason: expect.stringContaining("there is no index of this name"),
    });
  });

  it("narrows a task without changing which records it meets", async () => {
    const started = await task("$.a >= 100 and $.b < 5").execute();
    const summary = await started.waitTillComplete({ totalTimeout: 20_000 });
    const all = await task("$.a >= 100 and $.b < 5").withoutIndex().count();
    expect(summary.succeeded).toBe(all);
    expect(summary.filteredByBins).toBeLessThan(ROWS / 4);
  });

  it("gives way to a range that the caller names", async () => {
    const plan = await task("$.a > 0")
      .filter(Filter.range("a", 10, 14))
      .explain();
    expect(plan.index).toContain("from 10 to 14");
    await expect(
      task("$.a > 0")
        .filter(Filter.range("a", 10, 14))
        .count(),
    ).resolves.toBe(5);
  });

  it("never changes an answer, for random conditions over values at the edges of int64", async () => {
    const constant = fc.oneof(
      fc.integer({ min: -150, max: 150 }).map(String),
      fc.constantFrom(...EDGES.filter((edge) => edge > -(2n ** 63n))).map(String),
    );
    const small = fc.integer({ min: 1, max: 9 }).map(String);
    const term = fc.oneof(
      { weight: 3, arbitrary: fc.constant("$.a") },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom("+", "-", "*"), constant).map(([op, c]) => `($.a ${op} ${c})`) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom("/", "%", "<<", ">>", ">>>"), small).map(([op, c]) => `($.a ${op} ${c})`),
      },
      { weight: 1, arbitrary: constant.map((c) => `(${c} - $.a)`) },
    );
    const comparison = fc
      .tuple(term, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), constant)
      .map(([left, op, right]) => `${left} ${op} ${right}`);
    const other = fc.constantFrom("$.b < 5", "$.b == 3", '$.name == "n2"', '"t3" in $.tags', "$.a in [1, 2, 100]");
    const leaf = fc.oneof({ weight: 3, arbitrary: comparison }, { weight: 1, arbitrary: other });
    const both = fc.tuple(leaf, fc.constantFrom("and", "or"), leaf).map(([l, op, r]) => `(${l} ${op} ${r})`);
    const condition = fc.oneof(
      leaf,
      both,
      both.map((text) => `not(${text})`),
      fc.tuple(both, fc.constantFrom("and", "or"), both).map(([l, op, r]) => `${l} ${op} ${r}`),
    );
    let narrowed = 0;
    await fc.assert(
      fc.asyncProperty(condition, async (where) => {
        const [withIndex, without, plan] = await Promise.all([
          task(where).count(),
          task(where).withoutIndex().count(),
          task(where).explain(),
        ]);
        if (plan.index !== undefined) narrowed++;
        expect({ where, count: withIndex }).toEqual({ where, count: without });
      }),
      { numRuns: RUNS },
    );
    // About half of them are: of few by chance none.
    expect(narrowed).toBeGreaterThan(RUNS < 50 ? 0 : RUNS / 6);
  }, 600_000);
});
