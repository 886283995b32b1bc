import { describe, expect, it } from "vitest";
import type { FaultAction } from "../../emulator/index.js";
import { AerospikeError, CommitError, DataSet, type TransactionalSession } from "../../src/index.js";
import { Lab, masterOf } from "../support/faults/lab.js";

const accounts = DataSet.of<{ balance: number }>("test", "accounts");
const keys = accounts.ids(0, 1, 2, 3, 4, 5);
const [a, b] = [accounts.id(0), accounts.id(1)];

async function open(heartbeatTimeoutMs = 150) {
  const namespaces = [{ name: "test", strongConsistency: true }];
  const lab = await Lab.open({ nodes: 3, namespaces, heartbeatTimeoutMs });
  const { client, cluster } = await lab.connectCluster({ maxErrorRate: 0 });
  const session = client.createSession();
  await lab.until(Promise.all(keys.map((key) => session.put(key, { balance: 100 }))));
  const balances = async (): Promise<unknown[]> => {
    const records = await lab.until(session.getMany(keys));
    return records.map((record) => record?.bins.balance);
  };
  /** Reads one record and writes all others. */
  const begin = async (timeout = 60_000): Promise<TransactionalSession> => {
    const tx = session.transaction({ timeout });
    await lab.until(tx.get(a));
    await lab.until(Promise.all(keys.slice(1).map((key) => tx.put(key, { balance: 1 }))));
    return tx;
  };
  const monitorNode = ({ txn }: TransactionalSession): number => masterOf(lab.emulator, cluster, txn.monitor!.key);
  return { lab, client, cluster, session, balances, begin, monitorNode, faults: lab.emulator.faults };
}

const BEFORE = [100, 100, 100, 100, 100, 100];
const AFTER = [100, 1, 1, 1, 1, 1];

async function commitFailure(lab: Lab, promise: Promise<unknown>): Promise<CommitError> {
  const error = await lab.failure(promise);
  if (!(error instanceof CommitError)) throw error;
  return error;
}

