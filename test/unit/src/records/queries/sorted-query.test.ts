import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataSet } from "../../../../../src/index.js";
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

const query = () => fake.session.query(users);
const unknownBin: never = "height" as never;

describe("a sorted query's builder", () => {
  it("is of a query without a limit, which would take any records", () => {
    expect(() => query().limit(5).sortBy("age")).toThrow("topN(n) takes the first");
    // What is said to the query later is not said to the one that is sorted.
    const limited = query();
    limited.sortBy("age");
    expect(() => limited.limit(5)).not.toThrow();
  });

  it("sorts by bins that are read", () => {
    expect(() => query().bins("name").sortBy(unknownBin)).toThrow('the query does not read the bin "height"');
    expect(() => query().withNoBins().sortBy(unknownBin)).toThrow('the query does not read the bin "height"');
    expect(() => query().bin("age").get().sortBy(unknownBin)).toThrow('the query does not read the bin "height"');
    expect(() => query().bin("age").get().sortBy("age")).not.toThrow();
  });

  it("sorts by a bin once", () => {
    expect(() => query().sortBy("age").thenBy("age")).toThrow('"age" was given twice');
  });

  it.each<[string, () => unknown]>([
    ["a bin that has no name", () => query().sortBy(5 as never)],
    ["an option that there is not", () => query().sortBy("age", { desc: true } as never)],
  ])("refuses %s", (_, call) => {
    expect(call).toThrow(TypeError);
  });

  it.each<[string, () => Promise<unknown>, typeof TypeError | typeof RangeError]>([
    ["no records", () => query().sortBy("age").topN(0), RangeError],
    ["half a record", () => query().sortBy("age").topN(0.5), TypeError],
    ["no room for records", () => query().sortBy("age").collect({ maxRecords: 0 }), RangeError],
    ["no room for bytes", () => query().sortBy("age").collect({ maxBytes: 0 }), RangeError],
    ["more than it may hold", () => query().sortBy("age").topN(6, { maxRecords: 5 }), RangeError],
    [
      "an option that there is not",
      () =>
        query()
          .sortBy("age")
          .collect({ timeout: 1 } as never),
      TypeError,
    ],
  ])("refuses %s before anything is sent", async (_, call, error) => {
    const { requests } = fake.world.fake.nodes[0]!;
    const before = requests.length;
    await expect(call()).rejects.toBeInstanceOf(error);
    expect(requests).toHaveLength(before);
  });

  it("can't be awaited", async () => {
    const forgotten = (async () => await (query().sortBy("age") as never))();
    await expect(forgotten).rejects.toThrow("without");
  });
});
