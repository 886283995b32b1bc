import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Info2 } from "../../../../protocol/message/flags.js";
import { AbortError, type AerospikeError, BatchError, DataSet, type Key } from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

const users = DataSet.of<{ name: string }>("test", "users");
const key = users.id(1);
const other = users.id(2);
/** Later than everything else, and long before the limit of a command. */
const LATE_MS = 200;

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 1 });
});

afterEach(() => fake.until(fake.client.close()));

/** What the node does with requests about one record. */
function about(subject: Key, reply: NonNullable<ReturnType<NonNullable<ReturnType<typeof node>["onRequest"]>>>): void {
  const digest = Buffer.from(subject.digest).toString("hex");
  node().onRequest = (request) => (request.digest === digest ? reply : undefined);
}

function node() {
  return fake.world.fake.nodes[0]!;
}

describe("stream()", () => {
  test("hands a row out while others are on their way", async () => {
    about(key, { kind: "delay", ms: LATE_MS });
    const begun = fake.world.runtime.now();
    const stream = await fake.until(fake.session.exists([other, key]).stream());
    expect((await fake.until(stream.next())).value).toMatchObject({ index: 0 });
    expect(fake.world.runtime.now() - begun).toBeLessThan(LATE_MS);
    expect((await fake.until(stream.next())).value).toMatchObject({ index: 1 });
    expect(fake.world.runtime.now() - begun).toBeGreaterThanOrEqual(LATE_MS);
    expect((await fake.until(stream.next())).done).toBe(true);
  });

  test("throws behind the last row, with the failures alone", async () => {
    about(key, { kind: "code", code: 8 });
    const stream = await fake.until(fake.session.exists([key, other]).stream());
    expect((await fake.until(stream.next())).value).toMatchObject({ index: 1, resultCode: 2 });
    const error = await fake.until(stream.next().catch((reason: unknown) => reason));
    expect(error).toBeInstanceOf(BatchError);
    expect((error as BatchError).rows).toEqual((error as BatchError).failures);
    expect((error as BatchError).failures).toMatchObject([{ index: 0, resultCode: 8 }]);
  });

  test("throws the error of a single key itself", async () => {
    about(key, { kind: "code", code: 8 });
    const stream = await fake.until(fake.session.touch(key).stream());
    const error = await fake.until(stream.next().catch((reason: unknown) => reason));
    expect(error).not.toBeInstanceOf(BatchError);
    expect(error).toMatchObject({ resultCode: 8 });
  });

  test("calls the handler when the loop gets there, and ends with what it throws", async () => {
    about(key, { kind: "code", code: 8 });
    const handled: number[] = [];
    const onError = (error: AerospikeError, _key: Key, index: number): void => {
      handled.push(error.resultCode, index);
      throw new RangeError("enough");
    };
    const stream = await fake.until(fake.session.touch(key).stream({ onError }));
    await fake.until(new Promise((resolve) => fake.world.runtime.setTimer(LATE_MS, () => resolve(undefined), true)));
    expect(handled).toEqual([]);
    await expect(fake.until(stream.next())).rejects.toThrow("enough");
    expect(handled).toEqual([8, 0]);
    expect((await stream.next()).done).toBe(true);
  });

  test.each([
    ["break", true],
    ["close() before the first row", false],
  ])("%s ends the rest of the chain", async (_what, takesOne) => {
    about(key, { kind: "delay", ms: LATE_MS });
    // The last segment waits for the one before, as it is about the same record.
    const chain = fake.session.exists([other, key]).upsert(key).put({ name: "x" }).query(key);
    const stream = await fake.until(chain.stream());
    if (takesOne) await fake.until(stream.next());
    await fake.until(stream.close());
    await fake.until(
      new Promise((resolve) => fake.world.runtime.setTimer(5 * LATE_MS, () => resolve(undefined), true)),
    );
    expect(node().requests.filter(({ info2 }) => (info2 & Info2.WRITE) !== 0)).toEqual([]);
    expect((await stream.next()).done).toBe(true);
  });

  test("the signal ends the loop at once, whatever has come", async () => {
    about(key, { kind: "delay", ms: LATE_MS });
    const controller = new AbortController();
    const stream = await fake.until(fake.session.exists([key, other]).stream({ signal: controller.signal }));
    await fake.until(
      new Promise((resolve) => fake.world.runtime.setTimer(LATE_MS / 2, () => resolve(undefined), true)),
    );
    controller.abort();
    await expect(fake.until(stream.next())).rejects.toThrow(AbortError);
  });

  test("the signal ends the loop also when every reply has come, as it ends a query's", async () => {
    const controller = new AbortController();
    const stream = await fake.until(fake.session.exists([key, other]).stream({ signal: controller.signal }));
    await fake.until(stream.next());
    await fake.until(new Promise((resolve) => fake.world.runtime.setTimer(LATE_MS, () => resolve(undefined), true)));
    controller.abort();
    await expect(fake.until(stream.next())).rejects.toThrow(AbortError);
    expect((await stream.next()).done).toBe(true);
  });

  test("a handler's promise is waited for, and its rejection ends the loop", async () => {
    about(key, { kind: "code", code: 8 });
    const stream = await fake.until(
      fake.session.touch([key, other]).stream({ onError: async () => Promise.reject(new RangeError("enough")) }),
    );
    await expect(fake.until(stream.collect())).rejects.toThrow("enough");
  });

  test("the end of the client ends the loop", async () => {
    about(key, { kind: "silence" });
    const stream = await fake.until(fake.session.exists([key, other]).stream());
    const next = stream
      .next()
      .then(() => stream.next())
      .catch((reason: unknown) => reason);
    await fake.until(fake.client.close());
    expect(await fake.until(next)).toMatchObject({ code: "CLIENT_CLOSED" });
  });

  test("an option that does not exist, and a builder that was left behind", async () => {
    const first = fake.session.query(key);
    await expect(first.stream({ limit: 1 } as never)).rejects.toThrow('stream: there is no option "limit"');
    first.delete(other);
    await expect(first.stream()).rejects.toThrow("the chain went on with delete()");
  });
});
