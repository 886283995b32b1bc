import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  AerospikeError,
  BatchError,
  type DataSet,
  Filter,
  IndexNotFoundError,
  RecordNotFoundError,
  SerializationError,
  UdfError,
  type Value,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface Row {
  i: number;
  s: string;
  l: number[];
}

const SOURCE = `
local function one() return 1 end
local function add(a, b) return a + b end

function count(s) return s : map(one) : reduce(add) end
function sum(s, bin) return s : map(function(r) return r[bin] or 0 end) : reduce(add) end
function groups(s, bin)
  local function gather(m, r) m[r[bin]] = (m[r[bin]] or 0) + 1 return m end
  local function join(a, b) return map.merge(a, b, add) end
  return s : aggregate(map(), gather) : reduce(join)
end
function grouped(s) return s : map(function(r) return map { s = r.s, i = r.i } end) : groupby(function(m) return m.s end) end
function values(s, most) return s : filter(function(r) return r.i < most end) : map(function(r) return list { r.i, r.s } end) end
function records(s) return s : filter(function() return true end) end
function mean(s)
  local function take(a, r) a.n = (a.n or 0) + 1 a.sum = (a.sum or 0) + r.i return a end
  local function join(a, b) a.n = a.n + b.n a.sum = a.sum + b.sum return a end
  return s : aggregate(map(), take) : reduce(join) : map(function(a) return a.sum / a.n end)
end
function broken(s) return s : map(function(r)
  error("first: line\\nsecond: line") end) end
function brokenReduce(s) return s : map(one) : reduce(function(a, b)
  error("in: the\\nclient") end) end

function make(rec, n)
  rec.i = n
  if not aerospike:exists(rec) then return aerospike:create(rec) end
  return aerospike:update(rec)
end
function clear(rec) rec.i = nil rec.s = nil rec.l = nil return aerospike:update(rec) end
function fail(rec)
  error("a: b\\nc: d: " .. (rec.s or "-"))
end
`;
const FAIL_LINE = SOURCE.split("\n").findIndex((line) => line.includes('error("a: b')) + 1;
const BROKEN_LINE = SOURCE.split("\n").findIndex((line) => line.includes('error("first')) + 1;
const REDUCE_LINE = SOURCE.split("\n").findIndex((line) => line.includes('error("in: the')) + 1;

let target: TestTarget;
let set: DataSet<Row>;
let module: string;
let index: string;

beforeAll(async () => {
  target = await connectTarget();
  module = target.uniqueName();
  await (await target.session.registerUdf(SOURCE, `${module}.lua`)).waitTillComplete();
  set = target.dataSet<Row>();
  index = target.uniqueName();
  await (await target.session.index(set).onBin("i").named(index).integer().create()).waitTillComplete();
});

afterAll(async () => {
  await target.session.index(set).named(index).drop();
  await target.session.removeUdf(`${module}.lua`);
  await target[Symbol.asyncDispose]();
});

/** Twenty records, as the cases speak of them. */
beforeEach(async () => {
  await target.session.putMany(Array.from({ length: 20 }, (_, i) => [set.id(i), { i, s: `s${i % 3}`, l: [i, i + 1] }]));
});

function aggregate<R = Value>(functionName: string, ...args: readonly Value[]) {
  return target.session.query(set).aggregate<R>(module, functionName, ...args);
}

