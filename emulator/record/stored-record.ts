import type { BinValue } from "./bin-value.js";
import { Bins } from "./bins.js";

const MAX_GENERATION = 0xffff;

/** A record as the cluster keeps it. */
export class StoredRecord {
  readonly digest: Uint8Array;
  /** Empty for no set. */
  readonly setName: string;
  /** 1 to 65535; 0 until the first write is done. */
  generation = 0;
  /** Seconds since 2010-01-01, 0 for never. */
  voidTime = 0;
  /** Milliseconds since 1970. */
  lastUpdate = 0;
  /** The user key, if it was ever sent: particle type and bytes. */
  userKey: BinValue | undefined;
  bins: Bins = new Bins();
  /** Which of the records of its namespace it is, in the order in which they were made; 0 until the first write is done. */
  serial = 0;

  constructor(digest: Uint8Array, setName: string) {
    this.digest = digest;
    this.setName = setName;
  }

  copy(): StoredRecord {
    const copy = new StoredRecord(this.digest, this.setName);
    copy.generation = this.generation;
    copy.voidTime = this.voidTime;
    copy.lastUpdate = this.lastUpdate;
    copy.userKey = this.userKey;
    copy.bins = this.bins.copy();
    copy.serial = this.serial;
    return copy;
  }
}

export function nextGeneration(generation: number): number {
  return generation === MAX_GENERATION ? 1 : generation + 1;
}
