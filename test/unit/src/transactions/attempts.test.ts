import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BatchError, CommitError, DataSet, type Session, type TransactionalSession } from "../../../../src/index.js";
import { Lab } from "../../../support/faults/lab.js";

const accounts = DataSet.of<{ balance: number }>("test", "accounts");
const a = accounts.id("a");
const b = accounts.id("b");

let lab: Lab;
let session: Session;

const run = <T>(promise: Promise<T>): Promise<T> => lab.until(promise);

beforeEach(async () => {
  lab = await Lab.open({ nodes: 2, namespaces: [{ name: "test", strongConsistency: true }] });
  session = await lab.session();
  await run(session.put(a, { balance: 100 }));
  await run(session.put(b, { balance: 0 }));
});

afterEach(() => lab.close());

async function balanceOf(key: typeof a): Promise<number> {
  return (await run(session.get(key))).bins.balance;
}

/** Time on the clock of the lab that it takes. */
async function duration(work: () => Promise<unknown>): Promise<number> {
  const start = lab.runtime.now();
  await work();
  return lab.runtime.now() - start;
}

describe("doInTransaction", () => {
  test("commits what its work did, and returns what it returned", async () => {
    const left = await run(
      session.doInTransaction(async (tx) => {
        const { bins } = await tx.get(a);
        await tx.put(a, { balance: bins.balance - 10 });
        return bins.balance - 10;
      }),
    );
    expect([left, await balanceOf(a)]).toEqual([90, 90]);
  });

  test("aborts when its work throws, and throws that", async () => {
    const work = session.doInTransaction(async (tx) => {
      await tx.put(a, { balance: 1 });
      throw new Error("enough");
    });
    await expect(run(work)).rejects.toThrow("enough");
    expect(await balanceOf(a)).toBe(100);
    await run(session.put(a, { balance: 2 }));
  });

  test("leaves alone what its work ended itself", async () => {
    await run(
      session.doInTransaction(async (tx) => {
        await tx.put(a, { balance: 1 });
        await tx.abort();
      }),
    );
    expect(await balanceOf(a)).toBe(100);
    await run(
      session.doInTransaction(async (tx) => {
        await tx.put(a, { balance: 1 });
        await tx.commit();
      }),
    );
    expect(await balanceOf(a)).toBe(1);
  });

  test("joins the transaction of its session", async () => {
    const tx = session.transaction();
    await run(
      tx.doInTransaction(async (same) => {
        expect(same).toBe(tx);
        await same.put(a, { balance: 1 });
      }),
    );
    expect(await balanceOf(a)).toBe(100);
    await run(tx.abort());
    expect(await balanceOf(a)).toBe(100);
  });

  test("waits about the pause where a record is locked, and runs all of it again in another transaction", async () => {
    const blocker = session.transaction();
    await run(blocker.put(a, { balance: 50 }));
    const ids = new Set<bigint>();
    let tries = 0;
    const work = async (tx: TransactionalSession): Promise<void> => {
      ids.add(tx.txn.id);
      if (++tries === 3) await blocker.commit();
      await tx.update(a).bin("balance").add(1).execute();
    };
    const took = await duration(() => run(session.doInTransaction(work, { sleepBetweenRetries: 1_000 })));
    expect([tries, ids.size, await balanceOf(a)]).toEqual([3, 3, 51]);
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(took).toBeLessThan(3_100);
  });

  test("runs again at once where a record that it had read was changed", async () => {
    let tries = 0;
    const work = async (tx: TransactionalSession): Promise<void> => {
      const { bins } = await tx.get(a);
      if (++tries < 4) await session.put(a, { balance: bins.balance + 1 });
      await tx.put(b, { balance: bins.balance });
    };
    const took = await duration(() => run(session.doInTransaction(work, { sleepBetweenRetries: 1_000 })));
    expect([tries, await balanceOf(a), await balanceOf(b)]).toEqual([4, 103, 103]);
    expect(took).toBeLessThan(1_000);
  });

  test("gives up after so many attempts, with the last error, and leaves nothing locked", async () => {
    let tries = 0;
    const work = async (tx: TransactionalSession): Promise<void> => {
      tries++;
      const { bins } = await tx.get(a);
      await tx.put(b, { balance: 1 });
      await session.put(a, { balance: bins.balance + 1 });
    };
    const error = await lab.failure(session.doInTransaction(work, { maxAttempts: 3 }));
    expect(error).toBeInstanceOf(CommitError);
    expect(error).toMatchObject({ reason: "verifyFailed", isRepeatable: true });
    expect([tries, await balanceOf(b)]).toEqual([3, 0]);
    await run(session.put(b, { balance: 2 }));
  });

  test("runs a chain of several keys again when locks are all that failed", async () => {
    const blocker = session.transaction();
    await run(blocker.put(a, { balance: 50 }));
    let tries = 0;
    const work = async (tx: TransactionalSession): Promise<void> => {
      if (++tries === 2) await blocker.abort();
      await tx.update(a, b).bin("balance").add(1).execute();
    };
    await run(session.doInTransaction(work));
    expect([tries, await balanceOf(a), await balanceOf(b)]).toEqual([2, 101, 1]);
  });

  test("ends with the caller's signal while it waits", async () => {
    const blocker = session.transaction();
    await run(blocker.put(a, { balance: 50 }));
    const stop = new AbortController();
    const work = session.doInTransaction((tx) => tx.put(a, { balance: 1 }), {
      sleepBetweenRetries: 60_000,
      signal: stop.signal,
    });
    lab.runtime.setTimer(500, () => stop.abort(), false);
    expect(await lab.failure(work)).toMatchObject({ name: "AbortError" });
    await run(blocker.abort());
  });

  test("refuses what is no function, options out of range, and ones that do not exist", async () => {
    for (const [options, error] of [
      [{ maxAttempts: 0 }, RangeError],
      [{ maxAttempts: 1.5 }, RangeError],
      [{ sleepBetweenRetries: -1 }, RangeError],
      [{ timeout: 5 }, RangeError],
      [{ attempts: 5 }, TypeError],
      [{ signal: 1 }, TypeError],
    ] as const) {
      expect(await lab.failure(session.doInTransaction(async () => 1, options as object))).toBeInstanceOf(error);
    }
    expect(await lab.failure(session.doInTransaction(1 as never))).toBeInstanceOf(TypeError);
  });
});

