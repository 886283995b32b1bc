import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AerospikeError, BatchError, type DataSet, TransactionError } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

// What a server without transactions makes of them: Community Edition, as the emulator's available namespaces.

let target: TestTarget;
let set: DataSet<{ n: number }>;

beforeAll(async () => {
  target = await connectTarget();
  set = target.dataSet<{ n: number }>();
  await target.session.put(set.id(1), { n: 1 });
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

const ENTERPRISE_ONLY = { code: "ENTERPRISE_ONLY", resultCode: 25, inDoubt: false };

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a transaction on a server that has none", () => {
  it("is refused for every command on keys, which do nothing", async () => {
    await using tx = target.session.transaction();
    const one = set.id(1);
    const commands = {
      get: () => tx.get(one),
      put: () => tx.put(one, { n: 2 }),
      create: () => tx.put(set.id(2), { n: 2 }),
      update: () => tx.update(one).bin("n").add(1).execute(),
      delete: () => tx.delete(one).execute(),
      "delete of none": () => tx.delete(set.id(3)).execute(),
      touch: () => tx.touch(one).execute(),
      exists: () => tx.exists(one).execute(),
      query: () => tx.query(one).bins("n").execute(),
    };
    for (const [name, command] of Object.entries(commands)) {
      expect(await failure(command()), name).toMatchObject(ENTERPRISE_ONLY);
    }
    const several = await failure(
      tx
        .upsert(set.ids(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
        .bin("n")
        .setTo(5)
        .execute(),
    );
    expect(several).toBeInstanceOf(BatchError);
    const codes = new Set((several as BatchError).failures.map(({ error }) => error?.code));
    expect([(several as BatchError).failures.length, [...codes]]).toEqual([10, ["ENTERPRISE_ONLY"]]);
    expect((await target.session.getMany(set.ids(1, 2))).map((record) => record?.bins)).toEqual([{ n: 1 }, undefined]);
  });

  it("leaves no trace on the server", async () => {
    const tx = target.session.transaction();
    expect(await failure(tx.put(set.id(1), { n: 2 }))).toMatchObject(ENTERPRISE_ONLY);
    expect(await tx.abort()).toBe("aborted");
    const sets = await target.session.info().sets("test");
    expect(JSON.stringify(sets)).not.toContain("<ERO~MRT");
  });

  it("is not begun for writes that are sent together", async () => {
    await target.session
      .upsert(set.ids(1, 2, 3))
      .bin("n")
      .setTo(7)
      .execute();
    expect((await target.session.getMany(set.ids(1, 2, 3))).map((record) => record?.bins.n)).toEqual([7, 7, 7]);
  });

  it("ends doInTransaction at once", async () => {
    let tries = 0;
    const work = target.session.doInTransaction(async (tx) => {
      tries++;
      await tx.put(set.id(1), { n: 2 });
    });
    expect(await failure(work)).toMatchObject(ENTERPRISE_ONLY);
    expect(tries).toBe(1);
  });

  it("can be committed when nothing was done in it, and not after it was aborted", async () => {
    const tx = target.session.transaction();
    expect(await tx.commit()).toBe("committed");
    expect(await failure(tx.abort())).toBeInstanceOf(TransactionError);
    expect(await failure(tx.get(set.id(1)))).toBeInstanceOf(AerospikeError);
  });
});
