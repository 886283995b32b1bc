import type { StoredRecord } from "../record/stored-record.js";
import type { ReplyRow } from "./reply.js";

/** What a command on one record comes to, as its reply says it. */
export interface Outcome {
  readonly code: number;
  readonly generation: number;
  readonly voidTime: number;
  readonly rows: readonly ReplyRow[];
}

export const NO_ROWS: readonly ReplyRow[] = [];

/** A reply without rows; with the record's metadata where there is a record to speak of. */
export function outcome(code: number, record?: StoredRecord): Outcome {
  return { code, generation: record?.generation ?? 0, voidTime: record?.voidTime ?? 0, rows: NO_ROWS };
}
