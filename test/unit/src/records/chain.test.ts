import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Info1, Info2 } from "../../../../protocol/message/flags.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import {
  AerospikeError,
  BatchError,
  Behavior,
  DataSet,
  type Key,
  type KeyCommandBuilder,
  type RecordResult,
  type RecordStream,
} from "../../../../src/index.js";
import type { WireRequest } from "../../../support/fake/request.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

interface User {
  name: string;
  age: number;
  tags?: string[];
}

const users = DataSet.of<User>("test", "users");
const key = users.id(1);
const other = users.id(2);
/** Enough for a batch: fewer go as commands. */
const ten = users.ids(Array.from({ length: 10 }, (_, i) => i + 100));

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 1 });
});

afterEach(() => fake.until(fake.client.close()));

async function rows<T, B>(stream: Promise<RecordStream<T, B>>): Promise<RecordResult<T, B>[]> {
  return (await fake.until(stream)).collect();
}

function node() {
  return fake.world.fake.nodes[0]!;
}

/** Gives one record that result code, and all others the node's own reply. */
function answer(about: Key<User>, code: number): void {
  const digest = Buffer.from(about.digest).toString("hex");
  node().onRequest = (request) => (request.digest === digest ? { kind: "code", code } : undefined);
}

/** What a row or a command asks for. */
function shape({ info1, info2 }: WireRequest): [number, number] {
  return [info1, info2];
}

describe("what is sent", () => {
  test.each<
    [string, (s: FakeSession["session"], keys: readonly Key<User>[]) => KeyCommandBuilder<User>, number, number]
  >([
    ["all bins", (s, keys) => s.query(keys), Info1.READ | Info1.GET_ALL, 0],
    ["some bins", (s, keys) => s.query(keys).bins("name", "age"), Info1.READ, 0],
    ["no bins", (s, keys) => s.query(keys).withNoBins(), Info1.READ | Info1.GET_NO_BINS, 0],
    ["operations", (s, keys) => s.query(keys).bin("tags").listSize(), Info1.READ, Info2.RESPOND_ALL_OPS],
  ])("a read of %s, of one key and of several", async (_what, verb, info1, info2) => {
    await rows(verb(fake.session, [key]).execute({ onError: "inStream" }));
    expect(node().batches).toEqual([]);
    expect(shape(node().requests.at(-1)!)).toEqual([info1, info2]);
    await rows(verb(fake.session, ten).execute({ onError: "inStream" }));
    expect(node().batches[0]?.rows?.map(shape)).toEqual(ten.map(() => [info1, info2]));
  });

  test("a chain of several verbs is one message for each node", async () => {
    const chain = fake.session.query(key).bins("name").upsert(other).put({ name: "x" }).delete(users.id(3)).exists(ten);
    await rows(chain.execute());
    expect(node().batches.map(({ rows = [] }) => rows.map(shape))).toEqual([
      [
        [Info1.READ, 0],
        [0, Info2.WRITE],
        [0, Info2.WRITE | Info2.DELETE],
        ...ten.map(() => [Info1.READ | Info1.GET_NO_BINS, 0]),
      ],
    ]);
  });

  test("a record that a segment writes cuts the chain where it occurs again", async () => {
    const [first = key] = ten;
    const chain = fake.session.query(ten).upsert(first).put({ age: 1 }).query(ten).delete(first).exists(ten);
    const all = await rows(chain.execute());
    // What is alone goes as a command.
    expect(node().batches.map(({ rows = [] }) => rows.length)).toEqual([10, 10, 10]);
    expect(all.filter((row) => row.isOk).map((row) => row.index)).toEqual([10, 11, 21]);
  });

  test("one chain of one key is a single command, with the settings of points; more are batches", async () => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("shapes", { readsBatch: { readModeAp: "all" } });
    const session = fake.client.createSession(behavior);
    await rows(session.query(key).execute());
    expect(node().requests.at(-1)?.info1).toBe(Info1.READ | Info1.GET_ALL);
    await rows(session.query(key).query(other).execute());
    expect(node().requests.at(-1)?.info1).toBe(Info1.READ | Info1.GET_ALL | Info1.CONSISTENCY_LEVEL_ALL);
  });
});

