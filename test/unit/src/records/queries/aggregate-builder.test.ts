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

describe("an aggregation's builder", () => {
  it.each<[string, (query: Builder) => Builder, string]>([
    ["limit", (query) => query.limit(5), "aggregate and limit don't go together"],
    ["onPartition", (query) => query.onPartition(5), "aggregate and onPartition don't go together"],
    ["a short query", (query) => query.queryDuration("short"), "aggregate and queryDuration don't go together"],
    ["a where beside a filter", (query) => query.where("$.age > 1").filter(byAge), "servers apply the filter alone"],
    ["a where without an index", (query) => query.where("$.age > 1").withoutIndex(), "only an index can tell"],
    ["no module", (query) => query, "package"],
  ])("refuses %s", (what, prepare, message) => {
    const aggregate = (): unknown => prepare(fake.session.query(users)).aggregate(what === "no module" ? "" : "m", "f");
    expect(aggregate).toThrow(message);
  });

  it("names the argument that has no Aerospike type", () => {
    const wrong = [1, { a: [() => 1] }] as never[];
    expect(() => fake.session.query(users).aggregate("m", "f", ...wrong)).toThrow(/^aggregate: argument 2/);
  });

  it("is what the query reads: nothing else is said before or after", () => {
    const query = fake.session.query(users);
    query.aggregate("m", "f");
    expect(() => query.bins("age")).toThrow("It was said before what to read");
    expect(() => query.aggregate("m", "f")).toThrow("It was said before what to read");
  });

  it.each<[string, object, string]>([
    ["an option that does not exist", { maxMemroy: 1 }, "Did you mean maxMemory?"],
    ["too little memory", { maxMemory: 1000 }, "maxMemory"],
    ["too few instructions", { maxInstructions: 1 }, "maxInstructions"],
    ["a source that is none", { sources: { m: 7 } }, "expected the source of module m as text or bytes, got 7"],
    ["sources that are none", { sources: "m" }, "expected sources to be an object"],
  ])("refuses %s", async (_what, options, message) => {
    const builder = fake.session.query(users).aggregate("m", "f");
    await expect(builder.execute(options)).rejects.toThrow(message);
    await expect(builder.collect(options)).rejects.toThrow(message);
    await expect(builder.first(options)).rejects.toThrow(message);
  });

  it("knows namespaces, and is no promise", async () => {
    const elsewhere = fake.session.query(DataSet.of("nowhere", "users")).aggregate("m", "f");
    await expect(elsewhere.execute()).rejects.toBeInstanceOf(InvalidNamespaceError);
    const awaited = async (): Promise<unknown> => await (elsewhere as unknown as Promise<unknown>);
    await expect(awaited()).rejects.toThrow(/without execute\(\)/);
  });
});
