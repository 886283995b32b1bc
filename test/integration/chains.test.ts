import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  AerospikeError,
  BatchError,
  DataSet,
  FilteredOutError,
  type Key,
  type KeyCommandBuilder,
  type KeyCommandOptions,
  RecordNotFoundError,
  type RecordResult,
  type RecordStream,
  UdfError,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface Row {
  i: number;
  s: string;
  l: number[];
  m?: { [key: string]: number };
}

let target: TestTarget;
let set: DataSet<Row>;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

/** Twenty records, as the cases speak of them. */
beforeEach(async () => {
  set = target.dataSet<Row>();
  await target.session.putMany(Array.from({ length: 20 }, (_, i) => [set.id(i), { i, s: `s${i % 3}`, l: [i, i + 1] }]));
});

async function rowsOf<T, B>(stream: Promise<RecordStream<T, B>>): Promise<RecordResult<T, B>[]> {
  return (await stream).collect();
}

describe("reads of keys", () => {
  it("come in the order of the keys; missing ones have no row unless it is asked for", async () => {
    const keys = set.ids(1, 99, 3);
    const found = await rowsOf(target.session.query(keys).execute());
    expect(found.map(({ index, record }) => [index, record?.bins.i])).toEqual([
      [0, 1],
      [2, 3],
    ]);
    const all = await rowsOf(target.session.query(keys).includeMissingKeys().execute());
    expect(all.map(({ resultCode }) => resultCode)).toEqual([0, 2, 0]);
    expect(all.map(({ key }) => key)).toEqual(keys);
    expect(all[1]?.error).toBeInstanceOf(RecordNotFoundError);
  });

  it("give the same record twice when its key stands there twice", async () => {
    const rows = await rowsOf(target.session.query(set.ids(1, 1, 2)).execute());
    expect(rows.map(({ index, record }) => [index, record?.bins])).toEqual([
      [0, { i: 1, s: "s1", l: [1, 2] }],
      [1, { i: 1, s: "s1", l: [1, 2] }],
      [2, { i: 2, s: "s2", l: [2, 3] }],
    ]);
  });

  it("of bins, of no bins, of a bin that no record has", async () => {
    for (const keys of [set.ids(1), set.ids(1, 2)]) {
      const some = await rowsOf(target.session.query(keys).bins("i", "s").execute());
      expect(some[0]?.record?.bins).toEqual({ i: 1, s: "s1" });
      const none = await rowsOf(target.session.query(keys).withNoBins().execute());
      expect(none[0]?.record).toMatchObject({ bins: {}, generation: 1, ttl: -1 });
      const absent = await rowsOf(target.session.query(keys).bins("m").execute());
      expect(absent.map(({ resultCode, record }) => [resultCode, record?.bins])).toEqual(keys.map(() => [0, {}]));
    }
  });

  it("by operations, whose results line up with the calls", async () => {
    for (const keys of [set.ids(4), set.ids(4, 5)]) {
      const rows = await rowsOf(
        target.session
          .query(keys)
          .bin("l")
          .listSize()
          .bin("m")
          .get()
          .bin("l")
          .onListIndex(-1)
          .getValues()
          .bin("s")
          .selectFrom("$.i * 2")
          .execute(),
      );
      expect(rows.map((row) => row.operationResults)).toEqual(
        [
          [2, null, 5, 8],
          [2, null, 6, 10],
        ].slice(0, keys.length),
      );
      expect(rows[0]?.record).toMatchObject({ bins: { l: 5, s: 8 }, generation: 1 });
    }
    const missing = await rowsOf(target.session.query(set.ids(99, 4)).bin("l").listSize().execute());
    expect(missing.map(({ index, operationResults }) => [index, operationResults])).toEqual([[1, [2]]]);
  });

  it("leave out what where leaves out", async () => {
    const read = (keys: readonly Key<Row>[]) => target.session.query(keys).where("$.i > ?0", 4);
    expect((await rowsOf(read(set.ids(3, 5, 4, 6)).execute())).map((row) => row.index)).toEqual([1, 3]);
    expect(await read(set.ids(3)).first()).toBeNull();
    await expect(read(set.ids(3)).failOnFilteredOut().execute()).rejects.toBeInstanceOf(FilteredOutError);
    await expect(read(set.ids(3, 5)).failOnFilteredOut().execute()).rejects.toBeInstanceOf(BatchError);
  });

  it("first and firstOrThrow", async () => {
    const row = await target.session.query(set.id(7)).bins("i").firstOrThrow();
    expect(row.recordOrThrow().bins.i).toBe(7);
    expect(await target.session.query(set.id(99)).first()).toBeNull();
    await expect(target.session.query(set.id(99)).firstOrThrow()).rejects.toBeInstanceOf(RecordNotFoundError);
  });
});

