import type { Runtime } from "../../../runtime/runtime.js";
import {
  AerospikeError,
  CommitError,
  DataSet,
  type Key,
  type Session,
  type TransactionalSession,
} from "../../../src/index.js";
import { below, type Random } from "./chance.js";
import { flawOf, type HistoryEntry } from "./serial-history.js";

interface Account {
  balance: number;
  log: number[];
}

const accounts = DataSet.of<Account>("test", "accounts");
/** How many accounts there are. */
export const RECORDS = 5;
/** Their keys. */
export const keys = accounts.ids(Array.from({ length: RECORDS }, (_, id) => id));
/** What each holds at first. */
export const BALANCE = 100;

/**
 * Transactions of random commands on few records. Each puts its number into the logs of the records that it writes, so
 * that the logs tell afterwards what happened in which order.
 */
export class Bank {
  readonly #runtime: Runtime;
  readonly #random: Random;
  readonly history: HistoryEntry[] = [];
  #flawSeen: string | undefined;

  constructor(runtime: Runtime, random: Random = () => runtime.random()) {
    this.#runtime = runtime;
    this.#random = random;
  }

  /** Opens the accounts. */
  async open(session: Session): Promise<void> {
    await Promise.all(keys.map((key) => session.put(key, { balance: BALANCE, log: [] })));
  }

  /** What is wrong with what happened, read while nothing does; undefined where nothing is. */
  async flaw(session: Session): Promise<string | undefined> {
    const records = await Promise.all(keys.map((key) => session.get(key)));
    const sum = records.reduce((total, { bins }) => total + bins.balance, 0);
    if (sum !== RECORDS * BALANCE) return `all accounts hold ${sum} in place of ${RECORDS * BALANCE}`;
    const logs = records.map(({ bins }) => bins.log);
    return this.#flawSeen ?? flawOf(this.history, logs);
  }

  async work(session: Session, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
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
    if (entry.outcome === "committed" && sum !== RECORDS * BALANCE) this.#flawSeen ??= `${entry.id} saw ${sum} in all`;
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
    return new Promise((resolve) => void this.#runtime.setTimer(below(this.#random, most), resolve, true));
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
