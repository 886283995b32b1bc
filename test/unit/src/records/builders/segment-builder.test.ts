import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataSet, Exp } from "../../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../../support/fake/session.js";

const users = DataSet.of<{ age: number }>("test", "users");
const key = users.id(1);

let fake: FakeSession;

beforeAll(async () => {
  fake = await openFakeSession();
});

afterAll(() => fake.until(fake.client.close()));

interface WithWhere {
  where(expression: Exp<"bool">): WithWhere;
}

describe("where", () => {
  it.each<[string, () => WithWhere]>([
    ["session.query(…)", () => fake.session.query(key)],
    ["session.query(…)", () => fake.session.query(key).bins("age")],
    ["session.upsert(…)", () => fake.session.upsert(key).put({ age: 1 })],
    ["session.delete(…)", () => fake.session.delete(key)],
    ["session.executeUdf(…)", () => fake.session.executeUdf(key).function("a", "b")],
    ["session.backgroundTask().update(…)", () => fake.session.backgroundTask().update(users)],
    ["session.backgroundTask().delete(…)", () => fake.session.backgroundTask().delete(users)],
    ["session.backgroundTask().touch(…)", () => fake.session.backgroundTask().touch(users)],
    [
      "session.backgroundTask().executeUdf(…)",
      () => fake.session.backgroundTask().executeUdf(users).function("a", "b"),
    ],
  ])("is taken once by %s", (call, builder) => {
    const condition = Exp.gt(Exp.intBin("age"), Exp.intVal(1));
    const once = builder().where(condition);
    expect(() => once.where(condition)).toThrow(TypeError);
    expect(() => once.where(condition)).toThrow(
      `where() was called twice; ${call} has one: join conditions with "and"`,
    );
  });

  it("is taken once by each segment of a chain", () => {
    const chain = fake.session.delete(key).where("$.age > 1").touch(key).where("$.age > 2");
    expect(() => chain.where("$.age > 3")).toThrow("where() was called twice; session.touch(…) has one");
  });
});
