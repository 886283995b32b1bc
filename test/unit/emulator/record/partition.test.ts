import { describe, expect, test } from "vitest";
import { Partition } from "../../../../emulator/record/partition.js";
import { StoredRecord } from "../../../../emulator/record/stored-record.js";

const digest = new Uint8Array(20).fill(7);

function stored(serial: number): { partition: Partition; record: StoredRecord } {
  const partition = new Partition(7);
  const record = new StoredRecord(digest, "users");
  record.serial = serial;
  partition.put(record);
  return { partition, record };
}

describe("a record that is stored", () => {
  test("stays the same one when what has become of it is put: a query that has yet to come to it finds it", () => {
    const { partition, record } = stored(1);
    const after = record.copy();
    after.become({ ...record.copy(), generation: 5 }, partition);
    partition.put(after);
    expect(partition.get(digest)).toBe(record);
    expect(record.generation).toBe(5);
    expect([partition.size, partition.setCounts.get("users")]).toEqual([1, 1]);
  });

  test("stays the same one when a transaction's write is rolled forward", () => {
    const { partition, record } = stored(1);
    const written = record.copy();
    written.become({ ...record.copy(), generation: 9 }, partition);
    partition.lock(digest, { id: 3n, record: written });
    partition.roll(digest, 3n, "forward");
    expect(partition.get(digest)).toBe(record);
    expect(record.generation).toBe(9);
  });

  test("is another one once it was made anew", () => {
    const { partition, record } = stored(1);
    const anew = new StoredRecord(digest, "users");
    anew.serial = 2;
    partition.put(anew);
    expect(partition.get(digest)).toBe(anew);
    expect(anew).not.toBe(record);
    expect(partition.setCounts.get("users")).toBe(1);
  });
});
