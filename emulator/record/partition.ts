import { digestKey } from "./digest.js";
import { recordSize } from "./record-size.js";
import type { StoredRecord } from "./stored-record.js";

/** What a transaction has written to a record, and only that transaction sees. */
export interface Provisional {
  readonly id: bigint;
  /** Undefined when it has deleted the record. */
  readonly record: StoredRecord | undefined;
}

/** What the records of a partition come to. */
export interface PartitionTotals {
  readonly bytes: number;
  /** Records that never expire. */
  readonly nonExpirable: number;
}

/** One of a namespace's 4096 partitions: its records by digest. */
export class Partition {
  readonly id: number;
  readonly #records = new Map<string, StoredRecord>();
  /** Records of each set, empty sets left out. */
  readonly #setCounts = new Map<string, number>();
  /** By digest, what transactions have written: the records themselves stay as they were. */
  readonly #locked = new Map<string, Provisional>();
  /** Undefined when something changed since they were last asked for. */
  #totals: PartitionTotals | undefined;

  constructor(id: number) {
    this.id = id;
  }

  get size(): number {
    return this.#records.size;
  }

  get setCounts(): ReadonlyMap<string, number> {
    return this.#setCounts;
  }

  /** Counted when they are asked for: clients may ask for statistics before every command. */
  get totals(): PartitionTotals {
    this.#totals ??= totalsOf(this.#records.values());
    return this.#totals;
  }

  /** A record was changed where it is: called by {@link StoredRecord.become}, the only way to do that. */
  changed(): void {
    this.#totals = undefined;
  }

  get(digest: Uint8Array): StoredRecord | undefined {
    return this.#records.get(digestKey(digest));
  }

  /**
   * Stores a record. Where it is what has become of the one that is stored, that one changes, so that a query which has
   * yet to come to it still finds it.
   */
  put(record: StoredRecord): void {
    const key = digestKey(record.digest);
    const before = this.#records.get(key);
    if (before?.serial === record.serial) {
      before.become(record, this);
      return;
    }
    if (before !== undefined) this.#count(before.setName, -1);
    this.#records.set(key, record);
    this.changed();
    this.#count(record.setName, 1);
  }

  delete(digest: Uint8Array): void {
    const key = digestKey(digest);
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    this.changed();
    this.#count(record.setName, -1);
  }

  /** Forgets all records, and what transactions have written. */
  clear(): void {
    this.#records.clear();
    this.changed();
    this.#setCounts.clear();
    this.#locked.clear();
  }

  /** Records that transactions have locked. */
  get lockedCount(): number {
    return this.#locked.size;
  }

  locked(digest: Uint8Array): Provisional | undefined {
    return this.#locked.size === 0 ? undefined : this.#locked.get(digestKey(digest));
  }

  lock(digest: Uint8Array, provisional: Provisional): void {
    this.#locked.set(digestKey(digest), provisional);
  }

  /** Makes what a transaction wrote the record, or forgets it; nothing when it has not written this one. */
  roll(digest: Uint8Array, id: bigint, direction: "forward" | "back"): void {
    const key = digestKey(digest);
    const locked = this.#locked.get(key);
    if (locked?.id !== id) return;
    this.#locked.delete(key);
    if (direction === "back") return;
    if (locked.record === undefined) this.delete(digest);
    else this.put(locked.record);
  }

  /** The same for all that the transaction wrote here. */
  rollAll(id: bigint, direction: "forward" | "back"): void {
    for (const [key, locked] of [...this.#locked]) {
      if (locked.id === id)
        this.roll(
          Uint8Array.from(key, (char) => char.charCodeAt(0)),
          id,
          direction,
        );
    }
  }

  records(): IterableIterator<StoredRecord> {
    return this.#records.values();
  }

  /** In the order of the primary index: from the greatest digest down. */
  inIndexOrder(): StoredRecord[] {
    const entries = [...this.#records];
    entries.sort((a, b) => (a[0] < b[0] ? 1 : -1));
    return entries.map((entry) => entry[1]);
  }

  #count(setName: string, change: number): void {
    const count = (this.#setCounts.get(setName) ?? 0) + change;
    if (count === 0) this.#setCounts.delete(setName);
    else this.#setCounts.set(setName, count);
  }
}

function totalsOf(records: Iterable<StoredRecord>): PartitionTotals {
  let bytes = 0;
  let nonExpirable = 0;
  for (const record of records) {
    bytes += recordSize(record);
    if (record.voidTime === 0) nonExpirable++;
  }
  return { bytes, nonExpirable };
}
