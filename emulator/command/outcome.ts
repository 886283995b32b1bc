import type { BinValue } from "../record/bin-value.js";
import type { StoredRecord } from "../record/stored-record.js";

/** A row of a reply: the op that it is the result of, and the value. */
export interface ReplyRow {
  readonly code: number;
  readonly nameBytes: Uint8Array;
  readonly value: BinValue | null;
  /** A value from inside a collection or from a UDF: GeoJSON then comes without its cells. */
  readonly isLoose: boolean;
}

/** What a command on one record comes to, as its reply says it. */
export interface Outcome {
  readonly code: number;
  readonly generation: number;
  readonly voidTime: number;
  readonly rows: readonly ReplyRow[];
  /** Within a transaction, the version of the record that was seen. */
  readonly version?: bigint;
  /** Of the transaction that was begun, seconds since 2010-01-01. */
  readonly deadline?: number;
}

export const NO_ROWS: readonly ReplyRow[] = [];

/** A reply without rows; with the record's metadata where there is a record to speak of. */
export function outcome(code: number, record?: StoredRecord): Outcome {
  return { code, generation: record?.generation ?? 0, voidTime: record?.voidTime ?? 0, rows: NO_ROWS };
}
