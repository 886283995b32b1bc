import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DataSet, Filter, type Key } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

// Servers fetch a hundred index entries of a partition at a time, and know of repeated records among those alone. So a
// record with hundreds of entries comes several times, and one whose entry moves on while a task is under way again.

interface Row {
  n: number;
  runs: number;
  scores: number[];
  points: { [name: string]: number };
}

const PARTITION = 77;
const ROWS = 220;
const ELEMENTS = 250;

let target: TestTarget;
let rows: DataSet<Row>;
let keys: Key<Row>[];
const names = { n: "", scores: "", points: "" };

beforeAll(async () => {
  target = await connectTarget();
  rows = target.dataSet<Row>();
  keys = [];
  for (let id = 0; keys.length < ROWS; id++) {
    const key = rows.id(id);
    if (key.partition === PARTITION) keys.push(key);
  }
  const scores = Array.from({ length: ELEMENTS }, (_, i) => i);
  const points = Object.fromEntries(scores.map((score) => [`p${score}`, score]));
  await Promise.all(keys.map((key, n) => target.session.put(key, { n, runs: 0, scores, points })));
  for (const name of ["n", "scores", "points"] as const) names[name] = target.uniqueName();
  const created = await Promise.all([
    target.session.index(rows).onBin("n").named(names.n).integer().create(),
    target.session.index(rows).onBin("scores").collection("list").named(names.scores).integer().create(),
    target.session.index(rows).onBin("points").collection("mapValues").named(names.points).integer().create(),
  ]);
  await Promise.all(created.map((task) => task.waitTillComplete({ totalTimeout: 20_000 })));
}, 60_000);

afterAll(async () => {
  for (const name of Object.values(names)) {
    const dropped = await target.session.index(rows).named(name).drop();
    await dropped.waitTillComplete({ totalTimeout: 20_000 });
  }
  await target[Symbol.asyncDispose]();
});

const every = "$.scores.[=0:1000].exists()";

describe("each record comes once", () => {
  it.each([
    ["a list", Filter.containsRange("scores", 0, 1_000, "list"), ROWS],
    ["a few elements of a list", Filter.containsRange("scores", 3, 5, "list"), ROWS],
    ["values of a map", Filter.containsRange("points", 10, 249, "mapValues"), ROWS],
    ["one element", Filter.contains("scores", 7, "list"), ROWS],
    ["a bin", Filter.range("n", 10, 1_000), ROWS - 10],
  ])("to a count over an index range of %s", async (_, filter, expected) => {
    await expect(target.session.backgroundTask().touch(rows).filter(filter).count()).resolves.toBe(expected);
  });

  it("to a count over an index of a list that was found for it", async () => {
    await expect(target.session.backgroundTask().touch(rows).where(every).count()).resolves.toBe(ROWS);
  });

  it("to a task whose condition an index of a list would narrow", async () => {
    const builder = target.session.backgroundTask().update(rows).where(every).bin("runs").add(1);
    const { index, rejectedIndexes } = await builder.explain();
    expect(index).toBeUndefined();
    expect(rejectedIndexes).toContainEqual({
      name: names.scores,
      reason: "a record with several entries in its range would be worked on several times",
    });
    const { succeeded } = await (await builder.execute()).waitTillComplete({ totalTimeout: 30_000 });
    expect(succeeded).toBe(ROWS);
    const runs = await Promise.all(keys.map(async (key) => (await target.session.get(key)).bins.runs));
    expect(new Set(runs)).toEqual(new Set([1]));
  });

  it("to a task that changes the bin that an index would narrow it by", async () => {
    const builder = target.session.backgroundTask().update(rows).where("$.n >= 0").bin("n").add(1_000);
    await expect(builder.explain()).resolves.toMatchObject({ index: undefined });
    await (await builder.execute()).waitTillComplete({ totalTimeout: 30_000 });
    const values = await Promise.all(keys.map(async (key) => (await target.session.get(key)).bins.n));
    expect(values).toEqual(keys.map((_, n) => n + 1_000));
  });

  it("or explain warns, where the caller names the range", async () => {
    const builder = target.session.backgroundTask().update(rows).bin("runs").add(1);
    const plan = await builder.filter(Filter.containsRange("scores", 0, 9, "list")).explain();
    expect(plan.index).toBe("elements of bin scores from 0 to 9");
    expect(plan.warnings).toContainEqual(
      "Index range elements of bin scores from 0 to 9: a record with several entries in its range would be worked on several times",
    );
  });
});
