import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Info1, Info2, Info3 } from "../../../../protocol/message/flags.js";
import {
  AbortError,
  BatchError,
  Behavior,
  DataSet,
  Exp,
  FilteredOutError,
  GenerationError,
  type Key,
  type KeyCommandBuilder,
  RecordExistsError,
  RecordNotFoundError,
  type RecordResult,
  type RecordStream,
  RecordTooBigError,
  type TouchBuilder,
} from "../../../../src/index.js";
import type { WireRequest } from "../../../support/fake/request.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

interface User {
  name: string;
  age: number;
  score?: number;
  tags?: string[];
}

const users = DataSet.of<User>("test", "users");
const key = users.id(1);

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession();
});

afterEach(() => fake.until(fake.client.close()));

/** Runs a builder's `execute` and answers its rows. */
async function rows<T, B>(stream: Promise<RecordStream<T, B>>): Promise<RecordResult<T, B>[]> {
  return (await fake.until(stream)).collect();
}

/** Lets the node answer by digest. */
function answer(codes: ReadonlyMap<Key<User>, number>): void {
  const byDigest = new Map([...codes].map(([k, code]) => [Buffer.from(k.digest).toString("hex"), code]));
  for (const node of fake.world.fake.nodes) {
    node.onRequest = ({ digest = "" }) => {
      const code = byDigest.get(digest);
      return code === undefined ? undefined : { kind: "code", code };
    };
  }
}

function requests(): WireRequest[] {
  return fake.world.fake.nodes.flatMap((node) => node.requests);
}

function last(): WireRequest {
  const request = requests().at(-1);
  if (request === undefined) throw new Error("Nothing was sent");
  return request;
}

