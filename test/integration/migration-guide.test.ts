import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import * as z from "zod";
import { loadConfig } from "../../src/config/index.js";
import {
  AerospikeError,
  connect,
  DataSet,
  dateAsMilliseconds,
  type ExecuteTask,
  Exp,
  type Key,
  type Session,
  TaskAbortedError,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

// The tables of docs/migration.md: what stands in the column "here" is run, row by row.

interface Row {
  a: number;
  age: number;
  l: string[];
}

const SOURCE = "function raise(rec, by) rec.a = rec.a + by; aerospike:update(rec) end";

let target: TestTarget;
let session: Session;
let set: DataSet<Row>;
let key: Key<Row>;
let keys: Key<Row>[];
let module: string;

beforeAll(async () => {
  target = await connectTarget();
  session = target.session;
  set = target.dataSet<Row>();
  key = set.id(1);
  keys = set.ids(1, 2, 3);
  module = target.uniqueName();
});

afterAll(async () => {
  await (await session.removeUdf(`${module}.lua`)).waitTillComplete();
  await target[Symbol.asyncDispose]();
});

beforeEach(() => session.putMany(keys.map((one, i) => [one, { a: i + 1, age: 30 + i, l: [] as string[] }] as const)));

const numbers = async (): Promise<unknown[]> => (await session.getMany(keys)).map((record) => record?.bins.a);

async function end(task: ExecuteTask) {
  return task.waitTillComplete({ totalTimeout: 20_000 });
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof AerospikeError ? [error.code, error.resultCode] : error;
}

/** By what a row says, apart from links. */
const ROWS: Readonly<Record<string, () => Promise<void>>> = {
  "`connect(hosts, options)`, `cluster.createSession()`": async () => {
    await using cluster = await connect(target.hosts, { appId: "migration" });
    expect((await cluster.createSession().get(key)).bins.a).toBe(1);
  },
  "`users.id(id)`, of a `DataSet`": async () => {
    const users = DataSet.of("test", set.setName);
    expect(users.id(1).digest).toEqual(key.digest);
  },
  "`session.put(key, bins)`": async () => {
    await session.put(key, { a: 5 });
    expect((await session.get(key)).bins).toEqual({ a: 5, age: 30, l: [] });
  },
  "`session.insert(key)`, `update(key)`, `replaceIfExists(key)`, `replace(key)`": async () => {
    const all = { a: 7, age: 7, l: [] };
    expect(await codeOf(session.insert(key).put(all).execute())).toEqual(["RECORD_EXISTS", 5]);
    await session.update(key).put({ a: 6 }).execute();
    await session.replaceIfExists(key).put(all).execute();
    await session
      .replace(key)
      .put({ ...all, a: 8 })
      .execute();
    expect((await session.get(key)).bins).toEqual({ a: 8, age: 7, l: [] });
    await session.delete(key).execute();
    for (const verb of ["update", "replaceIfExists"] as const) {
      expect(await codeOf(session[verb](key).put(all).execute())).toEqual(["RECORD_NOT_FOUND", 2]);
    }
  },
  "`.expireRecordAfterSeconds(n)`, `.ensureGenerationIs(n)`": async () => {
    const { generation } = await session.get(key);
    await session.update(key).put({ a: 2 }).expireRecordAfterSeconds(600).ensureGenerationIs(generation).execute();
    expect((await session.get(key)).ttl).toBeGreaterThan(0);
    expect(await codeOf(session.update(key).put({ a: 3 }).ensureGenerationIs(generation).execute())).toEqual([
      "GENERATION",
      3,
    ]);
  },
  '`session.get(key)`, `session.get(key, ["a"])`, `session.exists(key).execute()`': async () => {
    expect((await session.get(key)).bins).toEqual({ a: 1, age: 30, l: [] });
    expect((await session.get(key, ["a"])).bins).toEqual({ a: 1 });
    expect((await session.exists(key).first())?.isOk).toBe(true);
    expect(await codeOf(session.get(set.id(99)))).toEqual(["RECORD_NOT_FOUND", 2]);
  },
  "`session.delete(key).execute()`": async () => {
    await session.delete(key).execute();
    expect(await numbers()).toEqual([undefined, 2, 3]);
  },
  'one builder: `session.update(key).bin("a").add(1).bin("l").listAppend("x").execute()`': async () => {
    await session.update(key).bin("a").add(1).bin("l").listAppend("x").execute();
    expect((await session.get(key)).bins).toEqual({ a: 2, age: 30, l: ["x"] });
  },
  "one chain of verbs: `session.upsert(keys).put({ a: 1 }).query(keys).delete(keys).execute()`; `getMany(keys)`, `putMany(entries)`":
    async () => {
      const rows = await (await session.upsert(keys).put({ a: 1 }).query(keys).delete(keys).execute()).collect();
      expect(rows.map(({ isOk }) => isOk)).toEqual(Array(9).fill(true));
      expect(await session.getMany(keys)).toEqual([null, null, null]);
      await session.putMany(keys.map((one, a) => [one, { a }] as const));
      expect(await numbers()).toEqual([0, 1, 2]);
    },
  '`for await (const row of await session.query(set).where("$.age > 30").execute())`': async () => {
    const ages: number[] = [];
    for await (const row of await session.query(set).where("$.age > 30").execute()) ages.push(row.bins.age);
    expect(ages.sort()).toEqual([31, 32]);
  },
  'text in `where("$.a > 1")`, or `where(Exp.gt(Exp.intBin("a"), Exp.intVal(1)))`': async () => {
    expect(await session.query(set).where("$.a > 1").count()).toBe(2);
    expect(
      await session
        .query(set)
        .where(Exp.gt(Exp.intBin("a"), Exp.intVal(1)))
        .count(),
    ).toBe(2);
  },
  "`session.backgroundTask().executeUdf(set).function(module, fn).passing(1).execute()`": async () => {
    const task = await session.backgroundTask().executeUdf(set).function(module, "raise").passing(1).execute();
    expect(await end(task)).toMatchObject({ succeeded: 3, failed: 0 });
    expect(await numbers()).toEqual([2, 3, 4]);
  },
  '`session.backgroundTask().update(set).bin("a").add(1).execute()`': async () => {
    await end(await session.backgroundTask().update(set).bin("a").add(1).execute());
    expect(await numbers()).toEqual([2, 3, 4]);
  },
  "`task.waitTillComplete()`, which says what failed": async () => {
    const untyped = DataSet.of("test", set.setName);
    const task = await session.backgroundTask().update(untyped).bin("l").add(1).execute();
    const { failed, failureCauses } = await task.waitTillComplete({ totalTimeout: 20_000 });
    expect(failed).toBe(3);
    expect(failureCauses.join()).toContain('bin "l" holds a list');
  },
  "`session.registerUdf(source, name)`": async () => {
    await (await session.registerUdf(SOURCE, `${module}.lua`)).waitTillComplete();
    expect((await session.listUdfs()).map(({ fileName }) => fileName)).toContain(`${module}.lua`);
  },
  '`session.createIndex(set, { name, bin, type: "integer" })`': async () => {
    const name = target.uniqueName();
    await (await session.createIndex(set, { name, bin: "age", type: "integer" })).waitTillComplete();
    expect((await session.info().secondaryIndexes()).map(({ indexName }) => indexName)).toContain(name);
    await (await session.dropIndex(set, name)).waitTillComplete();
  },
  '`session.truncate(set)`, `session.info().info("build")`': async () => {
    const others = target.dataSet();
    await session.put(others.id(1), { a: 1 });
    await session.truncate(others);
    await expect.poll(() => session.query(others).count()).toBe(0);
    expect(JSON.stringify(await session.info().info("build"))).toMatch(/\d+\.\d+/);
  },
  '`AerospikeError` with `resultCode`, and `code`, a name: `"RECORD_NOT_FOUND"`': async () => {
    expect(await codeOf(session.get(set.id(99)))).toEqual(["RECORD_NOT_FOUND", 2]);
  },

  "compiled by the client for server 6.0 and newer": async () => {
    expect(await session.query(set).where("$.age > 30").withoutIndex().count()).toBe(2);
  },
  "the client chooses it on any server; `query.explain()` says which": async () => {
    const name = target.uniqueName();
    await (await session.createIndex(set, { name, bin: "age", type: "integer" })).waitTillComplete();
    const query = session.query(set).where("$.age > 30");
    expect((await query.explain()).index).toContain(name);
    await (await session.dropIndex(set, name)).waitTillComplete();
  },
  '`where("$.a > ?0", v)`; values can\'t change the text': async () => {
    const named = DataSet.of("test", set.setName);
    expect(await session.query(set).where("$.a > ?0", 1).count()).toBe(2);
    expect(await session.query(named).where("$.name == ?0", "' or $.a > 0 or $.name == '").count()).toBe(0);
  },
  "`task.progress()` with counters of each node, `task.abort()`, `attach(id)`; a job that was stopped is an error":
    async () => {
      const many = target.dataSet<{ a: number }>();
      await session.putMany(Array.from({ length: 2_000 }, (_, i) => [many.id(i), { a: i }] as const));
      const task = await session.backgroundTask().update(many).recordsPerSecond(10).bin("a").add(1).execute();
      const { perNode } = await task.progress();
      expect(Object.keys(perNode).sort()).toEqual([...task.nodes].sort());
      const attached = session.backgroundTask().attach(task.id);
      await task.abort();
      for (const handle of [task, attached]) {
        await expect(handle.waitTillComplete({ totalTimeout: 20_000 })).rejects.toBeInstanceOf(TaskAbortedError);
      }
    },
  "`session.doInTransaction(async (tx) => …)`": async () => {
    // What Community Edition says to it; test/faults/transactions.test.ts has servers that take it.
    const work = session.doInTransaction(async (tx) => tx.put(key, { a: 2 }));
    expect(await codeOf(work)).toEqual(["ENTERPRISE_ONLY", 25]);
  },
  "promises alone": async () => {
    expect(session.get(key)).toBeInstanceOf(Promise);
  },
  "a `schema` and codecs of a data set": async () => {
    const typed = DataSet.of("test", set.setName, {
      schema: z.object({ a: z.number() }),
      bins: { age: dateAsMilliseconds },
    });
    expect((await session.get(typed.id(1))).bins).toMatchObject({ a: 1 });
  },
  "`loadConfig(path)` of `aerowire/config`, or in code": async () => {
    const folder = await mkdtemp(join(tmpdir(), "aerowire-"));
    const path = join(folder, "aerowire.yaml");
    await writeFile(
      path,
      `connect: { hosts: "${target.hosts}" }\nbehaviors: { DEFAULT: { reads: { maxRetries: 7 } } }\n`,
    );
    await using config = await loadConfig(path, { watchEveryMs: 0 });
    await using cluster = await config.connect();
    expect((await cluster.createSession().get(key)).bins.a).toBe(1);
    await rm(folder, { recursive: true });
  },
};

/** What stands in the last column of the tables, without links. */
const cells = (await readFile("docs/migration.md", "utf8"))
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (native|Python) \|/.test(line))
  .map((line) =>
    line
      .split(" | ")
      .at(-1)!
      .replace(/ \|$/, "")
      .replace(/ \(\[[^)]*\)\)/g, ""),
  );

it("every row of the tables is known, and the other way round", () => {
  expect(cells).toEqual(Object.keys(ROWS));
});

// The module has to be there for the function that is called.
const order = Object.keys(ROWS).sort((a, b) => Number(b.includes("registerUdf")) - Number(a.includes("registerUdf")));
it.each(order)("does what docs/migration.md says: %s", (cell) => ROWS[cell]!());
