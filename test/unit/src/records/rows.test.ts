import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataSet, type Session } from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

const users = DataSet.of<{ name: string; age: number }>("test", "users");

let fake: FakeSession;
let session: Session;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 1 });
  session = fake.session;
});

afterEach(() => fake.until(fake.client.close()));

describe("rows are refused before anything is sent:", () => {
  test.each<[string, () => unknown, string]>([
    ["without a bin", () => Reflect.apply(session.upsert(users).bins, session.upsert(users), []), "there is no name"],
    ["a bin twice", () => session.upsert(users).bins("name", "name"), 'the bin "name" is named twice'],
    ["a name that is too long", () => session.upsert(DataSet.of("test", "u")).bins("a".repeat(16)), "16 bytes"],
    [
      "too few values",
      () =>
        Reflect.apply(session.insert(users).bins("name", "age").row, session.insert(users).bins("name", "age"), [
          1,
          "Ada",
        ]),
      "insert: row 0: expected 2 values, for name, age, got 1",
    ],
    [
      "a value that can't be stored",
      () =>
        session
          .upsert(users)
          .bins("name")
          .row(1, "Ada")
          .row(2, new Date() as never),
      'upsert: row 1: bin "name": a Date has no Aerospike type',
    ],
    [
      "a row of nothing",
      () => session.upsert(users).bins("name").row(1, undefined),
      "upsert: row 0: every value is undefined",
    ],
    ["no rows at all", () => session.upsert(users).bins("name").rows([]), "there is no row"],
    [
      "no user key",
      () =>
        session
          .upsert(users)
          .bins("name")
          .row(undefined as never, "x"),
      "undefined",
    ],
    ["a data set beside a key", () => Reflect.apply(session.upsert, session, [users, users.id(1)]), "expected a Key"],
  ])("%s", (_what, call, message) => {
    expect(call).toThrow(message);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["objects that are none", () => session.upsertRows(users, [5 as never], { id: "id" }), "object"],
    ["no array", () => session.upsertRows(users, 5 as never, { id: "id" }), "expected an array of objects, got 5"],
    ["no data set", () => session.upsertRows(5 as never, [], { id: "id" }), "expected a DataSet, got 5"],
    [
      "no id",
      () => session.upsertRows(users, [], {} as never),
      "expected id to be the name of a property or a function",
    ],
    [
      "an object without its key",
      () => session.upsertRows(users, [{ id: 1, name: "x" }, { name: "y" } as never], { id: "id" }),
      'upsertRows: object 1: property "id": expected a user key, got undefined',
    ],
    [
      "a function that finds no key",
      () => session.upsertRows(users, [{ name: "x" }], { id: () => undefined as never }),
      "upsertRows: object 0: id(object): expected a user key, got undefined",
    ],
    ["an unknown option", () => session.upsertRows(users, [], { id: "id", ttl: 5 } as never), 'no option "ttl"'],
  ])("%s", async (_what, call, message) => {
    await expect(fake.until(call())).rejects.toThrow(message);
  });

  test("and the builder stays as it was", async () => {
    const rows = session.upsert(users).bins("name").row(1, "Ada");
    expect(() => rows.row(2, new Date() as never)).toThrow("row 1");
    expect(await (await fake.until(rows.row(2, "Bob").execute())).collect()).toHaveLength(2);
  });

  test("and a forgotten execute() is an error", async () => {
    await expect(async () => await (session.upsert(users) as never)).rejects.toThrow("awaited without rows");
    await expect(async () => await (session.upsert(users).bins("name") as never)).rejects.toThrow("add row(id");
    await expect(async () => await (session.upsert(users).bins("name").row(1, "x") as never)).rejects.toThrow(
      "without execute()",
    );
    expect(fake.world.fake.nodes[0]!.requests).toEqual([]);
  });
});