describe("an aggregation", () => {
  it("counts, and groups", async () => {
    expect(await aggregate("count").collect()).toEqual([20]);
    expect(await aggregate("count").first()).toBe(20);
    expect(await aggregate("groups", "s").collect()).toEqual([{ s0: 7, s1: 7, s2: 6 }]);
    const grouped = await aggregate<Record<string, { i: number }[]>>("grouped").first();
    expect(Object.fromEntries(Object.entries(grouped ?? {}).map(([s, rows]) => [s, rows.length]))).toEqual({
      s0: 7,
      s1: 7,
      s2: 6,
    });
    expect(await aggregate("mean").collect()).toEqual([9.5]);
  });

  it("goes over a range of an index: as a filter, or as the whole of a where clause", async () => {
    const sum = (query = target.session.query(set)) => query.aggregate(module, "sum", "i").collect();
    expect(await sum(target.session.query(set).filter(Filter.range("i", 5, 8)))).toEqual([26]);
    expect(await sum(target.session.query(set).where("$.i >= 5 and $.i <= 8"))).toEqual([26]);
    expect(await sum(target.session.query(set).where("$.i > ?0 and $.i < ?1", 4, 9))).toEqual([26]);
    expect(await sum()).toEqual([190]);
  });

  it("over nothing gives nothing", async () => {
    const none = target.session
      .query(set)
      .filter(Filter.range("i", 500, 600))
      .aggregate(module, "count");
    expect(await none.collect()).toEqual([]);
    expect(await none.first()).toBeNull();
    const empty = target.dataSet<Row>();
    expect(await target.session.query(empty).aggregate(module, "count").collect()).toEqual([]);
  });

  it("without a reduce gives values as they come", async () => {
    const rows: unknown[] = [];
    for await (const row of await aggregate("values", 3).execute()) rows.push(row);
    expect(rows.toSorted()).toEqual([
      [0, "s0"],
      [1, "s1"],
      [2, "s2"],
    ]);
  });

  it("can be left in the middle, and closed twice", async () => {
    const rows = await aggregate("values", 20).execute();
    for await (const row of rows) {
      expect(row).toHaveLength(2);
      break;
    }
    await rows.close();
    expect(await rows.next()).toEqual({ done: true, value: undefined });
    await using closed = await aggregate("count").execute();
    await closed.close();
    expect(await closed.collect()).toEqual([]);
  });

  it("refuses a where clause that no index has all of, before anything is sent", async () => {
    for (const where of [
      "$.i >= 5 and $.s == 's0'",
      "$.s == 's0'",
      "$.i + 1 > 5",
      "$.i != 7",
      "$.i == 5 or $.i == 7",
    ]) {
      const refused = target.session.query(set).where(where).aggregate(module, "count").execute();
      await expect(refused, where).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
      await expect(refused, where).rejects.toThrow(/no index has all of the where clause/);
    }
  });

  it("throws errors of the function with file, line and text, wherever it runs", async () => {
    for (const [functionName, line, luaMessage] of [
      ["broken", BROKEN_LINE, "first: line\nsecond: line"],
      ["brokenReduce", REDUCE_LINE, "in: the\nclient"],
    ] as const) {
      const failed = aggregate(functionName).collect();
      await expect(failed).rejects.toBeInstanceOf(UdfError);
      await expect(failed).rejects.toMatchObject({ resultCode: 100, fileName: `${module}.lua`, line, luaMessage });
      await expect(failed).rejects.toThrow(`${module}.lua:${line}: ${luaMessage}`);
    }
  });

  it("throws at once when there is no such function, module or index", async () => {
    await expect(aggregate("nothing").execute()).rejects.toThrow(/function not found/);
    const elsewhere = target.session.query(set).aggregate(`${module}x`, "count");
    await expect(elsewhere.execute()).rejects.toThrow(`module '${module}x' not found`);
    const noIndex = target.session
      .query(set)
      .filter(Filter.range("nobin", 1, 2))
      .aggregate(module, "count");
    await expect(noIndex.collect()).rejects.toBeInstanceOf(IndexNotFoundError);
  });

  it("refuses records as values", async () => {
    await expect(aggregate("records").collect()).rejects.toThrow(/puts records out instead of values/);
  });

  it("throws when what the function made nests too deep", async () => {
    const source = `function count(s) return s : reduce(function()
      local deep = list()
      for _ = 1, 400 do deep = list { deep } end
      return deep
    end) end`;
    await expect(aggregate("count").collect({ sources: { [module]: source } })).rejects.toBeInstanceOf(
      SerializationError,
    );
  });

  it("takes the source of the client's part from an option", async () => {
    const source =
      "function count(s) return s : reduce(function(a, b) return a + b end) : map(function(n) return -n end) end";
    expect(await aggregate("count").collect({ sources: { [module]: source } })).toEqual([-20]);
  });

  it("leaves the time of others alone: several run at once", async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => aggregate("count").collect()));
    expect(results).toEqual(Array.from({ length: 8 }, () => [20]));
  });
});

describe("a function on keys", () => {
  function call(functionName: string, ...args: readonly Value[]) {
    return {
      on: (...ids: number[]) =>
        target.session
          .executeUdf(set.ids(...ids))
          .function(module, functionName)
          .passing(...args),
    };
  }

  it("creates a record that is missing; when the last bin is nil, it is gone", async () => {
    const made = await call("make", 7).on(100).execute();
    expect((await made.collect()).map(({ udfResult }) => udfResult)).toEqual([0]);
    expect((await target.session.get(set.id(100))).bins).toEqual({ i: 7 });
    await call("clear").on(100).execute();
    await expect(target.session.get(set.id(100))).rejects.toBeInstanceOf(RecordNotFoundError);
  });

  it("fails with a UdfError that has file, line and the text, whole: one key, several keys, single and batch", async () => {
    const expected = { code: "UDF", resultCode: 100, fileName: `${module}.lua`, line: FAIL_LINE, inDoubt: false };
    const failed = call("fail").on(1).execute();
    await expect(failed).rejects.toBeInstanceOf(UdfError);
    await expect(failed).rejects.toMatchObject({ ...expected, luaMessage: "a: b\nc: d: s1" });
    await expect(failed).rejects.toThrow(/: a: b\nc: d: s1 \(executeUdf/);
    for (const ids of [[1, 2], Array.from({ length: 30 }, (_, id) => id % 20)]) {
      const rows = await (
        await call("fail")
          .on(...ids)
          .execute({ onError: "inStream" })
      ).collect();
      expect(rows.map(({ error }) => error)).toMatchObject(
        ids.map((id) => ({ ...expected, luaMessage: `a: b\nc: d: s${id % 3}` })),
      );
      await expect(
        call("fail")
          .on(...ids)
          .execute(),
      ).rejects.toBeInstanceOf(BatchError);
    }
  });

  it("of a module or name that there is not says so", async () => {
    await expect(call("nowhere").on(1).execute()).rejects.toMatchObject({
      luaMessage: "function not found",
      fileName: undefined,
      line: undefined,
    });
    const other = target.session.executeUdf(set.id(1)).function(`${module}x`, "f").execute();
    await expect(other).rejects.toBeInstanceOf(AerospikeError);
    await expect(other).rejects.toThrow("UDF: Execution Error 1");
  });
});
