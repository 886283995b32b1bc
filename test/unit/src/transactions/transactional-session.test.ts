import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AerospikeError, CommitError, DataSet, type Session, TransactionError } from "../../../../src/index.js";
import { Lab } from "../../../support/faults/lab.js";

const accounts = DataSet.of<{ balance: number; name?: string }>("test", "accounts");
const a = accounts.id("a");
const b = accounts.id("b");

let lab: Lab;
let session: Session;

/** Lets time pass until it is settled. */
const run = <T>(promise: Promise<T>): Promise<T> => lab.until(promise);

beforeEach(async () => {
  lab = await Lab.open({ nodes: 2, namespaces: [{ name: "test", strongConsistency: true }] });
  session = await lab.session();
  await run(session.put(a, { balance: 100 }));
  await run(session.put(b, { balance: 0 }));
});

afterEach(() => lab.close());

async function balances(from: Session = session): Promise<unknown[]> {
  const records = await run(from.getMany([a, b]));
  return records.map((record) => record?.bins.balance);
}

async function exist(from: Session, ...keys: (typeof a)[]): Promise<boolean[]> {
  const rows: boolean[] = [];
  for await (const row of await run(from.exists(keys).execute())) rows.push(row.isOk);
  return rows;
}

async function transfer(tx: Session, amount: number): Promise<void> {
  const { bins } = await tx.get(a);
  await tx.put(a, { balance: bins.balance - amount });
  await tx.update(b).bin("balance").add(amount).execute();
}

describe("A transaction that is committed", () => {
  test("shows what it wrote to itself at once, and to others at the end", async () => {
    const tx = session.transaction();
    await run(transfer(tx, 30));
    expect(await balances()).toEqual([100, 0]);
    expect(await balances(tx)).toEqual([70, 30]);
    expect(await run(tx.commit())).toBe("committed");
    expect(await balances()).toEqual([70, 30]);
    expect(tx.txn).toMatchObject({ state: "committed", namespace: "test" });
    expect(await run(tx.commit())).toBe("alreadyCommitted");
  });

  test("has deleted, created, touched, and left what it only read", async () => {
    const c = accounts.id("c");
    const tx = session.transaction();
    await run(tx.delete(a).execute());
    await run(tx.insert(c).bin("balance").setTo(5).execute());
    await run(tx.touch(b).execute());
    expect(await exist(tx, a, b, c)).toEqual([false, true, true]);
    expect(await exist(session, a, b, c)).toEqual([true, true, false]);
    expect(await run(tx.commit())).toBe("committed");
    expect(await exist(session, a, b, c)).toEqual([false, true, true]);
  });

  test("of reads only is verified and leaves nothing", async () => {
    const tx = session.transaction();
    await balances(tx);
    expect(await run(tx.commit())).toBe("committed");
  });

  test("without a command sends nothing", async () => {
    expect(await run(session.transaction().commit())).toBe("committed");
    expect(await run(session.transaction().abort())).toBe("aborted");
  });
});

describe("A transaction that is aborted", () => {
  test("has written nothing", async () => {
    const tx = session.transaction();
    await run(transfer(tx, 30));
    expect(await run(tx.abort())).toBe("aborted");
    expect(await balances()).toEqual([100, 0]);
    expect(await run(tx.abort())).toBe("alreadyAborted");
    await run(session.put(a, { balance: 1 }));
  });

  test("is so by leaving its block", async () => {
    await expect(
      run(
        (async () => {
          await using tx = session.transaction();
          await transfer(tx, 30);
          throw new Error("on the way");
        })(),
      ),
    ).rejects.toThrow("on the way");
    expect(await balances()).toEqual([100, 0]);
    await run(session.put(a, { balance: 1 }));
  });
});