describe("chains", () => {
  it("carry reads and writes of all kinds, with indexes through all of them", async () => {
    const rows = await rowsOf(
      target.session
        .query(set.ids(1, 99))
        .bins("s")
        .upsert(set.id(3))
        .bin("i")
        .add(10)
        .bin("i")
        .get()
        .delete(set.ids(4, 98))
        .exists(set.ids(5, 97))
        .touch(set.id(6))
        .insert(set.id(50))
        .put({ i: 50, s: "new", l: [] })
        .update(set.id(7))
        .put({ s: "updated" })
        .replace(set.id(8))
        .put({ i: 8 })
        .replaceIfExists(set.id(9))
        .put({ i: 9 })
        .query(set.id(10))
        .bin("l")
        .listGet(0)
        .execute(),
    );
    expect(rows.map(({ index, resultCode }) => [index, resultCode])).toEqual([
      [0, 0],
      [2, 0],
      [3, 0],
      [4, 2],
      [5, 0],
      [6, 2],
      [7, 0],
      [8, 0],
      [9, 0],
      [10, 0],
      [11, 0],
      [12, 0],
    ]);
    expect(rows[0]?.record?.bins).toEqual({ s: "s1" });
    expect(rows[1]?.operationResults).toEqual([null, 13]);
    expect(rows.slice(2, 7).map((row) => row.asBool())).toEqual([true, false, true, false, true]);
    expect(rows.at(-1)?.operationResults).toEqual([10]);
    const after = await target.session.getMany(set.ids(4, 50, 7, 8, 9), { bins: ["i", "s"] });
    expect(after.map((record) => record?.bins)).toEqual([
      undefined,
      { i: 50, s: "new" },
      { i: 7, s: "updated" },
      { i: 8 },
      { i: 9 },
    ]);
    expect((await target.session.get(set.id(6))).generation).toBe(2);
  });

  it("do what concerns one record in their order", async () => {
    const key = set.id(5);
    const rows = await rowsOf(
      target.session
        .query(key)
        .bins("i")
        .upsert(key)
        .bin("i")
        .add(1)
        .upsert(key, key)
        .bin("i")
        .add(1)
        .bin("i")
        .get()
        .query(key)
        .bins("i")
        .delete(key)
        .exists(key)
        .execute(),
    );
    expect(rows.map((row) => row.index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(rows[0]?.record?.bins).toEqual({ i: 5 });
    expect(rows[2]?.operationResults).toEqual([null, 7]);
    expect(rows[3]?.operationResults).toEqual([null, 8]);
    expect(rows[4]?.record?.bins).toEqual({ i: 8 });
    expect(rows.slice(5).map((row) => row.asBool())).toEqual([true, false]);
  });

  it("a list append and its size, on a missing record too", async () => {
    const rows = await rowsOf(
      target.session
        .upsert(set.ids(4, 5, 99))
        .bin("l")
        .listAppend(0)
        .bin("l")
        .listSize()
        .execute(),
    );
    expect(rows.map((row) => row.operationResults)).toEqual([
      [3, 3],
      [3, 3],
      [1, 1],
    ]);
  });

  it("read a record and delete it in one, or start it anew", async () => {
    const [gone, anew] = await rowsOf(
      target.session
        .update(set.id(4))
        .bin("i")
        .get()
        .deleteRecord()
        .upsert(set.id(5))
        .bin("i")
        .get()
        .deleteRecord()
        .bin("s")
        .setTo("anew")
        .bin("i")
        .get()
        .execute(),
    );
    expect(gone?.operationResults).toEqual([4, null]);
    expect(anew?.operationResults).toEqual([5, null, null, null]);
    expect((await target.session.getMany(set.ids(4, 5))).map((record) => record?.bins)).toEqual([
      undefined,
      { s: "anew" },
    ]);
    const missing = target.session.update(set.id(99)).deleteRecord();
    await expect(missing.execute()).rejects.toBeInstanceOf(RecordNotFoundError);
    expect((await target.session.upsert(set.id(99)).deleteRecord().first())?.resultCode).toBe(2);
  });

  it("renew a record while they read it, and create none for that", async () => {
    const rows = await rowsOf(
      target.session
        .upsert(set.ids(1, 99))
        .touchRecord()
        .bin("i")
        .get()
        .touchRecord()
        .bin("l")
        .listSize()
        .expireRecordAfterSeconds(5_000)
        .execute(),
    );
    expect(rows.map(({ resultCode, operationResults }) => [resultCode, operationResults])).toEqual([
      [0, [null, 1, null, 2]],
      [2, []],
    ]);
    expect(rows[0]?.record).toMatchObject({ generation: 2, bins: { i: 1, l: 2 } });
    const alone = await target.session.update(set.id(2)).touchRecord().firstOrThrow();
    expect(alone.operationResults).toEqual([null]);
    const records = await target.session.getMany(set.ids(1, 2, 99));
    expect(records.map((record) => [record?.generation, (record?.ttl ?? 0) > 4_900])).toEqual([
      [2, true],
      [2, false],
      [undefined, false],
    ]);
  });

  it("wait for handlers that take their time", async () => {
    const handled: number[] = [];
    const insert = target.session.insert(set.ids(1, 2)).put({ i: 1 });
    await insert.execute({
      onError: async (_error, _key, index) => {
        await new Promise((resolve) => setImmediate(resolve));
        handled.push(index);
      },
    });
    expect(handled).toEqual([0, 1]);
    for (const keys of [set.ids(1), set.ids(1, 2)]) {
      const failing = target.session.insert(keys).put({ i: 1 });
      await expect(failing.execute({ onError: () => Promise.reject(new RangeError("enough")) })).rejects.toThrow(
        "enough",
      );
    }
  });

  it("an unknown namespace fails its own rows", async () => {
    const elsewhere = DataSet.of<Row>("nowhere", "x").id(1);
    const error = await target.session
      .query(set.id(1), elsewhere)
      .bins("i")
      .execute()
      .catch((reason: unknown) => reason);
    if (!(error instanceof BatchError)) throw error;
    expect(error.rows.map(({ resultCode }) => resultCode)).toEqual([0, 20]);
    expect(error.rows[0]?.record?.bins).toEqual({ i: 1 });
    const rows = await rowsOf(target.session.query(set.id(1), elsewhere).execute({ onError: "inStream" }));
    expect(rows.map((row) => row.error?.code)).toEqual([undefined, "INVALID_NAMESPACE"]);
  });

  it("conditions and times to live of the chain are for segments without their own", async () => {
    const rows = await rowsOf(
      target.session
        .update(set.ids(1, 2))
        .put({ s: "x" })
        .defaultWhere("$.i == 1")
        .defaultExpireRecordAfterSeconds(5_000)
        .update(set.id(3))
        .where("$.i == 3")
        .neverExpire()
        .put({ s: "x" })
        .touch(set.id(4))
        .query(set.id(5))
        .execute(),
    );
    expect(rows.map(({ index, resultCode }) => [index, resultCode])).toEqual([
      [0, 0],
      [1, 27],
      [2, 0],
      [3, 27],
    ]);
    const [first, , third] = await target.session.getMany(set.ids(1, 2, 3));
    expect(first?.ttl).toBeGreaterThan(4_900);
    expect(third?.ttl).toBe(-1);
  });

  it("leave times to live alone beside records that they create", async () => {
    const keys = set.ids(Array.from({ length: 40 }, (_, i) => i));
    await target.session
      .touch(set.ids(Array.from({ length: 20 }, (_, i) => i)))
      .expireRecordAfterSeconds(5_000)
      .execute();
    await target.session
      .upsert([...keys].reverse())
      .put({ s: "x" })
      .withNoChangeInExpiration()
      .execute();
    const ttls = (await target.session.getMany(keys)).map((record) => record?.ttl ?? 0);
    expect(ttls.map((ttl) => ttl > 4_900)).toEqual(keys.map((_, i) => i < 20));
  });

  it("take keys of several data sets", async () => {
    const others = target.dataSet<{ name: string }>();
    const rows = await rowsOf(
      target.session.upsert(others.id(1)).put({ name: "a" }).query(set.id(1)).bins("i").query(others.id(1)).execute(),
    );
    expect(rows.map((row) => row.record?.bins)).toEqual([{}, { i: 1 }, { name: "a" }]);
  });

  it("of thousands of keys", async () => {
    const many = target.dataSet<{ n: number }>();
    const keys = many.ids(Array.from({ length: 6000 }, (_, n) => n));
    await target.session.putMany(keys.map((key, n) => [key, { n }] as const));
    const rows = await rowsOf(target.session.query(keys).update(keys).bin("n").add(1).query(keys).execute());
    expect(rows.map((row) => row.index)).toEqual(rows.map((_, i) => i));
    expect(rows.slice(0, 6000).map((row) => row.record?.bins)).toEqual(keys.map((_, n) => ({ n })));
    expect(rows.slice(12_000).map((row) => row.record?.bins)).toEqual(keys.map((_, n) => ({ n: n + 1 })));
  });
});

describe("getMany and putMany", () => {
  it("go by position", async () => {
    const records = await target.session.getMany(set.ids(1, 99, 1, 2), { bins: ["i"] });
    expect(records.map((record) => record?.bins)).toEqual([{ i: 1 }, undefined, { i: 1 }, { i: 2 }]);
    expect(records[1]).toBeNull();
    expect((await target.session.getMany([set.id(3)]))[0]?.bins).toEqual({ i: 3, s: "s0", l: [3, 4] });
    expect(await target.session.getMany([])).toEqual([]);
    await target.session.putMany([]);
  });

  it("write each record's bins, the later ones last, and remove those that are null", async () => {
    await target.session.putMany([
      [set.id(1), { s: "first" }],
      [set.id(60), { i: 60, m: { a: 1 } }],
      [set.id(1), { s: "second" }],
      [set.id(60), { m: null }],
    ]);
    const [one, sixty] = await target.session.getMany(set.ids(1, 60));
    expect(one?.bins.s).toBe("second");
    expect(sixty?.bins).toEqual({ i: 60 });
  });

  it("reject with a BatchError when a key failed, also when it is the only one", async () => {
    const elsewhere = DataSet.of<Row>("nowhere", "x").id(1);
    const failure = target.session.getMany([set.id(1), elsewhere]);
    await expect(failure).rejects.toMatchObject({ name: "BatchError", failures: [{ index: 1, resultCode: 20 }] });
    await expect(target.session.getMany([elsewhere])).rejects.toBeInstanceOf(BatchError);
    await expect(target.session.putMany([[elsewhere, { i: 1 }]])).rejects.toBeInstanceOf(BatchError);
  });
});

describe("rows of a table", () => {
  it("are written in order, each with its own terms", async () => {
    const stream = await target.session
      .insert(set)
      .bins("i", "s")
      .row("a", 1, "x")
      .row("b", 2, "y")
      .expireRecordAfterSeconds(1_000)
      .rows([
        ["c", 3, undefined],
        ["d", 4, "z"],
      ])
      .execute();
    expect((await stream.collect()).map((row) => [row.index, row.key.userKey, row.isOk])).toEqual(
      ["a", "b", "c", "d"].map((id, i) => [i, id, true]),
    );
    const records = await target.session.getMany(set.ids("a", "b", "c", "d"));
    expect(records.map((record) => record?.bins)).toEqual([
      { i: 1, s: "x" },
      { i: 2, s: "y" },
      { i: 3 },
      { i: 4, s: "z" },
    ]);
    expect(records.map((record) => record?.ttl)).toEqual([-1, expect.closeTo(1_000, -1), -1, -1]);
  });

  it("fail each for itself, and the same key twice is written twice", async () => {
    const rows = target.session.insert(set).bins("i").row(1, 5).row("new", 6).row("new", 7);
    const error = await rows.execute().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BatchError);
    expect((error as BatchError).failures.map(({ index, error: cause }) => [index, cause?.name])).toEqual([
      [0, "RecordExistsError"],
      [2, "RecordExistsError"],
    ]);
    expect((await target.session.get(set.id("new"))).bins).toEqual({ i: 6 });
  });

  it("go on with a chain, and share its defaults", async () => {
    const stream = await target.session
      .query(set.id(1))
      .bins("i")
      .update(set)
      .bins("i")
      .row(1, 100)
      .row(2, 200)
      .query(set.id(1))
      .bins("i")
      .defaultWhere("$.i < 2")
      .execute();
    expect((await stream.collect()).map((row) => [row.index, row.resultCode])).toEqual([
      [0, 0],
      [1, 0],
      [2, 27],
    ]);
    expect((await target.session.get(set.id(1))).bins.i).toBe(100);
  });

  it("are made of objects", async () => {
    await target.session.upsertRows(
      set,
      Array.from({ length: 50 }, (_, n) => ({ id: `o${n}`, i: n })),
      { id: "id" },
    );
    expect((await target.session.get(set.id("o49"))).bins).toEqual({ i: 49 });
    await target.session.upsertRows(set, [{ i: 7, s: "q" }], { id: ({ i }) => `p${i}` });
    expect((await target.session.get(set.id("p7"))).bins).toEqual({ i: 7, s: "q" });
    await expect(target.session.upsertRows(set, [], { id: "id" })).resolves.toBeUndefined();
  });
});

describe("functions", () => {
  const SOURCE = `
    function sum(rec, n) return rec.i + n end
    function make(rec, n)
      if not aerospike:exists(rec) then rec.i = n; aerospike:create(rec) end
      return map {n = n}
    end
    function write(rec) rec.i = 1; aerospike:update(rec) end
    function keep(rec, i) if rec.i == i then record.set_ttl(rec, 5000) end; rec.i = 1; aerospike:update(rec) end
    function fail(rec) error("it: went\\nwrong") end
  `;
  let module: string;

  beforeAll(async () => {
    module = target.uniqueName();
    await (await target.session.registerUdf(SOURCE, `${module}.lua`)).waitTillComplete();
  });

  afterAll(async () => {
    await target.session.removeUdf(`${module}.lua`);
  });

  it("return a value for one key and for several, and create records", async () => {
    const one = await target.session.executeUdf(set.id(3)).function(module, "sum").passing(7).firstOrThrow();
    expect(one.udfResult).toBe(10);
    const rows = await rowsOf(
      target.session
        .executeUdf(set.ids(1, 2))
        .function(module, "sum")
        .passing(7)
        .executeUdf(set.id(70))
        .function(module, "make")
        .passing(70)
        .query(set.id(70))
        .bins("i")
        .execute(),
    );
    expect(rows.map((row) => row.udfResult)).toEqual([8, 9, { n: 70 }, null]);
    expect(rows.at(-1)?.record?.bins).toEqual({ i: 70 });
  });

  it("give records that they write the time to live that is asked for", async () => {
    const write = (key: Key<Row>) => target.session.executeUdf(key).function(module, "write");
    await write(set.id(1)).expireRecordAfterSeconds(5_000).execute();
    await write(set.id(2)).defaultExpireRecordAfterSeconds(5_000).exists(set.id(3)).execute();
    await target.session.touch(set.id(4)).expireRecordAfterSeconds(5_000).execute();
    await write(set.id(4)).withNoChangeInExpiration().execute();
    const records = await target.session.getMany(set.ids(1, 2, 4));
    for (const record of records) expect(record?.ttl).toBeGreaterThan(4_900);
    await write(set.id(1)).neverExpire().execute();
    expect((await target.session.get(set.id(1))).ttl).toBe(-1);
  });

  it("give a time to live to the records for which they say so, and to no others", async () => {
    const keys = set.ids(Array.from({ length: 20 }, (_, i) => i));
    await target.session.executeUdf(keys).function(module, "keep").passing(3).neverExpire().execute();
    const ttls = (await target.session.getMany(keys)).map((record) => record?.ttl);
    expect(ttls).toEqual(keys.map((_, i) => (i === 3 ? expect.closeTo(5_000, -2) : -1)));
  });

  it("leave out what where leaves out", async () => {
    const sum = (condition: string) =>
      target.session.executeUdf(set.id(1)).function(module, "sum").passing(1).where(condition);
    expect(await sum("$.i == 5").first()).toMatchObject({ resultCode: 27, udfResult: null });
    expect((await sum("$.i == 1").firstOrThrow()).udfResult).toBe(2);
    await expect(sum("$.i == 5").failOnFilteredOut().execute()).rejects.toBeInstanceOf(FilteredOutError);
  });

  it("fail with Lua's whole message", async () => {
    const failing = (keys: readonly Key<Row>[]) => target.session.executeUdf(keys).function(module, "fail");
    await expect(failing(set.ids(1)).execute()).rejects.toBeInstanceOf(UdfError);
    await expect(failing(set.ids(1)).execute()).rejects.toThrow(/it: went\nwrong/);
    const rows = await rowsOf(failing(set.ids(1, 2)).execute({ onError: "inStream" }));
    expect(rows.map((row) => row.error?.code)).toEqual(["UDF", "UDF"]);
    expect(rows[0]?.error?.message).toContain("it: went\nwrong");
    const unknown = target.session.executeUdf(set.id(1)).function(module, "nowhere").execute();
    await expect(unknown).rejects.toBeInstanceOf(UdfError);
  });
});

/** The table of docs/records.md. */
describe("what becomes of a key", () => {
  type Verb = (keys: readonly Key<Row>[]) => KeyCommandBuilder<Row>;
  const session = () => target.session;
  const THERE = 1;
  const MISSING = 99;
  /** No record is. */
  const left = "$.i < 0";
  const query: Verb = (keys) => session().query(keys);
  const upsert = (keys: readonly Key<Row>[]) => session().upsert(keys).put({ i: 1 });

  const cases: [what: string, id: number, verb: Verb, row: number | "none" | "failure"][] = [
    ["query: found", THERE, query, 0],
    ["query: missing", MISSING, query, "none"],
    ["query: missing, with includeMissingKeys", MISSING, (keys) => session().query(keys).includeMissingKeys(), 2],
    ["query: left out", THERE, (keys) => session().query(keys).where(left), "none"],
    [
      "query: left out, with includeMissingKeys",
      THERE,
      (keys) => session().query(keys).where(left).includeMissingKeys(),
      27,
    ],
    [
      "query: left out, with failOnFilteredOut",
      THERE,
      (keys) => session().query(keys).where(left).failOnFilteredOut(),
      "failure",
    ],
    ["upsert: done", THERE, upsert, 0],
    ["upsert: left out", THERE, (keys) => upsert(keys).where(left), 27],
    [
      "upsert: left out, with failOnFilteredOut",
      THERE,
      (keys) => upsert(keys).where(left).failOnFilteredOut(),
      "failure",
    ],
    ["insert: there already", THERE, (keys) => session().insert(keys).put({ i: 1 }), "failure"],
    ["update: missing", MISSING, (keys) => session().update(keys).put({ i: 1 }), "failure"],
    ["update: left out", THERE, (keys) => session().update(keys).put({ i: 1 }).where(left), 27],
    ["replaceIfExists: missing", MISSING, (keys) => session().replaceIfExists(keys).put({ i: 1 }), "failure"],
    ["delete: done", THERE, (keys) => session().delete(keys), 0],
    ["delete: missing", MISSING, (keys) => session().delete(keys), 2],
    ["delete: left out", THERE, (keys) => session().delete(keys).where(left), 27],
    ["touch: missing", MISSING, (keys) => session().touch(keys), 2],
    ["touch: left out", THERE, (keys) => session().touch(keys).where(left), 27],
    ["exists: missing", MISSING, (keys) => session().exists(keys), 2],
    ["exists: left out", THERE, (keys) => session().exists(keys).where(left), 27],
    ["another error", THERE, (keys) => session().upsert(keys).bin("l").listInsert(50, 1, { bounded: true }), "failure"],
  ];

  type Way = (chain: KeyCommandBuilder<Row>, options?: KeyCommandOptions<Row>) => Promise<RecordResult<Row, unknown>[]>;
  const ways: Way[] = [
    (chain, options) => rowsOf(chain.execute(options)),
    // Rows come in any order.
    async (chain, options) => (await rowsOf(chain.stream(options))).sort((a, b) => a.index - b.index),
  ];

  it.each(cases)("%s", async (_what, id, verb, expected) => {
    const key = set.id(id);
    const single = () => verb([key]);
    const several = () => verb([key]).exists(set.id(2));
    const many = () => verb([key]).exists(set.ids(Array.from({ length: 40 }, (_, i) => `never ${i}`)));
    for (const chain of [single, several, many]) {
      for (const way of ways) {
        const isSingle = chain === single;
        const handled: unknown[] = [];
        const onError = (error: Error, failed: Key<Row>, index: number) => handled.push(error.name, failed, index);
        const others = isSingle ? [] : chain === several ? [0] : new Array<number>(40).fill(2);
        const run = async (options?: KeyCommandOptions<Row>) => {
          await session().put(set.id(THERE), { i: 1 });
          return way(chain(), options);
        };
        if (expected === "failure") {
          const error = await run().catch((reason: unknown) => reason);
          expect(error).toBeInstanceOf(AerospikeError);
          expect(error instanceof BatchError).toBe(!isSingle);
          if (error instanceof BatchError) expect(error.failures.map((row) => row.index)).toEqual([0]);
          const rows = await run({ onError: "inStream" });
          expect(rows.map((row) => row.index)).toEqual([0, ...others.map((_, i) => i + 1)]);
          const left = await run({ onError });
          expect(handled).toEqual([rows[0]?.error?.name, key, 0]);
          expect(left.map((row) => row.resultCode)).toEqual(others);
          continue;
        }
        const codes = [...(expected === "none" ? [] : [expected]), ...others];
        expect((await run()).map((row) => row.resultCode)).toEqual(codes);
        expect((await run({ onError })).map((row) => row.resultCode)).toEqual(codes);
        expect(handled).toEqual([]);
      }
    }
  });
});
