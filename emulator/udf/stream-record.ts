import type { BinValue } from "../record/bin-value.js";
import { recordSize } from "../record/record-size.js";
import type { StoredRecord } from "../record/stored-record.js";
import { voidTimeNow } from "../record/void-time.js";
import type { UdfRecord } from "./udf-engine.js";

const EPOCH_MS = 1_262_304_000_000;
/** What `aerospike:create`, `update` and `remove` answer in an aggregation: servers have nothing behind them. */
const NOTHING_DONE = 1;

/** A record of an aggregation's stream: to be read only. */
export class StreamRecord implements UdfRecord {
  readonly isReadOnly = true;
  readonly exists = true;
  readonly #record: StoredRecord;
  readonly #now: number;

  /** @param now milliseconds since 1970 */
  constructor(record: StoredRecord, now: number) {
    this.#record = record;
    this.#now = now;
  }

  get setName(): string {
    return this.#record.setName;
  }

  get digest(): Uint8Array {
    return this.#record.digest.slice();
  }

  get userKey(): BinValue | undefined {
    return this.#record.userKey;
  }

  get generation(): number {
    return this.#record.generation;
  }

  get ttl(): number {
    return Math.max(this.#record.voidTime - voidTimeNow(this.#now), 0);
  }

  get lastUpdate(): number {
    return this.#record.lastUpdate - EPOCH_MS;
  }

  get size(): number {
    return recordSize(this.#record);
  }

  get binNames(): readonly string[] {
    return this.#record.bins.names;
  }

  getBin(name: string): BinValue | undefined {
    return this.#record.bins.get(name);
  }

  setBin(): void {
    // What is assigned in an aggregation is lost.
  }

  setTtl(): void {
    // Nothing is stored.
  }

  dropKey(): void {
    // Nothing is stored.
  }

  create(): number {
    return NOTHING_DONE;
  }

  update(): number {
    return NOTHING_DONE;
  }

  remove(): number {
    return NOTHING_DONE;
  }
}