describe("A transaction that is over", () => {
  test("can't be ended the other way, nor take commands", async () => {
    const aborted = session.transaction();
    await run(aborted.abort());
    const committed = session.transaction();
    await run(committed.commit());
    expect(await lab.failure(aborted.commit())).toMatchObject({ code: "TXN_ALREADY_ABORTED", resultCode: -19 });
    expect(await lab.failure(committed.abort())).toMatchObject({ code: "TXN_ALREADY_COMMITTED", resultCode: -18 });
    for (const [tx, code] of [
      [aborted, "TXN_ALREADY_ABORTED"],
      [committed, "TXN_ALREADY_COMMITTED"],
    ] as const) {
      expect(await lab.failure(tx.get(a))).toMatchObject({ code });
      expect(await lab.failure(tx.put(a, { balance: 1 }))).toMatchObject({ code });
      expect(await lab.failure(tx.query(a, b).execute())).toMatchObject({ code });
      expect(() => tx.backgroundTask()).toThrow(TransactionError);
      expect(() => tx.query(accounts)).toThrow(TransactionError);
      expect(() => tx.transaction()).toThrow(TransactionError);
      expect(await lab.failure(tx.doInTransaction(async () => 1))).toMatchObject({ code });
    }
  });
});

describe("Two transactions on one record", () => {
  test("block each other, and neither sees what the other wrote", async () => {
    const one = session.transaction();
    const other = session.transaction();
    await run(one.put(a, { balance: 1 }));
    expect(await lab.failure(other.get(a))).toMatchObject({ code: "MRT_BLOCKED", isTransient: true });
    expect(await lab.failure(other.put(a, { balance: 2 }))).toMatchObject({ code: "MRT_BLOCKED", inDoubt: false });
    expect(await lab.failure(session.put(a, { balance: 3 }))).toMatchObject({ code: "MRT_BLOCKED" });
    expect(await lab.failure(session.delete(a).execute())).toMatchObject({ code: "MRT_BLOCKED" });
    expect(await run(one.commit())).toBe("committed");
    await run(other.abort());
    expect(await balances()).toEqual([1, 0]);
  });

  test("of which one has read what the other wrote since, can't both be committed", async () => {
    const reader = session.transaction();
    await run(reader.get(a));
    await run(reader.put(b, { balance: 7 }));
    await run(session.put(a, { balance: 1 }));
    const error = await lab.failure(reader.commit());
    expect(error).toBeInstanceOf(CommitError);
    expect(error).toMatchObject({
      code: "COMMIT_FAILED",
      reason: "verifyFailed",
      outcome: "aborted",
      isRepeatable: true,
      inDoubt: false,
      cause: { code: "MRT_VERSION_MISMATCH" },
    });
    expect((error as CommitError).failures.map(({ key }) => key.userKey)).toEqual(["a"]);
    expect(reader.txn.state).toBe("aborted");
    expect(await balances()).toEqual([1, 0]);
    await run(session.put(b, { balance: 1 }));
  });

  test("meet when the second reads again what has changed", async () => {
    const tx = session.transaction();
    await run(tx.get(a));
    await run(session.put(a, { balance: 1 }));
    expect(await lab.failure(tx.get(a))).toMatchObject({ code: "MRT_VERSION_MISMATCH" });
    await run(tx.abort());
  });

  test("agree on a record that is not there", async () => {
    const c = accounts.id("c");
    const tx = session.transaction();
    await lab.failure(tx.get(c));
    await run(session.put(c, { balance: 1 }));
    expect(await lab.failure(tx.commit())).toMatchObject({ reason: "verifyFailed" });
  });
});

describe("What can't be part of a transaction", () => {
  test("is refused before anything is sent", async () => {
    const tx = session.transaction();
    expect(() => tx.query(accounts)).toThrow("query(dataSet) can't be part of a transaction");
    expect(() => tx.backgroundTask()).toThrow("backgroundTask() can't be part of a transaction");
    expect(() => tx.sessionFor(tx.behavior)).toThrow("sessionFor() can't be part of a transaction");
    expect(await lab.failure(tx.truncate(accounts))).toMatchObject({ code: "TRANSACTION" });
    expect(await lab.failure(tx.delete(a).withoutDurableDelete().execute())).toMatchObject({ code: "TRANSACTION" });
    await run(tx.get(a));
    const foreign = DataSet.of<{ n: number }>("other", "s").id(1);
    expect(await lab.failure(tx.put(foreign, { n: 1 }))).toMatchObject({
      code: "TRANSACTION",
      message: 'A transaction is about one namespace: this one about "test", and a record of it is in "other"',
    });
    expect(await lab.failure(tx.query(a).query(foreign).execute())).toBeInstanceOf(AerospikeError);
    await run(tx.abort());
  });

  test("are options out of range, and ones that do not exist", () => {
    for (const timeout of [0, 999, 1_500, 121_000, Number.NaN]) {
      expect(() => session.transaction({ timeout })).toThrow(RangeError);
    }
    expect(() => session.transaction({ timeOut: 1_000 } as object)).toThrow(TypeError);
  });
});

