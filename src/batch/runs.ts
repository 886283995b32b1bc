import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { DigestSet } from "../data/digest-set.js";

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
  if (items.length === 0) return [];
  const runs: Run[] = [];
  let start = 0;
  // Most batches only read, and need no look at their records.
  if (items.some(({ operation }) => operation.isWrite)) {
    let records = new RecordsOfRun();
    for (let i = 0; i < items.length; i++) {
      const { key, operation } = items[i]!;
      if (records.add(key, operation.isWrite)) continue;
      runs.push({ start, end: i });
      start = i;
      records = new RecordsOfRun();
      records.add(key, operation.isWrite);
    }
  }
  runs.push({ start, end: items.length });
  return runs;
}

/** The records that one run is about. */
class RecordsOfRun {
  readonly #ofNamespaces = new Map<string, { readonly read: DigestSet; readonly written: DigestSet }>();

  /** Adds a record; false when it can't be in the same run. */
  add({ namespace, digest }: RecordKey, isWrite: boolean): boolean {
    let records = this.#ofNamespaces.get(namespace);
    if (records === undefined) {
      records = { read: new DigestSet(), written: new DigestSet() };
      this.#ofNamespaces.set(namespace, records);
    }
    const { read, written } = records;
    if (isWrite) return written.add(digest) && !read.has(digest);
    if (written.has(digest)) return false;
    read.add(digest);
    return true;
  }
}
