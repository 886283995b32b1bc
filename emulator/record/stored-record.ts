import type { BinValue } from "./bin-value.js";
import { Bins } from "./bins.js";

const MAX_GENERATION = 0xffff;

/** What writes change of a record. */
export interface RecordState {
  /** 1 to 65535; 0 until the first write is done. */
  readonly generation: number;
  /** Seconds since 2010-01-01, 0 for never. */
  readonly voidTime: number;
  /** Milliseconds since 1970. */
  readonly lastUpdate: number;
  /** The user key, if it was ever sent: particle type and bytes. */
  readonly userKey: BinValue | undefined;
  readonly bins: Bins;
}

type Changeable = { -readonly [Name in keyof RecordState]: RecordState[Name] };

/** Where records stand, which keeps totals of them. */
interface Totals {
  /** A record was changed where it is. */
  changed(): void;
}

/** A record as the cluster keeps it. */
export class StoredRecord implements RecordState {
  readonly digest: Uint8Array;
  /** Empty for no set. */
  readonly setName: string;
  readonly generation = 0 as number;
  readonly voidTime = 0 as number;
  readonly lastUpdate = 0 as number;
  readonly userKey: BinValue | undefined = undefined;
  readonly bins: Bins = new Bins();
  /** Which of the records of its namespace it is, in the order in which they were made; 0 until the first write is done. */
  serial = 0;

  constructor(digest: Uint8Array, setName: string) {
    this.digest = digest;
    this.setName = setName;
  }

  /**
   * Changes it where it is.
   * @param partition the one that it stands in, or will
   */
  become(state: RecordState, partition: Totals): void {
    change(this, state);
    partition.changed();
  }

  copy(): StoredRecord {
    const copy = new StoredRecord(this.digest, this.setName);
    copy.become({ ...this, bins: this.bins.copy() }, NOWHERE);
    copy.serial = this.serial;
    return copy;
  }
}

function change(record: Changeable, { generation, voidTime, lastUpdate, userKey, bins }: RecordState): void {
  record.generation = generation;
  record.voidTime = voidTime;
  record.lastUpdate = lastUpdate;
  record.userKey = userKey;
  record.bins = bins;
}

/** Where a record stands that is in no partition yet. */
export const NOWHERE: Totals = { changed: () => undefined };

export function nextGeneration(generation: number): number {
  return generation === MAX_GENERATION ? 1 : generation + 1;
}