describe("time and retries", () => {
  test("operations that only read are asked for again, as reads are; writes are not", async () => {
    for (const keys of [[key], ten]) {
      let asked = 0;
      node().onRequest = () => (asked++ < keys.length ? { kind: "silence" } : undefined);
      const reads = fake.session.query(keys).bin("tags").listSize().includeMissingKeys();
      expect((await rows(reads.execute())).map((row) => row.resultCode)).toEqual(keys.map(() => 2));
      expect(asked).toBe(2 * keys.length);
      node().onRequest = () => ({ kind: "silence" });
      const writes = fake.session.upsert(keys).bin("tags").listAppend("x");
      const failed = await rows(writes.execute({ onError: "inStream" }));
      expect(failed.map((row) => [row.error?.code, row.inDoubt])).toEqual(keys.map(() => ["TIMEOUT", true]));
    }
  });

  test("after a timeout every write is in doubt, reads are not", async () => {
    node().onRequest = () => ({ kind: "silence" });
    const all = await rows(
      fake.session
        .query(key)
        .upsert(other)
        .put({ age: 1 })
        .touch(users.id(3))
        .exists(users.id(4))
        .execute({ onError: "inStream" }),
    );
    expect(all.map((row) => row.error?.code)).toEqual(["TIMEOUT", "TIMEOUT", "TIMEOUT", "TIMEOUT"]);
    expect(all.map((row) => row.inDoubt)).toEqual([false, true, true, false]);
  });

  test("a chain may take as long as its most patient segment", async () => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("patience", {
      reads: { totalTimeout: 100, socketTimeout: 0, maxRetries: 0 },
      writes: { totalTimeout: 700, socketTimeout: 0, maxRetries: 0 },
    });
    const session = fake.client.createSession(behavior);
    node().onRequest = () => ({ kind: "delay", ms: 400 });
    const codes = async (chain: KeyCommandBuilder<User>) =>
      (await rows(chain.execute({ onError: "inStream" }))).map((row) => row.resultCode);
    expect(await codes(session.exists(ten))).toEqual(ten.map(() => ResultCode.TIMEOUT));
    expect(await codes(session.exists(ten).upsert(other).put({ age: 1 }))).toEqual([...ten.map(() => 2), 0]);
  });
});

describe("defaults of a chain", () => {
  test("hold for segments before and behind that say nothing themselves", async () => {
    await rows(
      fake.session
        .upsert(users.id(1))
        .put({ age: 1 })
        .upsert(users.id(2))
        .put({ age: 1 })
        .defaultExpireRecordAfterSeconds(60)
        .defaultWithDurableDelete()
        .upsert(users.id(3))
        .put({ age: 1 })
        .neverExpire()
        .touch(users.id(4))
        .delete(users.id(5))
        .delete(users.id(6))
        .withoutDurableDelete()
        .exists(ten)
        .execute(),
    );
    const [{ rows: sent = [] } = { rows: [] }] = node().batches;
    expect(sent.slice(0, 4).map(({ ttl }) => ttl)).toEqual([60, 60, -1, 60]);
    expect(sent.slice(4, 6).map(({ info2 }) => (info2 & Info2.DURABLE_DELETE) !== 0)).toEqual([true, false]);
  });

  test.each<[string, number, (touch: ReturnType<FakeSession["session"]["touch"]>) => unknown]>([
    ["seconds", 60, (b) => b.defaultExpireRecordAfterSeconds(60)],
    ["never", -1, (b) => b.defaultNeverExpire()],
    ["unchanged", -2, (b) => b.defaultWithNoChangeInExpiration()],
    ["server default", 0, (b) => b.defaultNeverExpire().defaultExpiryFromServerDefault()],
    ["its own", -1, (b) => Reflect.apply(Reflect.get(b, "neverExpire"), b, []).defaultExpireRecordAfterSeconds(60)],
  ])("expiry: %s", async (_what, ttl, say) => {
    const touch = fake.session.touch(users.id(1));
    say(touch as never);
    await rows(touch.execute());
    expect(node().requests.at(-1)?.ttl).toBe(ttl);
  });

  test("expiry at a moment of the runtime's clock", async () => {
    const moment = new Date(fake.world.runtime.wallClock() + 90_500);
    await rows(fake.session.upsert(key).put({ age: 1 }).defaultExpireRecordAt(moment).execute());
    expect(node().requests.at(-1)?.ttl).toBe(91);
  });

  test("one condition a chain", () => {
    const chain = fake.session.query(key).defaultWhere("$.age > 1").delete(other);
    expect(() => chain.defaultWhere("$.age > 2")).toThrow("defaultWhere: the chain has one already");
  });
});