describe("what verbs send", () => {
  test.each([
    ["upsert", Info2.WRITE, 0],
    ["insert", Info2.WRITE | Info2.CREATE_ONLY, 0],
    ["update", Info2.WRITE, Info3.UPDATE_ONLY],
    ["replace", Info2.WRITE, Info3.CREATE_OR_REPLACE],
    ["replaceIfExists", Info2.WRITE, Info3.REPLACE_ONLY],
  ] as const)("%s", async (verb, info2, info3) => {
    await fake.until(fake.session[verb](key).put({ name: "Ada" }).execute());
    expect(last()).toMatchObject({ info1: 0, info2, info3, generation: 0, ttl: 0 });
    expect(last().bins.map(({ name }) => name)).toEqual(["name"]);
  });

  test("delete, touch and exists", async () => {
    await fake.until(fake.session.put(key, { name: "Ada" }));
    await fake.until(fake.session.touch(key).execute());
    expect(last()).toMatchObject({ info1: 0, info2: Info2.WRITE, ttl: 0 });
    await fake.until(fake.session.exists(key).execute());
    expect(last()).toMatchObject({ info1: Info1.READ | Info1.GET_NO_BINS, info2: 0 });
    await fake.until(fake.session.delete(key).execute());
    expect(last()).toMatchObject({ info1: 0, info2: Info2.WRITE | Info2.DELETE });
  });

  test("operations in the order of the calls; results only where there can be some", async () => {
    await fake.until(fake.session.upsert(key).put({ name: "a" }).bin("age").add(1).execute());
    expect(last()).toMatchObject({ info1: 0, info2: Info2.WRITE });
    expect(last().bins.map(({ name }) => name)).toEqual(["name", "age"]);
    await fake.until(fake.session.update(key).bin("age").add(1).bin("age").get().bin("tags").listAppend("x").execute());
    expect(last()).toMatchObject({ info1: Info1.READ, info2: Info2.WRITE | Info2.RESPOND_ALL_OPS });
    expect(last().bins.map(({ name }) => name)).toEqual(["age", "age", "tags"]);
  });

  test("undefined is left out, null removes", async () => {
    await fake.until(fake.session.update(key).put({ name: "a", score: undefined, tags: undefined }).execute());
    expect(last().bins).toHaveLength(1);
    await fake.until(fake.session.update(key).put({ score: null }).execute());
    expect(last().bins).toMatchObject([{ name: "score", type: 0 }]);
  });

  test.each<[string, number, (touch: TouchBuilder<User>) => unknown]>([
    ["seconds", 60, (b) => b.expireRecordAfterSeconds(60)],
    ["never", -1, (b) => b.neverExpire()],
    ["unchanged", -2, (b) => b.withNoChangeInExpiration()],
    ["server default", 0, (b) => b.neverExpire().expiryFromServerDefault()],
  ])("expiry: %s", async (_what, ttl, say) => {
    const touch = fake.session.touch(key);
    say(touch);
    await fake.until(touch.execute());
    expect(last().ttl).toBe(ttl);
  });

  test("expiry at a moment of the runtime's clock", async () => {
    const moment = new Date(fake.world.runtime.wallClock() + 90_500);
    await fake.until(fake.session.upsert(key).put({ name: "a" }).expireRecordAt(moment).execute());
    expect(last().ttl).toBe(91);
  });

  test("generation", async () => {
    await fake.until(fake.session.update(key).put({ name: "a" }).ensureGenerationIs(7).execute());
    expect(last()).toMatchObject({ info2: Info2.WRITE | Info2.GENERATION, generation: 7 });
  });

  test("durable delete: the call beats its default, and that beats the behavior", async () => {
    const durable = Behavior.DEFAULT.deriveWithChanges("durable", { all: { durableDelete: true } });
    const session = fake.client.createSession(durable);
    const flag = async (execute: Promise<unknown>): Promise<boolean> => {
      await fake.until(execute);
      return (last().info2 & Info2.DURABLE_DELETE) !== 0;
    };
    expect(await flag(fake.session.delete(key).execute())).toBe(false);
    expect(await flag(session.delete(key).execute())).toBe(true);
    expect(await flag(session.delete(key).defaultWithoutDurableDelete().execute())).toBe(false);
    expect(await flag(fake.session.delete(key).defaultWithDurableDelete().execute())).toBe(true);
    expect(await flag(session.delete(key).defaultWithDurableDelete().withoutDurableDelete().execute())).toBe(false);
    expect(await flag(fake.session.delete(key).withDurableDelete().defaultWithoutDurableDelete().execute())).toBe(true);
    expect(await flag(session.upsert(key).put({ name: "a" }).execute())).toBe(false);
    expect(await flag(session.upsert(key).put({ score: null }).execute())).toBe(true);
    expect(await flag(session.upsert(key).put({ name: "a" }).withDurableDelete().execute())).toBe(true);
    expect(await flag(session.touch(key).execute())).toBe(false);
    expect(await flag(session.put(key, { name: "a" }))).toBe(false);
    expect(await flag(session.put(key, { score: null }))).toBe(true);
    expect(await flag(fake.session.put(key, { score: null }))).toBe(false);
  });

  test("settings of one key are those of points, of several those of batches", async () => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("shapes", {
      writesPoint: { commitLevel: "master" },
      readsBatch: { readModeAp: "all" },
    });
    const session = fake.client.createSession(behavior);
    await fake.until(session.touch(key).execute());
    expect(last().info3).toBe(Info3.COMMIT_LEVEL_MASTER);
    await fake.until(session.touch(users.ids(1, 2)).execute());
    expect(last().info3).toBe(0);
    await fake.until(session.exists(users.ids(1, 2)).execute());
    expect(last().info1).toBe(Info1.READ | Info1.GET_NO_BINS | Info1.CONSISTENCY_LEVEL_ALL);
  });
});

