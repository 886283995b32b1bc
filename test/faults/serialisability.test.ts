import { describe, expect, it } from "vitest";
import {
  AerospikeError,
  CommitError,
  DataSet,
  type Key,
  type Session,
  type TransactionalSession,
} from "../../src/index.js";
import { below, pick, type Random, seeds, withSeed } from "../support/faults/chance.js";
import { Lab } from "../support/faults/lab.js";
import { flawOf, type HistoryEntry } from "../support/faults/serial-history.js";

// Several clients at work on few records, each with transactions of random commands, on virtual time. Every transaction
// puts its number into the logs of the records that it writes, so that the logs tell afterwards what happened in which
// order.

interface Account {
  balance: number;
  log: number[];
}

const accounts = DataSet.of<Account>("test", "accounts");
const RECORDS = 5;
const keys = accounts.ids(Array.from({ length: RECORDS }, (_, id) => id));
const CLIENTS = 3;
const WORKERS = 2;
const ROUNDS = 8;
const BALANCE = 100;

class Bank {
  readonly #lab: Lab;
  readonly #random: Random;
  readonly history: HistoryEntry[] = [];

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#random = () => lab.runtime.random();
  }

  async work(session: Session): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      await this.#sleep(30);
      switch (below(this.#random, 6)) {
        case 0:
          await this.#single(session);
          break;
        case 1:
          await this.#several(session);
          break;
        case 2:
          await this.#audit(session);
          break;
        default:
          await this.#transfer(session);
      }
    }
  }

  /** Moves money between two accounts, in up to some attempts, each a transaction of its own in the history. */
  async #transfer(session: Session): Promise<void> {
    const [from, to] = this.#two();
    const givesUp = below(this.#random, 6) === 0;
    await this.#attempts(session, async (tx, entry) => {
      const one = await this.#read(tx, from, entry);
      await this.#sleep(8);
      const amount = below(this.#random, 10);
      await this.#write(tx, from, entry, one.balance - amount);
      await this.#sleep(8);
      const other = await this.#read(tx, to, entry);
      await this.#write(tx, to, entry, other.balance + amount);
      if (givesUp) throw new Error("changed my mind");
    });
  }

  /** Reads all accounts: if it is committed, it has seen all of the money. */
  async #audit(session: Session): Promise<void> {
    let sum = 0;
    const entry = await this.#attempts(session, async (tx, own) => {
      sum = 0;
      for (const record of keys.keys()) {
        sum += (await this.#read(tx, record, own)).balance;
        await this.#sleep(4);
      }
    });
    if (entry.outcome === "committed") expect(sum, "of all accounts").toBe(RECORDS * BALANCE);
  }

  /** A write outside of transactions, which one of them may block. */
  async #single(session: Session): Promise<void> {
    const record = below(this.#random, RECORDS);
    await this.#outside([record], (id) => session.update(keyOf(record)).bin("log").listAppend(id).execute());
  }

  /** Writes to several records at once, which become a transaction by themselves. */
  async #several(session: Session): Promise<void> {
    const [one, other] = this.#two();
    await this.#outside([one, other], (id) =>
      session.update(keyOf(one), keyOf(other)).bin("log").listAppend(id).execute(),
    );
  }

  async #outside(records: readonly number[], send: (id: number) => Promise<unknown>): Promise<void> {
    const entry = this.#enter();
    for (const record of records) entry.writes.add(record);
    try {
      await send(entry.id);
      entry.outcome = "committed";
    } catch (error) {
      entry.outcome = await outcomeOf(error);
    }
  }

  /** Runs a transaction until it is committed, or not worth another try. Returns the entry of the last attempt. */
  async #attempts(
    session: Session,
    work: (tx: TransactionalSession, entry: HistoryEntry) => Promise<void>,
  ): Promise<HistoryEntry> {
    let entry = this.#enter();
    let isFirst = true;
    try {
      await session.doInTransaction(async (tx) => {
        if (!isFirst) entry = this.#enter();
        isFirst = false;
        await work(tx, entry);
      });
      entry.outcome = "committed";
    } catch (error) {
      entry.outcome = await outcomeOf(error);
    }
    return entry;
  }

  async #read(tx: Session, record: number, entry: HistoryEntry): Promise<Account> {
    const { bins } = await tx.get(keyOf(record));
    if (!entry.writes.has(record)) entry.reads.set(record, bins.log);
    return bins;
  }

  async #write(tx: Session, record: number, entry: HistoryEntry, balance: number): Promise<void> {
    entry.writes.add(record);
    await tx.update(keyOf(record)).bin("balance").setTo(balance).bin("log").listAppend(entry.id).execute();
  }

  #enter(): HistoryEntry {
    const entry: HistoryEntry = {
      id: this.history.length + 1,
      reads: new Map(),
      writes: new Set(),
      outcome: "aborted",
    };
    this.history.push(entry);
    return entry;
  }

  #two(): [number, number] {
    const one = below(this.#random, RECORDS);
    return [one, (one + 1 + below(this.#random, RECORDS - 1)) % RECORDS];
  }

  #sleep(most: number): Promise<void> {
    const { runtime } = this.#lab;
    return new Promise((resolve) => runtime.setTimer(below(this.#random, most), resolve, true));
  }
}

function keyOf(record: number): Key<Account> {
  return accounts.id(record);
}

/** What became of something that failed; a commit in doubt is asked again until it is known. */
async function outcomeOf(error: unknown): Promise<HistoryEntry["outcome"]> {
  if (error instanceof CommitError) {
    if (error.outcome !== "inDoubt") return error.outcome === "committed" ? "committed" : "aborted";
    return error.commitAgain().then(() => "committed" as const, outcomeOf);
  }
  // In a transaction, a write in doubt is taken back with the rest; outside of one it may have happened.
  return error instanceof AerospikeError && error.inDoubt ? "maybe" : "aborted";
}

async function play(seed: number, disturb: (lab: Lab, random: Random) => () => void): Promise<HistoryEntry[]> {
  await using lab = await Lab.open({ seed, nodes: 3, namespaces: [{ name: "test", strongConsistency: true }] });
  const bank = new Bank(lab);
  const calm = await lab.session();
  await lab.until(Promise.all(keys.map((key) => calm.put(key, { balance: BALANCE, log: [] }))));
  const sessions: Session[] = [];
  for (let i = 0; i < CLIENTS; i++) sessions.push(await lab.session({}, { maxErrorRate: 0 }));
  const lift = disturb(lab, () => lab.runtime.random());
  const workers = sessions.flatMap((session) => Array.from({ length: WORKERS }, () => bank.work(session)));
  await lab.until(Promise.all(workers));
  lift();
  // What clients have left behind the server ends.
  await lab.runtime.advance(12_000);
  const records = await lab.until(Promise.all(keys.map((key) => calm.get(key))));
  expect(
    flawOf(
      bank.history,
      records.map(({ bins }) => bins.log),
    ),
  ).toBeUndefined();
  expect(records.reduce((sum, { bins }) => sum + bins.balance, 0)).toBe(RECORDS * BALANCE);
  return bank.history;
}

function countOf(history: readonly HistoryEntry[], outcome: HistoryEntry["outcome"]): number {
  return history.filter((entry) => entry.outcome === outcome).length;
}

describe("transactions of several clients on the same records", () => {
  it.each(seeds(1, 3))("are as if one came after the other, seed %i", (seed) =>
    withSeed(seed, async () => {
      const history = await play(seed, () => () => undefined);
      expect(countOf(history, "committed")).toBeGreaterThan(CLIENTS * WORKERS);
      expect(countOf(history, "aborted")).toBeGreaterThan(0);
      expect(countOf(history, "maybe")).toBe(0);
    }),
  );

  it.each(seeds(101, 3))("are so where replies are late and lost, seed %i", (seed) =>
    withSeed(seed, async () => {
      const history = await play(seed, (lab, random) => {
        const { faults } = lab.emulator;
        const added = Array.from({ length: 40 }, (_, i) => {
          const command = pick(random, ["read", "write", "operate", "delete", "batch"] as const);
          const skip = below(random, 60);
          const where = { command, skip, times: 1 + below(random, 3) };
          if (i % 4 === 0) return faults.add({ ...where, do: "cut", execute: random() < 0.5 });
          return faults.add({ ...where, do: "delay", ms: below(random, 60) });
        });
        return () => {
          for (const fault of added) fault.lift();
        };
      });
      expect(countOf(history, "committed")).toBeGreaterThan(0);
    }),
  );
});

describe("the judge of histories", () => {
  const entry = (id: number, reads: [number, number[]][], writes: number[]): HistoryEntry => ({
    id,
    reads: new Map(reads),
    writes: new Set(writes),
    outcome: "committed",
  });

  it("accepts what can be put in an order, and nothing else", () => {
    const one = entry(1, [[0, []]], [0]);
    expect(flawOf([one, entry(2, [[0, [1]]], [0, 1])], [[1, 2], [2]])).toBeUndefined();
    // Lost update: both read the record as it was.
    expect(flawOf([one, entry(2, [[0, []]], [0])], [[1, 2]])).toContain("no order of 1,2");
    // Write skew: each read what the other wrote.
    const skewed = [entry(1, [[1, []]], [0]), entry(2, [[0, []]], [1])];
    expect(flawOf(skewed, [[1], [2]])).toContain("no order");
    expect(flawOf([entry(1, [], [0, 1])], [[1], []])).toContain("is in the logs of 0");
    expect(flawOf([entry(1, [[0, [7]]], [])], [[]])).toContain("saw 7");
    expect(flawOf([{ ...one, outcome: "aborted" }], [[1]])).toContain("is aborted");
  });
});