describe("wrong use", () => {
  test("a verb without keys leaves the chain as it was", async () => {
    const chain = fake.session.exists(key);
    for (const verb of ["query", "upsert", "delete", "touch", "exists", "executeUdf"] as const) {
      expect(() => Reflect.apply(chain[verb], chain, [[]])).toThrow(`${verb}: there is no key`);
    }
    expect((await rows(chain.execute())).map((row) => row.index)).toEqual([0]);
  });

  test("a builder that was left behind executes nothing, and goes nowhere else", async () => {
    const first = fake.session.query(key);
    const second = first.delete(other);
    const message = "session.query(…): the chain went on with delete(); use the builder that it returned";
    await expect(first.execute()).rejects.toThrow(message);
    await expect(first.first()).rejects.toThrow(message);
    expect(() => first.touch(other)).toThrow(message);
    expect(() => first.bins("name")).toThrow(message);
    expect(node().requests).toEqual([]);
    expect((await rows(second.execute())).map((row) => row.index)).toEqual([1]);
    const query = fake.session.query(key);
    query.bins("name");
    await expect(query.execute()).rejects.toThrow("the chain went on with bins()");
  });

  test.each<[string, (s: FakeSession["session"]) => unknown, string]>([
    ["no names", (s) => Reflect.apply(s.query(key).bins, s.query(key), []), "bins: there is no name"],
    ["a bad name", (s) => Reflect.apply(s.query(key).bins, s.query(key), ["x".repeat(16)]), "at most 15"],
    ["a data set among keys", (s) => Reflect.apply(s.query, s, [users, key]), "query: a DataSet stands alone"],
    ["no keys", (s) => s.query([]), "query: there is no key"],
    ["no keys later on", (s) => s.query(key).delete([]), "delete: there is no key"],
    ["a function without a name", (s) => s.executeUdf(key).function("p", ""), "function"],
    [
      "an argument of no type",
      (s) => {
        const call = s.executeUdf(key).function("p", "f");
        return Reflect.apply(call.passing, call, [1, new Date()]);
      },
      "passing: argument 2",
    ],
  ])("%s throws at the call", (_what, act, message) => {
    expect(() => act(fake.session)).toThrow(message);
    expect(node().requests).toEqual([]);
  });

  test.each<[string, (s: FakeSession["session"]) => Promise<unknown>, string]>([
    ["keys that are no list", (s) => Reflect.apply(s.getMany, s, [key]), "getMany: expected an array of keys"],
    [
      "something else among keys",
      (s) => Reflect.apply(s.getMany, s, [[1]]),
      "getMany: expected a Key of a DataSet, such as users.id(1), got 1",
    ],
    ["an option", (s) => Reflect.apply(s.getMany, s, [[key], { bin: ["name"] }]), 'getMany: there is no option "bin"'],
    ["bins that are no list", (s) => Reflect.apply(s.getMany, s, [[key], { bins: "name" }]), "getMany: expected bins"],
    ["no bin", (s) => s.getMany([key], { bins: [] }), "The list of bin names is empty"],
    ["entries that are no list", (s) => Reflect.apply(s.putMany, s, [key]), "putMany: expected an array of entries"],
    ["an entry", (s) => Reflect.apply(s.putMany, s, [[[key, {}, 1]]]), "putMany: expected entry 0 to be a key and its"],
    [
      "no key",
      (s) => Reflect.apply(s.putMany, s, [[[1, { age: 1 }]]]),
      "putMany: expected a Key of a DataSet, such as users.id(1), got 1",
    ],
    ["a value", (s) => Reflect.apply(s.putMany, s, [[[key, { age: new Date() }]]]), 'putMany: entry 0: bin "age"'],
    ["nothing to write", (s) => s.putMany([[key, {}]]), "putMany: entry 0: there is nothing to write"],
  ])("getMany and putMany: %s", async (_what, act, message) => {
    await expect(act(fake.session)).rejects.toThrow(message);
    expect(node().requests).toEqual([]);
  });
});

