import type { BinValue } from "./bin-value.js";
import type { Bins } from "./bins.js";
import { recordSize } from "./record-size.js";
import type { RecordMetadata, RecordView } from "./record-view.js";
import type { StoredRecord } from "./stored-record.js";

const NO_NAMES: readonly string[] = [];

/** A stored record as a filter sees it, with its bins or, for the metadata phase, without. */
export class StoredRecordView implements RecordView {
  readonly namespace: string;
  readonly now: number;
  readonly hasBins: boolean;
  readonly #record: StoredRecord;

  constructor(namespace: string, record: StoredRecord, now: number, hasBins: boolean) {
    this.namespace = namespace;
    this.now = now;
    this.hasBins = hasBins;
    this.#record = record;
  }

  get setName(): string {
    return this.#record.setName;
  }

  get digest(): Uint8Array {
    return this.#record.digest;
  }

  get generation(): number {
    return this.#record.generation;
  }

  get voidTime(): number {
    return this.#record.voidTime;
  }

  get lastUpdate(): number {
    return this.#record.lastUpdate;
  }

  get size(): number {
    return recordSize(this.#record);
  }

  get isKeyStored(): boolean {
    return this.#record.userKey !== undefined;
  }

  get userKey(): BinValue | undefined {
    return this.#record.userKey;
  }

  bin(name: string): BinValue | undefined {
    return this.hasBins ? this.#record.bins.get(name) : undefined;
  }

  binNames(): readonly string[] {
    return this.hasBins ? this.#record.bins.names : NO_NAMES;
  }
}

/** A record in the middle of a write: the metadata that it will have, and the bins as they stand. */
export class WorkingView implements RecordView {
  readonly hasBins = true;
  readonly namespace: string;
  readonly setName: string;
  readonly digest: Uint8Array;
  readonly generation: number;
  readonly voidTime: number;
  readonly lastUpdate: number;
  readonly now: number;
  readonly size: number;
  readonly isKeyStored: boolean;
  readonly userKey: BinValue | undefined;
  readonly #bins: Bins;

  /**
   * @param existing the record that is changed; a key that comes with the write is not stored yet
   * @param isReplace whether nothing of it is read
   */
  constructor(metadata: RecordMetadata, existing: StoredRecord | undefined, isReplace: boolean, bins: Bins) {
    this.namespace = metadata.namespace;
    this.setName = metadata.setName;
    this.digest = metadata.digest;
    this.generation = metadata.generation;
    this.voidTime = metadata.voidTime;
    this.lastUpdate = metadata.lastUpdate;
    this.now = metadata.now;
    this.size = metadata.size;
    this.isKeyStored = existing?.userKey !== undefined;
    this.userKey = isReplace ? undefined : existing?.userKey;
    this.#bins = bins;
  }

  bin(name: string): BinValue | undefined {
    return this.#bins.get(name);
  }

  binNames(): readonly string[] {
    return this.#bins.names;
  }
}