describe("What is outside of a transaction", () => {
  test("finds in queries what records were, and leaves locked ones alone in background tasks", async () => {
    const tx = session.transaction();
    await run(transfer(tx, 30));
    const found = await run(session.query(accounts).where("$.balance == 100").collect());
    expect(found.map(({ bins }) => bins.balance)).toEqual([100]);
    const task = await run(session.backgroundTask().update(accounts).bin("balance").add(1).execute());
    expect(await run(task.waitTillComplete())).toMatchObject({ succeeded: 0, failed: 2 });
    expect(await balances()).toEqual([100, 0]);
    await run(tx.commit());
    expect(await balances()).toEqual([70, 30]);
  });

  test("sees nothing of a write that fails at its condition, which the commit verifies as a read", async () => {
    const tx = session.transaction();
    await run(tx.update(a).bin("balance").add(1).where("$.balance == 5").execute());
    await run(session.put(a, { balance: 5 }));
    expect(await lab.failure(tx.commit())).toMatchObject({ reason: "verifyFailed", outcome: "aborted" });
  });
});

describe("A session in a transaction", () => {
  test("shows itself by behavior and transaction, and an error by no key", async () => {
    const tx = session.transaction();
    await run(tx.get(a));
    expect(inspect(tx).replaceAll(/\s+/g, " ")).toBe(
      `TransactionalSession { behavior: 'DEFAULT', txn: Txn { id: ${tx.txn.id}n, state: 'open', namespace: 'test' } }`,
    );
    await run(session.put(a, { balance: 1 }));
    const error = await lab.failure(tx.commit());
    expect(inspect(error)).not.toContain("userKey");
    expect(JSON.stringify(error)).not.toContain("accounts");
    expect(session.currentTransaction).toBeUndefined();
    expect(tx.currentTransaction).toBe(tx.txn);
  });

  test("waits at its end for the commands that are under way, and takes none then", async () => {
    const tx = session.transaction();
    const writing = tx.put(a, { balance: 1 });
    const committing = tx.commit();
    expect(await lab.failure(tx.put(b, { balance: 1 }))).toMatchObject({ code: "TRANSACTION" });
    expect(await lab.failure(tx.abort())).toMatchObject({ code: "TRANSACTION" });
    await run(Promise.all([writing, committing]));
    expect(await balances()).toEqual([1, 0]);
  });

  test("begins once, however many writes come at once", async () => {
    const tx = session.transaction();
    const keys = accounts.ids(...Array.from({ length: 20 }, (_, i) => i));
    await run(Promise.all(keys.map((key) => tx.put(key, { balance: 1 }))));
    expect(await run(tx.commit())).toBe("committed");
    expect(await exist(session, ...keys)).toEqual(keys.map(() => true));
  });
});

describe("Settings of transactions", () => {
  test.each<[object, RegExp]>([
    [{ attempts: 0 }, /expected attempts to be a whole number from 1 to 1000000, got 0/],
    [{ sleepBetweenAttempts: -1 }, /expected sleepBetweenAttempts to be a whole number from 0 to 60000, got -1/],
    [{ implicitBatchWrites: 1 }, /expected implicitBatchWrites to be true or false, got 1/],
    [{ implicit: true }, /there is no option "implicit"/],
  ])("are refused before anything is opened: %j", async (transactions, message) => {
    const opened = lab.transport.opened;
    await expect(lab.connect({ transactions })).rejects.toThrow(message);
    expect(lab.transport.opened).toBe(opened);
  });
});
