import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordKey } from "../../protocol/key/record-key.js";

/** Items from `start` up to but not including `end`. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a list of items into runs that can each be sent at once: the rows of a batch are worked on in any order, so where
 * one item writes a record that another one of the run is about, a new run begins. Reads of one record may stand together.
 */
export function runsOf(items: readonly { readonly key: RecordKey; readonly operation: RecordOperation }[]): Run[] {
  const runs: Run[] = [];
  let start = 0;
  /** The records of the present run, and whether it writes them. */
  let isWritten = new Map<string, boolean>();
  for (let i = 0; i < items.length; i++) {
    const { key, operation } = items[i]!;
    const record = `${key.namespace}\0${String.fromCharCode(...key.digest)}`;
    const before = isWritten.get(record);
    if (before !== undefined && (before || operation.isWrite)) {
      runs.push({ start, end: i });
      start = i;
      isWritten = new Map();
    }
    isWritten.set(record, operation.isWrite);
  }
  if (start < items.length) runs.push({ start, end: items.length });
  return runs;
}
