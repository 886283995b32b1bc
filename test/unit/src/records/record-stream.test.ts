import { describe, expect, test } from "vitest";
import { DataSet } from "../../../../src/data/data-set.js";
import { ConnectionError, FilteredOutError, RecordNotFoundError } from "../../../../src/errors/errors.js";
import { Record } from "../../../../src/records/record.js";
import { RecordResult } from "../../../../src/records/record-result.js";
import { RecordStream } from "../../../../src/records/record-stream.js";

const users = DataSet.of<{ name: string }>("test", "users");
type User = { readonly name: string };

function row(index: number): RecordResult<User> {
  const key = users.id(index);
  return RecordResult.ok("get", key, index, new Record(key, { name: `n${index}` }, 1, -1));
}

const missing = RecordResult.notOk<User, User>("exists", users.id(7), 1, { resultCode: 2 });
const failed = RecordResult.failed<User, User>(
  "upsert",
  users.id(8),
  2,
  new ConnectionError("cut off", { inDoubt: true }),
);

describe("a row", () => {
  test("that is OK", () => {
    const ok = row(0);
    expect(ok).toMatchObject({ isOk: true, resultCode: 0, inDoubt: false, error: null, index: 0 });
    expect(ok.orThrow()).toBe(ok);
    expect(ok.recordOrThrow().bins).toEqual({ name: "n0" });
    expect(ok.asBool()).toBe(true);
  });

  test("of a record that is missing", () => {
    expect(missing).toMatchObject({ isOk: false, resultCode: 2, record: null, inDoubt: false });
    expect(missing.asBool()).toBe(false);
    expect(missing.error).toBeInstanceOf(RecordNotFoundError);
    expect(missing.error).toBe(missing.error);
    expect(missing.error?.message).toContain("exists, namespace test, set users");
    expect(() => missing.orThrow()).toThrow(RecordNotFoundError);
    expect(() => missing.recordOrThrow()).toThrow(RecordNotFoundError);
  });

  test("that a filter left out is neither yes nor no", () => {
    const filtered = RecordResult.notOk<User, User>("exists", users.id(7), 1, { resultCode: 27 });
    expect(() => filtered.asBool()).toThrow(FilteredOutError);
  });

  test("that failed", () => {
    expect(failed).toMatchObject({ isOk: false, resultCode: -10, inDoubt: true });
    expect(() => failed.orThrow()).toThrow("cut off");
  });

  test("that is OK without a record has none to give", () => {
    const ok = RecordResult.ok<User, User>("delete", users.id(1), 0, null);
    expect(() => ok.recordOrThrow()).toThrow(TypeError);
    expect(() => ok.recordOrThrow()).toThrow("A row of delete carries no record");
  });
});

describe("a stream", () => {
  test("is read once, in order", async () => {
    const stream = RecordStream.of([row(0), row(1)]);
    const indexes: number[] = [];
    for await (const { index } of stream) indexes.push(index);
    expect(indexes).toEqual([0, 1]);
    expect(await stream.collect()).toEqual([]);
  });

  test("collect and failures", async () => {
    expect(await RecordStream.of([row(0), missing, failed]).collect()).toEqual([row(0), missing, failed]);
    expect(await RecordStream.of([row(0), missing, failed]).failures()).toEqual([missing, failed]);
  });

  test("first takes one row and closes", async () => {
    const stream = RecordStream.of([row(0), row(1)]);
    expect((await stream.first())?.index).toBe(0);
    expect(await stream.first()).toBeNull();
  });

  test("firstOrThrow throws what is wrong with the row, or that there is none", async () => {
    expect((await RecordStream.of([row(3)]).firstOrThrow()).index).toBe(3);
    await expect(RecordStream.of([failed]).firstOrThrow()).rejects.toBe(failed.error);
    await expect(RecordStream.of<User, User>([]).firstOrThrow()).rejects.toThrow(RecordNotFoundError);
  });

  /** A source that tells whether it was told to stop. */
  function source() {
    let stopped = 0;
    let produced = 0;
    const rows: AsyncIterator<RecordResult<User>> = {
      next: async () => ({ done: false, value: row(produced++) }),
      return: async () => {
        stopped++;
        return { done: true, value: undefined };
      },
    };
    return { rows, stopped: () => stopped, produced: () => produced };
  }

  test("leaving a loop stops the source, once", async () => {
    const endless = source();
    const stream = new RecordStream(endless.rows);
    for await (const { index } of stream) if (index === 2) break;
    expect(endless.produced()).toBe(3);
    await stream.close();
    expect(endless.stopped()).toBe(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test("await using closes it", async () => {
    const endless = source();
    {
      await using stream = new RecordStream(endless.rows);
      await stream.next();
    }
    expect(endless.stopped()).toBe(1);
  });

  test("an error of the source reaches the loop", async () => {
    const stream = new RecordStream<User>({ next: () => Promise.reject(new ConnectionError("gone")) });
    await expect(stream.collect()).rejects.toThrow("gone");
  });
});