describe("one key", () => {
  test("answers a row with generation, time to live and operation results", async () => {
    const [row] = await rows(fake.session.upsert(key).put({ name: "Ada" }).bin("age").setTo(3).execute());
    expect(row).toMatchObject({ key, index: 0, resultCode: 0, inDoubt: false, operationResults: [null, null] });
    expect(row?.record).toMatchObject({ key, bins: {}, generation: 1, ttl: -1 });
  });

  test.each([
    ["insert", 5, RecordExistsError],
    ["update", 2, RecordNotFoundError],
    ["replaceIfExists", 2, RecordNotFoundError],
    ["update", 3, GenerationError],
    ["upsert", 13, RecordTooBigError],
  ] as const)("%s with result code %i throws", async (verb, code, errorClass) => {
    answer(new Map([[key, code]]));
    const failure = fake.until(fake.session[verb](key).put({ name: "Ada" }).execute());
    await expect(failure).rejects.toBeInstanceOf(errorClass);
    await expect(failure).rejects.toThrow(`(${verb}, namespace test, set users`);
  });

  test("an error can be a row, or go to a handler", async () => {
    answer(new Map([[key, 13]]));
    const [row] = await rows(fake.session.upsert(key).put({ name: "a" }).execute({ onError: "inStream" }));
    expect(row?.error).toBeInstanceOf(RecordTooBigError);
    const handled: unknown[] = [];
    const left = await rows(
      fake.session
        .upsert(key)
        .put({ name: "a" })
        .execute({ onError: (error, k, i) => handled.push(error.code, k, i) }),
    );
    expect(left).toEqual([]);
    expect(handled).toEqual(["RECORD_TOO_BIG", key, 0]);
  });

  test("a write that the filter left out: a row that is not OK, an error when asked", async () => {
    answer(new Map([[key, 27]]));
    const update = () => fake.session.update(key).where("$.age > ?0", 5).put({ name: "a" });
    expect((await rows(update().execute())).map((row) => row.resultCode)).toEqual([27]);
    await expect(fake.until(update().firstOrThrow())).rejects.toBeInstanceOf(FilteredOutError);
    await expect(fake.until(update().failOnFilteredOut().execute())).rejects.toBeInstanceOf(FilteredOutError);
  });

  test("touch, delete and exists of a missing record answer no, and throw nothing", async () => {
    answer(new Map([[key, 2]]));
    const { session } = fake;
    for (const builder of [session.touch(key), session.delete(key), session.exists(key)]) {
      const [row] = await rows(builder.execute());
      expect(row?.asBool()).toBe(false);
    }
  });
});