describe("Several writes to a strong-consistency namespace", () => {
  const c = accounts.id("c");

  test("happen all or not at all", async () => {
    const error = await lab.failure(session.update(a, b, c).bin("balance").add(1).execute());
    expect(error).toBeInstanceOf(BatchError);
    const rows = (error as BatchError).rows.map((row) => row.error?.code);
    expect(rows).toEqual(["TRANSACTION", "TRANSACTION", "RECORD_NOT_FOUND"]);
    expect([await balanceOf(a), await balanceOf(b)]).toEqual([100, 0]);
    await run(session.upsert(a, b, c).bin("balance").setTo(7).execute());
    expect([await balanceOf(a), await balanceOf(b), await balanceOf(c)]).toEqual([7, 7, 7]);
  });

  test("say so in the stream as well", async () => {
    const stream = await run(session.update(a, c).bin("balance").add(1).execute({ onError: "inStream" }));
    const codes: unknown[] = [];
    for await (const row of stream) codes.push(row.error?.code);
    expect(codes).toEqual(["TRANSACTION", "RECORD_NOT_FOUND"]);
  });

  test("wait for locks as doInTransaction does", async () => {
    const blocker = session.transaction();
    await run(blocker.put(a, { balance: 50 }));
    lab.runtime.setTimer(30, () => void blocker.commit(), false);
    await run(session.update(a, b).bin("balance").add(1).execute());
    expect([await balanceOf(a), await balanceOf(b)]).toEqual([51, 1]);
  });

  test("are each for itself where that is asked for", async () => {
    const inNone = session.update(a, b, c).bin("balance").add(1).notInAnyTransaction();
    expect(await lab.failure(inNone.execute())).toBeInstanceOf(BatchError);
    expect([await balanceOf(a), await balanceOf(b)]).toEqual([101, 1]);
    const plain = await lab.session({}, { transactions: { implicitBatchWrites: false } });
    expect(await lab.failure(plain.update(a, b, c).bin("balance").add(1).execute())).toBeInstanceOf(BatchError);
    expect([await balanceOf(a), await balanceOf(b)]).toEqual([102, 2]);
  });

  test("are part of the transaction that there is, or of one that is named", async () => {
    const tx = session.transaction();
    await run(tx.update(a, b).bin("balance").add(1).execute());
    await run(session.upsert(c).bin("balance").setTo(3).withTxn(tx.txn).execute());
    await run(tx.upsert(accounts.id("d")).bin("balance").setTo(4).notInAnyTransaction().execute());
    await run(tx.abort());
    expect([await balanceOf(a), await balanceOf(b), await balanceOf(accounts.id("d"))]).toEqual([100, 0, 4]);
    expect(await lab.failure(session.get(c))).toMatchObject({ code: "RECORD_NOT_FOUND" });
    expect(() =>
      session
        .upsert(c)
        .bin("balance")
        .setTo(3)
        .withTxn(tx as never),
    ).toThrow(TypeError);
  });
});
