import type { RecordKey } from "../../protocol/key/record-key.js";
import { ResultCode } from "../../protocol/result-code.js";

/** A record that a transaction has to do with. */
interface TxnRecord {
  readonly key: RecordKey;
  /** As it was read; undefined when it was not read, or was written since. */
  version: bigint | undefined;
  /** Whether the transaction has written it, or may have. */
  isWritten: boolean;
}

/** A record that was read, and as what. */
export interface TxnRead {
  readonly key: RecordKey;
  readonly version: bigint;
}

/** The records that a transaction has read and written: what its end is about. */
export class TxnRecords {
  readonly #records = new Map<string, TxnRecord>();
  #hasDoubt = false;

  /** Whether a write of it may still happen, or have happened, without a reply. */
  get hasDoubt(): boolean {
    return this.#hasDoubt;
  }

  versionOf(key: RecordKey): bigint | undefined {
    return this.#records.get(nameOf(key.digest))?.version;
  }

  /** Takes what a reply says of a record. A write that was refused has seen the record as a read does. */
  onReply(key: RecordKey, isWrite: boolean, resultCode: number, version: bigint | undefined): void {
    const isDone = isWrite && version === undefined && resultCode === ResultCode.OK;
    if (!isDone && version === undefined) return;
    const record = this.#of(key);
    if (isDone) {
      record.isWritten = true;
      record.version = undefined;
    } else if (!record.isWritten) {
      // The first one stays: if another read has met another version, the commit must fail.
      record.version ??= version;
    }
  }

  /** A write whose reply is missing: it counts as written, for whatever it has locked has to be unlocked. */
  onDoubt(key: RecordKey): void {
    this.#hasDoubt = true;
    const record = this.#of(key);
    record.isWritten = true;
    record.version = undefined;
  }

  get reads(): readonly TxnRead[] {
    const reads: TxnRead[] = [];
    for (const { key, version } of this.#records.values()) if (version !== undefined) reads.push({ key, version });
    return reads;
  }

  get writes(): readonly RecordKey[] {
    const writes: RecordKey[] = [];
    for (const { key, isWritten } of this.#records.values()) if (isWritten) writes.push(key);
    return writes;
  }

  #of(key: RecordKey): TxnRecord {
    const name = nameOf(key.digest);
    let record = this.#records.get(name);
    if (record === undefined) {
      record = { key, version: undefined, isWritten: false };
      this.#records.set(name, record);
    }
    return record;
  }
}

/** Digests as keys of a Map. */
export function nameOf(digest: Uint8Array): string {
  return String.fromCharCode(...digest);
}
