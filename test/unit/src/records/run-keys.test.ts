import { describe, expect, test } from "vitest";
import { runKeys } from "../../../../src/records/run-keys.js";

/** Promises to be settled by the test, in any order. */
function controlled() {
  const started: number[] = [];
  const settle = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const run = (_key: string, index: number): Promise<string> => {
    started.push(index);
    return new Promise((resolve, reject) => settle.set(index, { resolve, reject }));
  };
  return { started, settle, run };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("runKeys", () => {
  test("results come in the order of the keys, whatever the order of the answers", async () => {
    const { settle, run } = controlled();
    const all = runKeys(["a", "b", "c"], run);
    settle.get(2)?.resolve("third");
    settle.get(0)?.resolve("first");
    settle.get(1)?.resolve("second");
    expect(await all).toEqual(["first", "second", "third"]);
  });

  test("keeps no more in flight than allowed, and starts the next when one is answered", async () => {
    const { started, settle, run } = controlled();
    const all = runKeys(["a", "b", "c", "d"], run, 2);
    expect(started).toEqual([0, 1]);
    settle.get(1)?.resolve("b");
    await turn();
    expect(started).toEqual([0, 1, 2]);
    settle.get(0)?.resolve("a");
    settle.get(2)?.resolve("c");
    await turn();
    settle.get(3)?.resolve("d");
    expect(await all).toEqual(["a", "b", "c", "d"]);
  });

  test("the first rejection rejects the whole and starts no more", async () => {
    const { started, settle, run } = controlled();
    const all = runKeys(["a", "b", "c", "d"], run, 2);
    settle.get(0)?.reject(new Error("broken"));
    await expect(all).rejects.toThrow("broken");
    settle.get(1)?.resolve("b");
    await turn();
    expect(started).toEqual([0, 1]);
  });

  test("no keys, no results", async () => {
    expect(await runKeys([], () => Promise.resolve(1))).toEqual([]);
  });
});
