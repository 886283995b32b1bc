import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataSet, type DataSetQueryBuilder, Filter, InvalidNamespaceError } from "../../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../../support/fake/session.js";

interface User {
  name: string;
  age: number;
}
const users = DataSet.of<User>("test", "users");

let fake: FakeSession;

beforeAll(async () => {
  fake = await openFakeSession();
});

afterAll(async () => {
  await fake.until(fake.client.close());
});

type Builder = DataSetQueryBuilder<User>;
const byAge = Filter.range("age", 1, 2);
const rateOfText: never = "5" as never;

describe("a query's builder", () => {
  it.each<[string, (query: Builder) => unknown, string]>([
    ["where", (query) => query.where("$.age > 1").where("$.age < 9"), "where() was called twice"],
    ["filter", (query) => query.filter(byAge).filter(byAge), "filter() was called twice"],
    [
      "withHint",
      (query) => query.withHint({ binName: "age" }).withHint({ binName: "age" }),
      "withHint() was called twice",
    ],
    ["limit", (query) => query.limit(1).limit(2), "limit() was called twice"],
    ["onPartition", (query) => query.onPartition(1).onPartition(2), "onPartition() was called twice"],
    ["onPartitionRange", (query) => query.onPartition(1).onPartitionRange(2, 3), "onPartition() was called twice"],
    ["bins", (query) => [query.bins("age"), query.bins("name")], "It was said before what to read"],
    ["withNoBins", (query) => [query.bins("age"), query.withNoBins()], "It was said before what to read"],
    ["bin", (query) => [query.withNoBins(), query.bin("age")], "It was said before what to read"],
    ["bins after bin", (query) => [query.bin("age").get(), query.bins("age")], "It was said before what to read"],
    ["the same bin", (query) => query.bins("age", "age"), "is named twice"],
  ])("takes %s once", (_, call, message) => {
    expect(() => call(fake.session.query(users))).toThrow(TypeError);
    expect(() => call(fake.session.query(users))).toThrow(message);
  });

  it.each<[string, (query: Builder) => unknown]>([
    ["withoutIndex and filter", (query) => query.withoutIndex().filter(byAge)],
    ["filter and withoutIndex", (query) => query.filter(byAge).withoutIndex()],
    ["a rate and short", (query) => query.recordsPerSecond(5).queryDuration("short")],
    ["short and a rate", (query) => query.queryDuration("short").recordsPerSecond(5)],
  ])("refuses %s, which contradict each other", (_, call) => {
    expect(() => call(fake.session.query(users))).toThrow("contradict each other");
  });

  it.each<[string, (query: Builder) => unknown]>([
    ["limit 0", (query) => query.limit(0)],
    ["partition -1", (query) => query.onPartition(-1)],
    ["partition 4096", (query) => query.onPartition(4096)],
    ["partitions beyond the last", (query) => query.onPartitionRange(4000, 97)],
    ["no partitions", (query) => query.onPartitionRange(4000, 0)],
    ["rate 0", (query) => query.recordsPerSecond(0)],
  ])("refuses %s with a RangeError", (_, call) => {
    expect(() => call(fake.session.query(users))).toThrow(RangeError);
  });

  it.each<[string, (query: Builder) => unknown]>([
    ["a limit that is not whole", (query) => query.limit(1.5)],
    ["a rate that is a text", (query) => query.recordsPerSecond(rateOfText)],
    ["no bins", (query) => query.bins()],
    ["a duration that there is not", (query) => query.queryDuration("brief" as never)],
    ["a filter that is none", (query) => query.filter({} as never)],
    ["a cursor that is none", (query) => query.resumeFrom("next")],
  ])("refuses %s with a TypeError", (_, call) => {
    expect(() => call(fake.session.query(users))).toThrow(TypeError);
  });

  it("takes a DataSet alone", () => {
    expect(() => fake.session.query("users" as never)).toThrow(TypeError);
  });

  it("can't be awaited", async () => {
    const forgotten = (async () => await (fake.session.query(users).limit(1) as never))();
    await expect(forgotten).rejects.toThrow("without execute()");
  });

  it("refuses options that do not exist", async () => {
    const query = fake.session.query(users);
    for (const call of ["execute", "collect", "first", "firstOrThrow", "count", "explain"] as const) {
      await expect(query[call]({ timeout: 5 } as never)).rejects.toThrow(TypeError);
    }
  });

  it("rejects at once for a namespace that there is not, and a signal that has fired", async () => {
    const lost = fake.session.query(DataSet.of("nowhere", "users")).execute();
    await expect(lost).rejects.toBeInstanceOf(InvalidNamespaceError);
    const aborted = fake.session.query(users).execute({ signal: AbortSignal.abort("no") });
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
  });

  it("refuses operations that a node is too old for, and names it", async () => {
    const old = await openFakeSession({ build: "8.1.1.2" });
    const query = old.session.query(users).bin("age").get();
    for (const call of ["execute", "collect", "first", "count", "explain"] as const) {
      await expect(query[call]()).rejects.toMatchObject({
        code: "UNSUPPORTED_FEATURE",
        message: "It takes server 8.1.2 for operations in a query of a set; node A1 is 8.1.1.2",
        node: "A1",
      });
    }
    await expect(query.sortBy("age").collect()).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    await old.until(old.client.close());
  });

  it("says the bins of the query to whoever holds the builder", async () => {
    const query = fake.session.query(users);
    query.bins("age");
    expect((await fake.until(query.explain())).bins).toEqual(["age"]);
  });
});