describe("several keys", () => {
  test("rows come by position, with errors among them when asked for", async () => {
    const keys = users.ids(1, 2, 3, 4);
    answer(
      new Map([
        [keys[1]!, 2],
        [keys[2]!, 3],
      ]),
    );
    const all = await rows(fake.session.update(keys).put({ age: 1 }).execute({ onError: "inStream" }));
    expect(all.map(({ index, resultCode }) => [index, resultCode])).toEqual([
      [0, 0],
      [1, 2],
      [2, 3],
      [3, 0],
    ]);
    expect(all[1]?.error).toBeInstanceOf(RecordNotFoundError);
    expect(all.every((row, i) => row.key === keys[i])).toBe(true);
  });

  test("failures reject with a BatchError that carries every row", async () => {
    const keys = users.ids(1, 2, 3);
    answer(
      new Map([
        [keys[1]!, 2],
        [keys[2]!, 12],
      ]),
    );
    const error = await fake
      .until(fake.session.update(keys).bin("age").add(1).execute())
      .catch((reason: unknown) => reason);
    if (!(error instanceof BatchError)) throw error;
    expect(error).toMatchObject({ code: "BATCH_FAILED", resultCode: -16, inDoubt: false, isTransient: false });
    expect(error.message).toMatch(
      /^2 of 3 keys failed, first the one at index 1: The record does not exist \(update, /,
    );
    expect(error.cause).toBeInstanceOf(RecordNotFoundError);
    expect(error.rows.map(({ key, resultCode }) => [key, resultCode])).toEqual([
      [keys[0], 0],
      [keys[1], 2],
      [keys[2], 12],
    ]);
    expect(error.rows[0]?.record?.generation).toBe(1);
    expect(error.failures.map((row) => row.error?.code)).toEqual(["RECORD_NOT_FOUND", "BIN_TYPE"]);
    expect(error.failures.map((row) => row.error?.key)).toEqual([keys[1], keys[2]]);
    expect(error.failures[1]?.error?.message).toContain('bin "age"');
  });

  test("one failure among several is a BatchError too; what may pass is said of all", async () => {
    const keys = users.ids(1, 2);
    answer(new Map([[keys[1]!, 14]]));
    const failure = fake.until(fake.session.update(keys).put({ age: 1 }).execute());
    await expect(failure).rejects.toMatchObject({ name: "BatchError", isTransient: true });
    await expect(failure).rejects.toThrow("1 of 2 keys failed");
  });

  test.each<[string, (keys: readonly Key<User>[]) => KeyCommandBuilder<User, never>]>([
    ["delete", (keys) => fake.session.delete(keys)],
    ["touch", (keys) => fake.session.touch(keys)],
    ["exists", (keys) => fake.session.exists(keys)],
  ])("a missing record is no failure of %s", async (_verb, ask) => {
    const keys = users.ids(1, 2);
    answer(
      new Map([
        [keys[0]!, 2],
        [keys[1]!, 0],
      ]),
    );
    const all = await rows(ask(keys).execute());
    expect(all.map((row) => row.asBool())).toEqual([false, true]);
    answer(new Map([[keys[0]!, 4]]));
    await expect(fake.until(ask(keys).execute())).rejects.toBeInstanceOf(BatchError);
  });

  test("one that where leaves out is no failure", async () => {
    const keys = users.ids(1, 2);
    answer(new Map(keys.map((each) => [each, 27])));
    const left = await rows(fake.session.update(keys).where("$.age > 1").put({ age: 1 }).execute());
    expect(left.map((row) => row.resultCode)).toEqual([27, 27]);
    const failure = fake.session.update(keys).where("$.age > 1").put({ age: 1 }).failOnFilteredOut().execute();
    await expect(fake.until(failure)).rejects.toMatchObject({
      name: "BatchError",
      failures: [{ index: 0 }, { index: 1 }],
    });
  });

  test("filtered ones are rows of writes, and failures only when asked for", async () => {
    const keys = users.ids(1, 2, 3);
    answer(
      new Map([
        [keys[0]!, 2],
        [keys[1]!, 27],
      ]),
    );
    const upsert = () => fake.session.upsert(keys).put({ age: 1 });
    expect((await rows(upsert().execute())).map((row) => row.resultCode)).toEqual([2, 27, 0]);
    const failing = await rows(upsert().failOnFilteredOut().execute({ onError: "inStream" }));
    expect(failing.map(({ index, error }) => [index, error?.code])).toEqual([
      [0, "RECORD_NOT_FOUND"],
      [1, "FILTERED_OUT"],
      [2, undefined],
    ]);
  });

  test("of several namespaces, as arguments", async () => {
    const other = DataSet.of<User>("bar", "users").id(1);
    const all = await rows(fake.session.exists(key, other).execute());
    expect(all.map((row) => row.asBool())).toEqual([false, false]);
    expect(
      requests()
        .map(({ namespace }) => namespace)
        .sort(),
    ).toEqual(["bar", "test"]);
  });

  test("many more than fit into the pipelines", async () => {
    const keys = users.ids(Array.from({ length: 5000 }, (_, i) => i));
    const all = await rows(fake.session.upsert(keys).put({ age: 1 }).execute());
    expect(all.map((row) => row.index)).toEqual(keys.map((_, i) => i));
    expect(new Set(requests().map(({ digest }) => digest)).size).toBe(5000);
  });

  test("a handler takes the errors", async () => {
    const keys = users.ids(1, 2);
    answer(new Map([[keys[1]!, 5]]));
    const handled: number[] = [];
    const all = await rows(
      fake.session
        .insert(keys)
        .put({ age: 1 })
        .execute({ onError: (_error, _key, index) => handled.push(index) }),
    );
    expect(all.map((row) => row.index)).toEqual([0]);
    expect(handled).toEqual([1]);
  });

  test("what a handler throws rejects the whole, and is said of no other key", async () => {
    const keys = users.ids(1, 2, 3, 4);
    answer(new Map(keys.map((k) => [k, 5])));
    const handled: [string, Key<User>][] = [];
    const failure = fake.session
      .insert(keys)
      .put({ age: 1 })
      .execute({
        onError: (error, k) => {
          handled.push([error.code, k]);
          if (handled.length === 2) throw new FilteredOutError("enough");
        },
      });
    await expect(fake.until(failure)).rejects.toThrow("enough");
    expect(handled).toEqual([
      ["RECORD_EXISTS", keys[0]],
      ["RECORD_EXISTS", keys[1]],
    ]);
  });

  test("a signal rejects the whole", async () => {
    const stop = new AbortController();
    for (const node of fake.world.fake.nodes) node.onRequest = () => ({ kind: "delay", ms: 1000 });
    const failure = fake.session
      .upsert(users.ids(1, 2, 3))
      .put({ age: 1 })
      .execute({ signal: stop.signal });
    const settled = expect(failure).rejects.toBeInstanceOf(AbortError);
    await fake.world.runtime.settle();
    stop.abort();
    await settled;
  });
});

describe("wrong use, before anything is sent", () => {
  test.each<[string, (s: FakeSession["session"]) => unknown, string]>([
    ["no key", (s) => Reflect.apply(s.upsert, s, []), "upsert: there is no key"],
    ["an empty list of keys", (s) => s.delete([]), "delete: there is no key"],
    [
      "a user key for a Key",
      (s) => Reflect.apply(s.exists, s, [1]),
      "exists: expected a Key of a DataSet, such as users.id(1), got 1",
    ],
    [
      "something else among keys",
      (s) => Reflect.apply(s.touch, s, [[key, "x"]]),
      'touch: expected a Key of a DataSet, such as users.id(1), got "x"',
    ],
    ["a list among keys", (s) => Reflect.apply(s.touch, s, [key, [key]]), "an Array among other arguments"],
    [
      "bins that are no object",
      (s) => Reflect.apply(s.upsert(key).put, s.upsert(key), [5]),
      "put(bins): expected an object of bin names and values, got 5",
    ],
    ["a value of no type", (s) => Reflect.apply(s.upsert(key).put, s.upsert(key), [{ name: new Date() }]), "a Date"],
    [
      "a bad value deep inside",
      (s) => Reflect.apply(s.upsert(key).put, s.upsert(key), [{ tags: ["a", Symbol("x")] }]),
      'bin "tags"[1]',
    ],
    ["a bigint beyond int64", (s) => s.upsert(key).put({ age: 2n ** 63n }), "does not fit a 64-bit signed integer"],
    [
      "a long bin name",
      (s) => Reflect.apply(s.upsert(key).put, s.upsert(key), [{ ["x".repeat(16)]: 1 }]),
      "at most 15",
    ],
    ["no seconds", (s) => s.touch(key).expireRecordAfterSeconds(0), "from 1 to 315360000"],
    ["eleven years", (s) => s.touch(key).expireRecordAfterSeconds(346_896_000), "from 1 to 315360000"],
    ["a moment that has passed", (s) => s.touch(key).expireRecordAt(new Date(0)), "seconds from now"],
    ["generation 0", (s) => s.delete(key).ensureGenerationIs(0), "from 1 to 65535"],
    ["a mistake in the filter", (s) => s.delete(key).where("$.age >"), "line 1"],
    ["a filter that is none", (s) => Reflect.apply(s.delete(key).where, s.delete(key), [5]), "5"],
    ["add in a replace", (s) => s.replace(key).bin("age").add(1), 'replace: the operation on bin "age"'],
    ["removal in a replace", (s) => s.replaceIfExists(key).put({ score: null }), "needs the record as it was"],
    ["deletion in a replace", (s) => s.replace(key).deleteRecord(), "replace: deleteRecord() needs the record"],
    ["a touch in a replace", (s) => s.replaceIfExists(key).touchRecord(), "touchRecord() needs the record as it was"],
    ["a touch in an insert", (s) => s.insert(key).touchRecord(), "insert: touchRecord() needs the record as it was"],
    ["the same bin twice", (s) => s.query(key).bins("name", "name"), 'the bin "name" is named twice'],
    ["a list of bins among others", (s) => s.query(key).bins(["name"] as never, "age"), "among other arguments"],
    ["a list operation in a replace", (s) => s.replace(key).bin("tags").listAppend("x"), "whole values"],
  ])("%s throws at the call", (_what, act, message) => {
    expect(() => act(fake.session)).toThrow(message);
    expect(requests()).toEqual([]);
  });

  test.each(["upsert", "insert", "update", "replace", "replaceIfExists"] as const)("%s without a bin", async (verb) => {
    await expect(fake.session[verb](key).execute()).rejects.toThrow(`${verb}: there is nothing to write`);
    await expect(fake.session[verb](key).put({}).execute()).rejects.toThrow(TypeError);
    expect(requests()).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["an option that does not exist", { onErorr: "inStream" }, 'execute: there is no option "onErorr". Did you mean'],
    ["options that are none", "inStream", 'execute: expected an object of options, got "inStream"'],
    ["a signal that is none", { signal: 5 }, "execute: expected signal to be an AbortSignal, got 5"],
  ])("%s", async (_what, options, message) => {
    const upsert = fake.session.upsert(key).put({ age: 1 });
    await expect(Reflect.apply(upsert.execute, upsert, [options])).rejects.toThrow(message);
    expect(requests()).toEqual([]);
  });

  test("an onError that is none", async () => {
    const upsert = fake.session.upsert(key).put({ age: 1 });
    await expect(Reflect.apply(upsert.execute, upsert, [{ onError: "throw" }])).rejects.toThrow(
      'expected onError to be "inStream" or a function, got "throw"',
    );
    expect(requests()).toEqual([]);
  });

  test("an expression that the oldest server does not know", async () => {
    const old = await openFakeSession({ build: "8.1.1.0" });
    const inList = Exp.inList(Exp.intBin("age"), Exp.listVal([1, 2]));
    const failure = old.session.delete(key).where(inList).execute();
    await expect(failure).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    await expect(failure).rejects.toThrow("It takes server 8.1.2 for the expression of where() (inList); node");
    expect(old.world.fake.nodes.flatMap((node) => node.requests)).toEqual([]);
  });

  test("a text that the oldest server can't work out, with the part of it and the node", async () => {
    const old = await openFakeSession({ build: "8.1.2.0" });
    const asked = [
      old.session.delete(key).where("$.name =~ /\\d/").execute(),
      old.session.query(DataSet.of("test", "users")).where("$.name =~ /\\d/").execute(),
      old.session.backgroundTask().delete(DataSet.of("test", "users")).where("$.name =~ /\\d/").execute(),
      old.session.query(DataSet.of("test", "users").id(1)).bin("digits").selectFrom("$.name =~ /\\d/").execute(),
    ];
    for (const failure of asked) {
      await expect(failure).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
      await expect(failure).rejects.toThrow(
        /^It takes server 8\.2 for .+ \(the regular expression \/\\d\/: \\d\); node \w+ is 8\.1\.2/,
      );
    }
    expect(old.world.fake.nodes.flatMap((node) => node.requests)).toEqual([]);
  });

  test("a path that one of the servers does not know, which is named", async () => {
    const old = await openFakeSession({ build: "8.1.0.3" });
    const [node] = old.world.fake.nodes;
    const shelf = DataSet.of("test", "shelves").id(1);
    const read = old.session.query(shelf).bin("books").onEachChild().collectValues().execute();
    const write = old.session.update(shelf).bin("books").onEachChild().removeMatches().execute();
    for (const failure of [read, write]) {
      await expect(failure).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
      await expect(failure).rejects.toThrow(
        /^It takes server 8\.1\.1 for an operation on bin "books"; node \w+ is 8\.1\.0\.3/,
      );
    }
    expect(node?.requests).toEqual([]);
  });
});
