import type { RecordView } from "../record/record-view.js";
import type { Expression } from "./expression.js";

/** What a filter makes of a record, told apart as jobs count it. */
export type FilterVerdict = "keep" | "filtered by metadata" | "filtered by bins";

/** Runs a filter as the server does: on the metadata alone first, on the bins only if that leaves it open. */
export function filterRecord(filter: Expression, record: RecordView): FilterVerdict {
  const verdict = filterMetadata(filter, record);
  if (verdict !== undefined) return verdict ? "keep" : "filtered by metadata";
  return filter.test(record) === true ? "keep" : "filtered by bins";
}

/** The verdict that needs no bins; undefined when the bins decide. */
export function filterMetadata(filter: Expression, record: RecordView): boolean | undefined {
  return filter.test(record.hasBins ? new MetadataOnly(record) : record);
}

class MetadataOnly implements RecordView {
  readonly #record: RecordView;
  readonly hasBins = false;

  constructor(record: RecordView) {
    this.#record = record;
  }

  get namespace() {
    return this.#record.namespace;
  }
  get setName() {
    return this.#record.setName;
  }
  get digest() {
    return this.#record.digest;
  }
  get generation() {
    return this.#record.generation;
  }
  get voidTime() {
    return this.#record.voidTime;
  }
  get lastUpdate() {
    return this.#record.lastUpdate;
  }
  get now() {
    return this.#record.now;
  }
  get size() {
    return this.#record.size;
  }
  get userKey() {
    return this.#record.userKey;
  }
  bin(): undefined {
    return undefined;
  }
  binNames(): readonly string[] {
    return [];
  }
}
