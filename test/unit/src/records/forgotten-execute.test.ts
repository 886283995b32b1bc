import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataSet } from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

const users = DataSet.of("test", "users");
const key = users.id(1);

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession();
});

afterEach(() => fake.until(fake.client.close()));

/** What awaiting a builder comes to; the compiler refuses it where it knows the type. */
async function awaited(builder: unknown): Promise<unknown> {
  return await builder;
}

describe("a builder that is awaited without execute()", () => {
  test.each<[string, (fake: FakeSession) => unknown, string]>([
    ["upsert", ({ session }) => session.upsert(key).put({ a: 1 }), "session.upsert(…)"],
    ["update", ({ session }) => session.update(key).bin("a").add(1), "session.update(…)"],
    ["delete", ({ session }) => session.delete(key), "session.delete(…)"],
    ["touch", ({ session }) => session.touch(key).neverExpire(), "session.touch(…)"],
    ["exists", ({ session }) => session.exists(key), "session.exists(…)"],
    ["query", ({ session }) => session.query(key), "session.query(…)"],
    ["query of bins", ({ session }) => session.query(key).bins("a"), "session.query(…)"],
    ["function", ({ session }) => session.executeUdf(key).function("p", "f").passing(1), "session.executeUdf(…)"],
    [
      "function without a name",
      ({ session }) => session.executeUdf(key),
      'session.executeUdf(…).function("package", "name")',
    ],
    [
      "background update",
      ({ session }) => session.backgroundTask().update(users).bin("a").add(1),
      "session.backgroundTask().update(…)",
    ],
    [
      "background replace",
      ({ session }) => session.backgroundTask().replaceIfExists(users),
      "session.backgroundTask().replaceIfExists(…)",
    ],
    [
      "background delete",
      ({ session }) => session.backgroundTask().delete(users),
      "session.backgroundTask().delete(…)",
    ],
    ["background touch", ({ session }) => session.backgroundTask().touch(users), "session.backgroundTask().touch(…)"],
    [
      "background function",
      ({ session }) => session.backgroundTask().executeUdf(users).function("p", "f"),
      "session.backgroundTask().executeUdf(…)",
    ],
  ])("%s rejects and says what was forgotten", async (_what, make, call) => {
    const failure = awaited(make(fake));
    await expect(failure).rejects.toBeInstanceOf(TypeError);
    await expect(failure).rejects.toThrow(
      `${call} was awaited without execute(), so nothing was sent: write await ${call}.execute()`,
    );
  });

  test.each<[string, (fake: FakeSession) => unknown]>([
    ["a bin", ({ session }) => session.update(key).bin("a")],
    ["a bin to read", ({ session }) => session.query(key).bin("a")],
    ["a place in a bin", ({ session }) => session.update(key).bin("a").onMapKey("k")],
    ["places in a bin", ({ session }) => session.update(key).bin("a").onListIndexRange(0, 2)],
    ["a bin of a background task", ({ session }) => session.backgroundTask().update(users).bin("a")],
  ])("%s rejects as well: the operation is missing, too", async (_what, make) => {
    await expect(awaited(make(fake))).rejects.toThrow('bin("a") was awaited without an operation and execute()');
  });

  test("an index that is neither created nor dropped rejects as well", async () => {
    const builder = fake.session.index(users).onBin("a").named("a_index").integer();
    await expect(awaited(builder)).rejects.toThrow("session.index(…) was awaited without create() or drop()");
  });

  test("rejects in Promise.all as well, and nothing is sent", async () => {
    await expect(Promise.all([fake.session.delete(key) as unknown])).rejects.toThrow("without execute()");
    expect(fake.world.fake.nodes.flatMap((node) => node.requests)).toEqual([]);
  });
});