describe("a node that dies", () => {
  it("between verify and mark delays the commit", async () => {
    const { lab, begin, monitorNode, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin();
    using verify = faults.add({ command: "read", do: "stall" });
    const committing = tx.commit();
    await lab.runtime.advance(50);
    expect(verify.hits).toBe(1);
    await lab.until(lab.emulator.nodes[monitorNode(tx)]!.stop());
    verify.lift();
    expect(await lab.until(committing)).toBe("committed");
    expect(await balances()).toEqual(AFTER);
  });

  it("between mark and roll delays the commit", async () => {
    const { lab, cluster, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin();
    using mark = faults.add({ command: "write", do: "stall", times: 1 });
    const committing = tx.commit();
    await lab.runtime.advance(50);
    expect(mark.hits).toBe(1);
    await lab.until(lab.emulator.nodes[masterOf(lab.emulator, cluster, b)]!.stop());
    mark.lift();
    expect(await lab.until(committing)).toBe("committed");
    expect(await balances()).toEqual(AFTER);
  });

  it("in the middle of writes makes the transaction fail, and nothing stays locked", async () => {
    const { lab, session, begin, balances, cluster } = await open();
    await using _lab = lab;
    const tx = await begin();
    await lab.until(lab.emulator.nodes[masterOf(lab.emulator, cluster, b)]!.stop());
    const error = await lab.failure(tx.put(b, { balance: 2 }));
    expect(error).toBeInstanceOf(AerospikeError);
    expect(await lab.until(tx.abort())).toBe("aborted");
    expect(await balances()).toEqual(BEFORE);
    await lab.until(session.put(b, { balance: 3 }));
  });
});

describe("a mark whose reply is lost", () => {
  it.each<FaultAction>([
    { do: "cut" },
    { do: "silence" },
    { do: "garbage" },
    { do: "cut", execute: false },
    { do: "silence", execute: false },
  ])("is sent again, for it comes to the same: %j", async (action) => {
    const { lab, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin();
    using _fault = faults.add({ command: "write", times: 1, ...action });
    const committing = tx.commit();
    expect(await lab.until(committing)).toBe("committed");
    expect(await balances()).toEqual(AFTER);
  });

  it.each([true, false])(
    "for good leaves the commit in doubt until it is asked again; executed: %s",
    async (execute) => {
      const { lab, begin, balances, faults } = await open();
      await using _lab = lab;
      const tx = await begin();
      using silence = faults.add({ command: "write", do: "silence", execute });
      const error = await commitFailure(lab, tx.commit());
      expect(error).toMatchObject({
        reason: "markAbandoned",
        outcome: "inDoubt",
        inDoubt: true,
        isRepeatable: false,
        code: "COMMIT_FAILED",
      });
      expect(tx.txn.state).toBe("inDoubt");
      expect(await lab.failure(tx.get(a))).toMatchObject({ code: "TRANSACTION" });
      expect(await lab.failure(tx.abort())).toMatchObject({ code: "TRANSACTION", inDoubt: true });
      await lab.until(tx[Symbol.asyncDispose]());
      expect(tx.txn.state).toBe("inDoubt");
      silence.lift();
      expect(await lab.until(tx.commit())).toBe("committed");
      expect(await balances()).toEqual(AFTER);
    },
  );

  it("and that the server has carried out by itself meanwhile, is found to be committed", async () => {
    const { lab, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin(10_000);
    using silence = faults.add({ command: "write", do: "silence" });
    const error = await commitFailure(lab, tx.commit());
    silence.lift();
    await lab.runtime.advance(10_000);
    expect(await balances()).toEqual(AFTER);
    expect(await lab.until(error.commitAgain())).toBe("committed");
  });

  it("and that never arrived, is found to be aborted when the time of the transaction is over", async () => {
    const { lab, session, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin(10_000);
    using silence = faults.add({ command: "write", do: "silence", execute: false });
    const error = await commitFailure(lab, tx.commit());
    expect(error.outcome).toBe("inDoubt");
    silence.lift();
    await lab.runtime.advance(10_000);
    expect(await commitFailure(lab, error.commitAgain())).toMatchObject({ outcome: "aborted", inDoubt: false });
    expect(tx.txn.state).toBe("aborted");
    expect(await balances()).toEqual(BEFORE);
    await lab.until(session.put(b, { balance: 3 }));
  });
});

describe("a mark that is refused", () => {
  it("leaves the transaction to be committed again, or aborted", async () => {
    const { lab, begin, balances, faults } = await open();
    await using _lab = lab;
    for (const goesOn of [false, true]) {
      const tx = await begin();
      using refusal = faults.add({ command: "write", do: "answer", resultCode: 18 });
      const error = await commitFailure(lab, tx.commit());
      expect(error).toMatchObject({ reason: "markAbandoned", outcome: "open", inDoubt: false });
      refusal.lift();
      expect(await lab.until(goesOn ? error.commitAgain() : tx.abort())).toBe(goesOn ? "committed" : "aborted");
      expect(await balances()).toEqual(goesOn ? AFTER : BEFORE);
    }
  });

  it("is tried again by doInTransaction in another one", async () => {
    const { lab, session, balances, faults } = await open();
    await using _lab = lab;
    using refusal = faults.add({ command: "write", skip: 1, times: 6, do: "answer", resultCode: 18 });
    await lab.until(session.doInTransaction((tx) => tx.put(b, { balance: 1 })));
    expect(refusal.hits).toBe(6);
    expect((await balances())[1]).toBe(1);
  });
});

describe("writes that can't be rolled", () => {
  it("forward are said to be committed, and show when it is tried again", async () => {
    const { lab, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin();
    using refusal = faults.add({ command: "write", skip: 1, do: "answer", resultCode: 18 });
    const error = await commitFailure(lab, tx.commit());
    expect(error).toMatchObject({ reason: "rollForwardAbandoned", outcome: "committed", inDoubt: true });
    expect(error.failures).toHaveLength(5);
    expect(await lab.failure(tx.abort())).toMatchObject({ code: "TXN_ALREADY_COMMITTED" });
    expect(await balances()).toEqual(BEFORE);
    refusal.lift();
    expect(await lab.until(tx.commit())).toBe("committed");
    expect(await balances()).toEqual(AFTER);
    expect(await lab.until(tx.commit())).toBe("alreadyCommitted");
  });

  it("forward are rolled by the server when the time is over", async () => {
    const { lab, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin(10_000);
    using refusal = faults.add({ command: "write", skip: 1, do: "answer", resultCode: 18 });
    await commitFailure(lab, tx.commit());
    refusal.lift();
    await lab.runtime.advance(10_000);
    expect(await balances()).toEqual(AFTER);
  });

  it("back are rolled by the server when the time is over", async () => {
    const { lab, session, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin(10_000);
    using refusal = faults.add({ command: "write", do: "answer", resultCode: 18 });
    expect(await lab.until(tx.abort())).toBe("rollBackAbandoned");
    refusal.lift();
    await lab.runtime.advance(10_000);
    expect(await balances()).toEqual(BEFORE);
    await lab.until(session.put(b, { balance: 3 }));
  });

  it("back after a failed verify say so", async () => {
    const { lab, session, begin, faults } = await open();
    await using _lab = lab;
    const tx = await begin();
    await lab.until(session.put(a, { balance: 0 }));
    using _refusal = faults.add({ command: "write", do: "answer", resultCode: 18 });
    expect(await commitFailure(lab, tx.commit())).toMatchObject({
      reason: "verifyFailedAbortAbandoned",
      outcome: "aborted",
    });
  });

  it("are done, when only the monitor can't be closed", async () => {
    const { lab, begin, balances, faults } = await open();
    await using _lab = lab;
    using refusal = faults.add({ command: "delete", do: "answer", resultCode: 18 });
    expect(await lab.until((await begin()).commit())).toBe("rollForwardCloseAbandoned");
    expect(await balances()).toEqual(AFTER);
    expect(await lab.until((await begin()).abort())).toBe("rollBackCloseAbandoned");
    expect(refusal.hits).toBe(12);
  });
});

describe("a transaction whose time is over", () => {
  it("takes no writes, is aborted, and has its records unlocked by the server", async () => {
    const { lab, session, begin, balances } = await open();
    await using _lab = lab;
    const tx = await begin(2_000);
    expect(await lab.failure(session.put(b, { balance: 5 }))).toMatchObject({ code: "MRT_BLOCKED" });
    await lab.runtime.advance(2_100);
    expect(await balances()).toEqual(BEFORE);
    expect(await lab.failure(tx.put(b, { balance: 2 }))).toMatchObject({ code: "MRT_EXPIRED", inDoubt: false });
    expect(await lab.failure(tx.put(accounts.id(9), { balance: 2 }))).toMatchObject({ code: "MRT_EXPIRED" });
    await lab.until(session.put(b, { balance: 5 }));
    expect(await commitFailure(lab, tx.commit())).toMatchObject({ outcome: "aborted", inDoubt: false });
    expect((await balances())[1]).toBe(5);
  });
});

describe("a reply that is lost inside of a transaction", () => {
  it("to its first write leaves it without writes, and the record untouched", async () => {
    const { lab, session, faults, balances } = await open();
    await using _lab = lab;
    const tx = session.transaction();
    {
      using _fault = faults.add({ command: "operate", do: "cut", times: 1 });
      expect(await lab.failure(tx.put(b, { balance: 1 }))).toMatchObject({ code: "CONNECTION", inDoubt: false });
    }
    expect(await lab.failure(tx.put(b, { balance: 1 }))).toMatchObject({ code: "TRANSACTION", inDoubt: false });
    expect(await lab.until(tx.abort())).toBe("aborted");
    await lab.until(session.put(b, { balance: 5 }));
    expect((await balances())[1]).toBe(5);
  });

  it("to a write is in doubt, and taken back with the rest", async () => {
    const { lab, session, begin, balances, faults } = await open();
    await using _lab = lab;
    const tx = await begin();
    {
      using _fault = faults.add({ command: "write", do: "cut", times: 1 });
      expect(await lab.failure(tx.put(a, { balance: 1 }))).toMatchObject({ code: "CONNECTION", inDoubt: true });
    }
    expect(await lab.until(tx.abort())).toBe("aborted");
    expect(await balances()).toEqual(BEFORE);
    await lab.until(session.put(a, { balance: 5 }));
  });

  it("to the write of a batch is in doubt for its rows, and all of them are taken back", async () => {
    const { lab, session, balances, faults } = await open();
    await using _lab = lab;
    const many = accounts.ids(...Array.from({ length: 40 }, (_, i) => i));
    using _fault = faults.add({ command: "batch", do: "cut", times: 1 });
    const error = await lab.failure(session.upsert(many).bin("balance").setTo(7).execute());
    expect(error).toMatchObject({ code: "BATCH_FAILED", inDoubt: true });
    expect(await balances()).toEqual(BEFORE);
  });
});

describe("the end of the client", () => {
  it("in the middle of a commit leaves the rest to the server", async () => {
    const { lab, client, begin, faults } = await open();
    await using _lab = lab;
    const other = await lab.session();
    const tx = await begin(10_000);
    using roll = faults.add({ command: "write", skip: 1, do: "stall" });
    const committing = lab.failure(tx.commit());
    await lab.runtime.advance(50);
    await lab.until(client.close());
    expect(await committing).toMatchObject({ reason: "rollForwardAbandoned", outcome: "committed" });
    roll.lift();
    await lab.runtime.advance(10_000);
    expect((await lab.until(other.get(b))).bins.balance).toBe(1);
  });
});

describe("a signal", () => {
  it("before anything is decided leaves the transaction open", async () => {
    const { lab, begin, faults, balances } = await open();
    await using _lab = lab;
    const tx = await begin();
    const stop = new AbortController();
    using verify = faults.add({ command: "read", do: "stall" });
    const committing = lab.failure(tx.commit({ signal: stop.signal }));
    await lab.runtime.advance(50);
    stop.abort();
    expect(await committing).toMatchObject({ name: "AbortError" });
    verify.lift();
    expect(tx.active).toBe(true);
    expect(await lab.until(tx.commit())).toBe("committed");
    expect(await balances()).toEqual(AFTER);
  });
});