/** The table of docs/records.md. */
describe("what becomes of a key", () => {
  type Verb = (s: FakeSession["session"], keys: readonly Key<User>[]) => KeyCommandBuilder<User>;
  const MISSING = 2;
  const LEFT_OUT = 27;
  const verbs: { readonly [verb: string]: Verb } = {
    query: (s, keys) => s.query(keys),
    "query.bins": (s, keys) => s.query(keys).bins("name"),
    "query.bin": (s, keys) => s.query(keys).bin("age").get(),
    "query.includeMissingKeys": (s, keys) => s.query(keys).withNoBins().includeMissingKeys(),
    upsert: (s, keys) => s.upsert(keys).put({ age: 1 }),
    insert: (s, keys) => s.insert(keys).put({ age: 1 }),
    replace: (s, keys) => s.replace(keys).put({ age: 1 }),
    update: (s, keys) => s.update(keys).put({ age: 1 }),
    replaceIfExists: (s, keys) => s.replaceIfExists(keys).put({ age: 1 }),
    delete: (s, keys) => s.delete(keys),
    touch: (s, keys) => s.touch(keys),
    exists: (s, keys) => s.exists(keys),
    executeUdf: (s, keys) => s.executeUdf(keys).function("p", "f"),
  };
  const expected = (verb: string, code: number): "none" | "row" | "failure" => {
    const isRead = verb.startsWith("query");
    if (code === MISSING && (verb === "update" || verb === "replaceIfExists")) return "failure";
    if (code !== MISSING && code !== LEFT_OUT) return "failure";
    return isRead && verb !== "query.includeMissingKeys" ? "none" : "row";
  };
  const cases = Object.keys(verbs).flatMap((verb) =>
    [MISSING, LEFT_OUT, 3, 5, 13, 22].map((code) => [verb, code, expected(verb, code)] as const),
  );

  test.each(cases)("%s, result code %i: %s", async (verb, code, becomes) => {
    answer(key, code);
    const chain = (keys: readonly Key<User>[]) => verbs[verb]!(fake.session, keys);
    const single = () => chain([key]);
    const several = () => chain([key]).touch(users.id(3)).delete(users.id(4));
    const many = () => chain([key]).exists(ten);
    for (const make of [single, several, many]) {
      const handled: unknown[] = [];
      const onError = (error: AerospikeError, failed: Key<User>, index: number) =>
        handled.push(error.resultCode, failed, index);
      const others = { single: [], several: [1, 2], many: ten.map((_, i) => i + 1) }[make.name] ?? [];
      const indexes = async (options?: Parameters<ReturnType<Verb>["execute"]>[0]) =>
        (await rows(make().execute(options))).map((row) => row.index);
      const inStream = await rows(make().execute({ onError: "inStream" }));
      expect(inStream.map((row) => row.index)).toEqual(becomes === "none" ? others : [0, ...others]);
      if (becomes === "failure") {
        const error = await fake.until(make().execute()).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(AerospikeError);
        if (make === single) expect(error).toMatchObject({ resultCode: code, key });
        else expect(error).toBeInstanceOf(BatchError);
        if (error instanceof BatchError) expect(error.failures).toMatchObject([{ index: 0, resultCode: code }]);
        expect(inStream[0]?.error?.resultCode).toBe(code);
        expect(await indexes({ onError })).toEqual(others);
        expect(handled).toEqual([code, key, 0]);
      } else {
        expect(await indexes()).toEqual(inStream.map((row) => row.index));
        expect(await indexes({ onError })).toEqual(inStream.map((row) => row.index));
        expect(handled).toEqual([]);
        if (becomes === "row") expect(inStream[0]).toMatchObject({ resultCode: code, isOk: false, record: null });
      }
    }
  });

  test.each(Object.keys(verbs))("%s, left out, with failOnFilteredOut: a failure", async (verb) => {
    answer(key, LEFT_OUT);
    const chain = () => verbs[verb]!(fake.session, [key]).failOnFilteredOut();
    await expect(fake.until(chain().execute())).rejects.toMatchObject({ code: "FILTERED_OUT" });
    await expect(fake.until(chain().touch(other).execute())).rejects.toBeInstanceOf(BatchError);
    expect((await rows(chain().execute({ onError: "inStream" })))[0]?.error?.code).toBe("FILTERED_OUT");
  });
});
