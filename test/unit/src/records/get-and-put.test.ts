import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AbortError, DataSet, ResultCode, type Session } from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

interface User {
  name: string;
  age: number;
}

const users = DataSet.of<User>("test", "users");
const key = users.id(1);

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession();
  await fake.until(fake.session.put(key, { name: "Ada", age: 36 }));
});

afterEach(() => fake.until(fake.client.close()));

/** The bins that the latest request names. */
function asked(): readonly string[] {
  const request = fake.world.fake.nodes.flatMap((node) => node.requests).at(-1);
  return (request?.bins ?? []).map(({ name }) => name);
}

describe("get", () => {
  test("takes names, options, names and options, and names among the options", async () => {
    const { signal } = new AbortController();
    const all: (() => Promise<unknown>)[] = [
      () => fake.session.get(key),
      () => fake.session.get(key, undefined, { signal }),
      () => fake.session.get(key, { signal }),
      () => fake.session.get(key, {}),
    ];
    for (const get of all) {
      await fake.until(get());
      expect(asked()).toEqual([]);
    }
    const some: (() => Promise<unknown>)[] = [
      () => fake.session.get(key, ["name"]),
      () => fake.session.get(key, ["name"], { signal }),
      () => fake.session.get(key, { bins: ["name"] }),
      () => fake.session.get(key, { bins: ["name"], signal }),
    ];
    for (const get of some) {
      await fake.until(get());
      expect(asked()).toEqual(["name"]);
    }
  });

  test("stops at the signal among the options", async () => {
    const signal = AbortSignal.abort();
    await expect(fake.session.get(key, { bins: ["name"], signal })).rejects.toBeInstanceOf(AbortError);
    await expect(fake.session.get(key, { signal })).rejects.toBeInstanceOf(AbortError);
  });

  test.each<[string, unknown[], string]>([
    ["a text for a list", ["name"], 'get: expected an array of bin names, or options, got "name"'],
    ["null", [null], "get: expected an array of bin names, or options, got null"],
    ["a number", [5], "get: expected an array of bin names, or options, got 5"],
    ["an option that does not exist", [{ bin: ["name"] }], 'get: there is no option "bin". Did you mean bins?'],
    ["bins that are no list", [{ bins: "name" }], 'get: expected bins to be an array of bin names, got "name"'],
    ["a signal that is none", [{ signal: {} }], "get: expected signal to be an AbortSignal, got"],
    ["options twice", [{ bins: ["name"] }, {}], "get: the options were given twice"],
    ["a misspelt option beside a list", [["name"], { singal: 1 }], 'get: there is no option "singal"'],
    ["a list without a name", [[]], "The list of bin names is empty"],
    ["a name that is none", [[5]], "5"],
  ])("refuses %s", async (_what, args, message) => {
    const failure = Reflect.apply(fake.session.get, fake.session, [key, ...args]);
    await expect(failure).rejects.toBeInstanceOf(TypeError);
    await expect(failure).rejects.toThrow(message);
  });
});

describe("put", () => {
  test.each<[string, unknown[], string]>([
    ["a list for bins", [["name"]], "put(bins): expected an object of bin names and values, got an Array"],
    ["bytes for bins", [Uint8Array.of(1)], "expected an object of bin names and values"],
    ["a Map for bins", [new Map([["name", "Ada"]])], "expected an object of bin names and values"],
    ["a Date for bins", [new Date(0)], "expected an object of bin names and values"],
    [
      "an option that does not exist",
      [{ name: "Ada" }, { ttl: 5 }],
      'put: there is no option "ttl". Use session.upsert(key).expireRecordAfterSeconds()',
    ],
    [
      "another option that does not exist",
      [{ name: "Ada" }, { singal: 5 }],
      'put: there is no option "singal". Did you mean',
    ],
    ["options that are none", [{ name: "Ada" }, "fast"], 'put: expected an object of options, got "fast"'],
    ["a signal that is none", [{ name: "Ada" }, { signal: 5 }], "put: expected signal to be an AbortSignal, got 5"],
  ])("refuses %s", async (_what, args, message) => {
    const failure = Reflect.apply(fake.session.put, fake.session, [key, ...args]);
    await expect(failure).rejects.toBeInstanceOf(TypeError);
    await expect(failure).rejects.toThrow(message);
  });
});

test("a put that only removes bins of no record is fine, as one of several is", async () => {
  for (const node of fake.world.fake.nodes) node.onRequest = () => ({ kind: "code", code: ResultCode.KEY_NOT_FOUND });
  const scores = DataSet.of<{ score?: number }>("test", "scores");
  await expect(fake.until(fake.session.put(scores.id(7), { score: null }))).resolves.toBeUndefined();
  await expect(fake.until(fake.session.putMany([[scores.id(7), { score: null }]]))).resolves.toBeUndefined();
});

describe("the stack of an error", () => {
  type Call = (session: Session) => Promise<unknown>;
  const CALLS: readonly (readonly [string, Call])[] = [
    ["get", (session) => session.get(users.id(7))],
    ["put", (session) => session.put(users.id(7), { age: 1 })],
    ["execute() of one key", (session) => session.update(users.ids(7)).bin("age").add(1).execute()],
    ["execute() of several", (session) => session.update(users.ids(7, 8)).bin("age").add(1).execute()],
  ];

  async function birthdayOfAda(call: () => Promise<unknown>): Promise<void> {
    await call();
  }

  test.each(CALLS)("shows who called %s", async (_, call) => {
    for (const node of fake.world.fake.nodes)
      node.onRequest = () => ({ kind: "code", code: ResultCode.RECORD_TOO_BIG });
    const calling = birthdayOfAda(() => call(fake.session));
    const error = await fake.until(calling).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const { stack = "" } = error as Error;
    expect(stack).toMatch(/^(RecordTooBig|Batch)Error: /);
    expect(stack).toMatch(/at (async )?birthdayOfAda /);
    expect(stack).not.toContain("onData");
  });

  test("shows who called what was aborted", async () => {
    for (const node of fake.world.fake.nodes) node.onRequest = () => ({ kind: "delay", ms: 1_000 });
    const controller = new AbortController();
    const { signal } = controller;
    const calling = birthdayOfAda(() => fake.session.get(users.id(7), { signal }));
    fake.world.runtime.setTimer(10, () => controller.abort(), false);
    const error = await fake.until(calling).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AbortError);
    expect((error as Error).stack).toMatch(/at (async )?birthdayOfAda /);
  });
});
