import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AbortError,
  connect,
  DataSet,
  double,
  Exp,
  FilteredOutError,
  GenerationError,
  GeoJson,
  InvalidNamespaceError,
  RecordExistsError,
  RecordNotFoundError,
  RecordTooBigError,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface User {
  name: string;
  age: number;
  active?: boolean;
  score?: number;
  tags?: string[];
}

const ADA: User = { name: "Ada", age: 36, active: true };

let target: TestTarget;
let users: DataSet<User>;

beforeAll(async () => {
  target = await connectTarget();
  users = target.dataSet<User>();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

let ids = 0;
/** A key that nobody has used. */
const fresh = () => users.id(`key ${ids++}`);

describe("put and get", () => {
  it("gives back what was put", async () => {
    const key = fresh();
    await target.session.put(key, ADA);
    const record = await target.session.get(key);
    expect(record).toMatchObject({ bins: ADA, generation: 1, ttl: -1 });
    expect(record.key).toBe(key);
  });

  it("reads the bins that are asked for", async () => {
    const key = fresh();
    await target.session.put(key, ADA);
    expect((await target.session.get(key, ["age"])).bins).toEqual({ age: 36 });
    expect((await target.session.get(key, ["age", "score"])).bins).toEqual({ age: 36 });
  });

  it("changes the bins that are named, and removes those that are null", async () => {
    const key = fresh();
    await target.session.put(key, { ...ADA, score: 1 });
    await target.session.put(key, { age: 37, score: null });
    expect(await target.session.get(key)).toMatchObject({
      bins: { name: "Ada", age: 37, active: true },
      generation: 2,
    });
  });

  it("carries every type of value", async () => {
    const everything = target.dataSet();
    const bins = {
      integer: -5,
      large: 2n ** 62n,
      double: 1.5,
      integral: double(3),
      text: "größe 🎈",
      yes: true,
      bytes: Uint8Array.of(0, 255),
      list: [1, "two", [3.5, null], { four: 4 }],
      map: { b: 1, a: { deep: [true] } },
      keys: new Map<number | string, string>([
        [2, "two"],
        ["x", "ex"],
      ]),
      place: new GeoJson({ type: "Point", coordinates: [1, 2] }),
      ["a name 15 byte"]: 0,
    };
    await target.session.put(everything.id(1), bins);
    const back = (await target.session.get(everything.id(1))).bins;
    expect(back).toEqual({ ...bins, integral: 3 });
  });

  it("gives integers and maps back in the way that was asked for", async () => {
    const set = target.dataSet();
    await target.session.put(set.id(1), { n: 1, list: [2], map: { a: 3 } });
    await using client = await connect(target.hosts, { int64: "bigint", maps: "map" });
    const session = client.createSession();
    expect((await session.get(set.id(1))).bins).toEqual({ n: 1n, list: [2n], map: new Map([["a", 3n]]) });
    const stream = await session.update(set.id(1)).bin("n").add(1).bin("n").get().execute();
    expect((await stream.firstOrThrow()).operationResults).toEqual([null, 2n]);
  });

  it("knows a record by number, bigint, text, bytes or digest", async () => {
    await target.session.put(users.id(4711), ADA);
    expect((await target.session.get(users.id(4711n))).bins.name).toBe("Ada");
    expect((await target.session.get(users.idFromDigest(users.id(4711).digest))).bins.name).toBe("Ada");
    await expect(target.session.get(users.id("4711"))).rejects.toBeInstanceOf(RecordNotFoundError);
    const bytes = Uint8Array.of(1, 2, 3);
    await target.session.put(users.id(bytes), ADA);
    expect((await target.session.get(users.id(bytes))).bins.name).toBe("Ada");
  });

  it("throws when there is no record, and says where it looked", async () => {
    const failure = target.session.get(fresh());
    await expect(failure).rejects.toMatchObject({ code: "RECORD_NOT_FOUND", resultCode: 2, inDoubt: false });
    await expect(failure).rejects.toThrow(`namespace test, set ${users.setName}`);
  });

  it("names the namespaces there are when one is wrong", async () => {
    const nowhere = DataSet.of("nowhere", "x").id(1);
    await expect(target.session.put(nowhere, { a: 1 })).rejects.toBeInstanceOf(InvalidNamespaceError);
    await expect(target.session.get(nowhere)).rejects.toThrow(
      'The namespace "nowhere" does not exist; the cluster has',
    );
  });

  it("refuses a record that is too big", async () => {
    const big = target.dataSet();
    await expect(target.session.put(big.id(1), { blob: new Uint8Array(9 * 1024 * 1024) })).rejects.toBeInstanceOf(
      RecordTooBigError,
    );
  });

  it("refuses what is no value before it is sent", async () => {
    await expect(Reflect.apply(target.session.put, target.session, [fresh(), { name: new Date() }])).rejects.toThrow(
      'bin "name": a Date has no Aerospike type',
    );
    await expect(target.session.put(fresh(), {})).rejects.toThrow("at least one bin");
  });

  it("stops at a signal", async () => {
    const signal = AbortSignal.abort();
    await expect(target.session.get(fresh(), undefined, { signal })).rejects.toBeInstanceOf(AbortError);
    await expect(target.session.put(fresh(), ADA, { signal })).rejects.toBeInstanceOf(AbortError);
  });

  it("keeps thousands of commands apart", async () => {
    const many = target.dataSet<{ n: number }>();
    const numbers = Array.from({ length: 3000 }, (_, n) => n);
    await Promise.all(numbers.map((n) => target.session.put(many.id(n), { n })));
    const back = await Promise.all(numbers.map((n) => target.session.get(many.id(n))));
    expect(back.map((record) => record.bins.n)).toEqual(numbers);
  });
});

describe("what verbs do about a record that is there, or is not", () => {
  it("upsert creates and changes", async () => {
    const key = fresh();
    await target.session.upsert(key).put(ADA).execute();
    await target.session.upsert(key).put({ age: 37 }).execute();
    expect((await target.session.get(key)).bins).toEqual({ ...ADA, age: 37 });
  });

  it("insert creates only", async () => {
    const key = fresh();
    await target.session.insert(key).put(ADA).execute();
    await expect(target.session.insert(key).put({ age: 1 }).execute()).rejects.toBeInstanceOf(RecordExistsError);
    expect((await target.session.get(key)).bins.age).toBe(36);
  });

  it("update changes only", async () => {
    const key = fresh();
    await expect(target.session.update(key).put(ADA).execute()).rejects.toBeInstanceOf(RecordNotFoundError);
    await target.session.put(key, ADA);
    await target.session.update(key).put({ age: 1 }).execute();
    expect((await target.session.get(key)).bins).toEqual({ ...ADA, age: 1 });
  });

  it("replace leaves nothing of the old record; replaceIfExists wants one", async () => {
    const key = fresh();
    await expect(target.session.replaceIfExists(key).put(ADA).execute()).rejects.toBeInstanceOf(RecordNotFoundError);
    await target.session.replace(key).put(ADA).execute();
    await target.session.replaceIfExists(key).put({ name: "Bob" }).execute();
    expect((await target.session.get(key)).bins).toEqual({ name: "Bob" });
    await target.session.replace(key).bin("age").setTo(5).execute();
    expect((await target.session.get(key)).bins).toEqual({ age: 5 });
  });

  it("delete, touch and exists answer yes or no", async () => {
    const key = fresh();
    const ask = async (verb: "exists" | "touch" | "delete"): Promise<boolean | undefined> => {
      const { session } = target;
      const builder = { exists: session.exists(key), touch: session.touch(key), delete: session.delete(key) }[verb];
      return (await (await builder.execute()).first())?.asBool();
    };
    expect(await ask("exists")).toBe(false);
    expect(await ask("touch")).toBe(false);
    expect(await ask("delete")).toBe(false);
    await target.session.put(key, ADA);
    expect(await ask("exists")).toBe(true);
    expect(await ask("touch")).toBe(true);
    expect((await target.session.get(key)).generation).toBe(2);
    expect(await ask("delete")).toBe(true);
    expect(await ask("exists")).toBe(false);
  });

  it("the last bin takes the record with it", async () => {
    const key = fresh();
    await target.session.put(key, { score: 1 });
    const row = await (await target.session.update(key).put({ score: null }).execute()).firstOrThrow();
    expect(row.record?.generation).toBe(0);
    await expect(target.session.get(key)).rejects.toBeInstanceOf(RecordNotFoundError);
  });
});

describe("operations on bins", () => {
  it("happen in order, and reads among them answer by position", async () => {
    const key = fresh();
    await target.session.put(key, ADA);
    const stream = await target.session
      .update(key)
      .bin("age")
      .add(1)
      .bin("age")
      .get()
      .bin("name")
      .append(" L.")
      .bin("tags")
      .listAppend("x")
      .bin("tags")
      .listAppend("y")
      .bin("name")
      .get()
      .execute();
    const row = await stream.firstOrThrow();
    expect(row.operationResults).toEqual([null, 37, null, 1, 2, "Ada L."]);
    expect(row.record?.bins).toEqual({ age: 37, tags: 2, name: "Ada L." });
    expect((await target.session.get(key)).bins).toEqual({ name: "Ada L.", age: 37, active: true, tags: ["x", "y"] });
  });

  it("are all done or none", async () => {
    const key = fresh();
    await target.session.put(key, { ...ADA, tags: ["x"] });
    await expect(
      target.session.update(key).put({ age: 99 }).bin("tags").listInsert(7, "beyond", { bounded: true }).execute(),
    ).rejects.toMatchObject({ code: "OP_NOT_APPLICABLE" });
    expect((await target.session.get(key)).bins).toEqual({ ...ADA, tags: ["x"] });
  });

  // The only bin of what was a namespace of single bins.
  it("take a bin whose name is empty", async () => {
    const nameless = target.dataSet<{ ""?: number | null; b?: number }>();
    const key = nameless.id(`key ${ids++}`);
    await target.session.put(key, { "": 5, b: 6 });
    expect((await target.session.get(key)).bins).toEqual({ "": 5, b: 6 });
    expect((await target.session.get(key, [""])).bins).toEqual({ "": 5 });
    const stream = await target.session.update(key).bin("").add(2).bin("").get().execute();
    expect((await stream.firstOrThrow()).operationResults).toEqual([null, 7]);

    const byCode = Exp.eq(Exp.intBin(""), Exp.intVal(7));
    await target.session.update(key).where(byCode).put({ b: 8 }).execute();
    await target.session.update(key).where('$."" == ?0', 7).bin("").upsertFrom('$."":INT + $.b').execute();
    expect((await target.session.get(key)).bins).toEqual({ "": 15, b: 8 });
    await expect(
      target.session.update(key).where('$."" == 7').put({ b: 1 }).failOnFilteredOut().execute(),
    ).rejects.toBeInstanceOf(FilteredOutError);

    const task = await target.session
      .backgroundTask()
      .update(nameless)
      .where(Exp.binExists(""))
      .bin("")
      .add(1)
      .execute();
    await task.waitTillComplete();
    expect((await target.session.get(key, [""])).bins).toEqual({ "": 16 });
    await target.session.put(key, { "": null });
    expect((await target.session.get(key)).bins).toEqual({ b: 8 });
  });
});

describe("conditions", () => {
  it("generation", async () => {
    const key = fresh();
    await target.session.put(key, ADA);
    const { generation } = await target.session.get(key);
    await target.session.update(key).put({ age: 1 }).ensureGenerationIs(generation).execute();
    await expect(
      target.session.update(key).put({ age: 2 }).ensureGenerationIs(generation).execute(),
    ).rejects.toBeInstanceOf(GenerationError);
    await expect(target.session.delete(key).ensureGenerationIs(generation).execute()).rejects.toBeInstanceOf(
      GenerationError,
    );
    expect((await target.session.get(key)).bins.age).toBe(1);
  });

  it("where", async () => {
    const key = fresh();
    await target.session.put(key, ADA);
    const older = () => target.session.update(key).where("$.age > ?0 and $.name == ?1", 40, "Ada").put({ score: 1 });
    expect(await older().first()).toMatchObject({ resultCode: 27, isOk: false });
    await expect(older().firstOrThrow()).rejects.toBeInstanceOf(FilteredOutError);
    await expect(older().failOnFilteredOut().execute()).rejects.toBeInstanceOf(FilteredOutError);
    await target.session.update(key).where("$.age > ?0", 30).put({ score: 1 }).execute();
    expect((await target.session.get(key)).bins.score).toBe(1);
    const [row] = await (await target.session.delete(key).where("$.age > 40").execute()).collect();
    expect(row?.resultCode).toBe(27);
    expect((await (await target.session.delete(key).where("$.age > 30").execute()).first())?.asBool()).toBe(true);
  });
});

describe("time to live", () => {
  it("is what the write says", async () => {
    const key = fresh();
    await target.session.upsert(key).put(ADA).expireRecordAfterSeconds(1000).execute();
    expect((await target.session.get(key)).ttl).toBeGreaterThan(990);
    await target.session.update(key).put({ age: 1 }).withNoChangeInExpiration().execute();
    expect((await target.session.get(key)).ttl).toBeGreaterThan(990);
    await target.session
      .touch(key)
      .expireRecordAt(new Date(Date.now() + 5_000_000))
      .execute();
    const { ttl } = await target.session.get(key);
    expect(ttl).toBeGreaterThan(4_900);
    expect(ttl).toBeLessThanOrEqual(5_001);
    await target.session.touch(key).neverExpire().execute();
    expect((await target.session.get(key)).ttl).toBe(-1);
  });
});

describe("several keys", () => {
  it("rows come by position, with what went wrong among them", async () => {
    const set = target.dataSet<User>();
    const keys = set.ids(Array.from({ length: 50 }, (_, i) => i));
    await target.session.put(keys[10]!, ADA);
    const failure = target.session.insert(keys[10]!, keys[11]!).put({ name: "n", age: 1 }).execute();
    await expect(failure).rejects.toMatchObject({
      name: "BatchError",
      rows: [
        { index: 0, resultCode: 5 },
        { index: 1, resultCode: 0 },
      ],
      failures: [{ key: keys[10], error: { code: "RECORD_EXISTS" } }],
    });
    await target.session.delete(keys[11]!).execute();
    const insert = target.session.insert(keys).put({ name: "n", age: 1 });
    const rows = await (await insert.execute({ onError: "inStream" })).collect();
    expect(rows.map((row) => row.index)).toEqual(keys.map((_, i) => i));
    expect(rows.filter((row) => !row.isOk).map(({ index, error }) => [index, error?.code])).toEqual([
      [10, "RECORD_EXISTS"],
    ]);
    const some = await (await target.session.update(keys).where("$.age == 36").put({ score: 2 }).execute()).collect();
    expect(some.filter((row) => row.isOk).map((row) => row.index)).toEqual([10]);
    const gone = await (await target.session.delete(keys[3]!, set.id("never"), keys[4]!).execute()).collect();
    expect(gone.map((row) => row.asBool())).toEqual([true, false, true]);
    const there = await (await target.session.exists(keys.slice(2, 6)).execute()).collect();
    expect(there.map((row) => row.asBool())).toEqual([true, false, false, true]);
  });
});
