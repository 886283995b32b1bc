import { digestKey } from "./digest.js";
import type { StoredRecord } from "./stored-record.js";

/** One of a namespace's 4096 partitions: its records by digest. */
export class Partition {
  readonly id: number;
  readonly #records = new Map<string, StoredRecord>();
  /** Records of each set, empty sets left out. */
  readonly #setCounts = new Map<string, number>();

  constructor(id: number) {
    this.id = id;
  }

  get size(): number {
    return this.#records.size;
  }

  get setCounts(): ReadonlyMap<string, number> {
    return this.#setCounts;
  }

  get(digest: Uint8Array): StoredRecord | undefined {
    return this.#records.get(digestKey(digest));
  }

  put(record: StoredRecord): void {
    const key = digestKey(record.digest);
    const before = this.#records.get(key);
    if (before !== undefined) this.#count(before.setName, -1);
    this.#records.set(key, record);
    this.#count(record.setName, 1);
  }

  delete(digest: Uint8Array): void {
    const key = digestKey(digest);
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#records.delete(key);
    this.#count(record.setName, -1);
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
