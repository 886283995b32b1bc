import type { BinValue } from "./bin-value.js";

/** What the server knows of a record without reading its bins. */
export interface RecordMetadata {
  readonly namespace: string;
  /** Empty for a record in no set. */
  readonly setName: string;
  readonly digest: Uint8Array;
  /** 0 for a record that is being created. */
  readonly generation: number;
  /** Seconds since 2010-01-01, 0 for never. */
  readonly voidTime: number;
  /** Milliseconds since 1970. */
  readonly lastUpdate: number;
  /** The time of this look at the record, milliseconds since 1970. */
  readonly now: number;
  /** Bytes that the record takes in storage. */
  readonly size: number;
}

/** A record as expressions see it. */
export interface RecordView extends RecordMetadata {
  /** Whether a user key is stored, which is metadata; what it is, is not. */
  readonly isKeyStored: boolean;
  /** The user key, as far as it can be read: particle type and bytes. */
  readonly userKey: BinValue | undefined;
  /** False for the metadata phase of a filter: bins and the key's value then count as not known rather than as missing. */
  readonly hasBins: boolean;
  bin(name: string): BinValue | undefined;
  /** In storage order. */
  binNames(): readonly string[];
}
