import { compareBytes } from "../../protocol/value/map-key.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Partition } from "../record/partition.js";
import type { StoredRecord } from "../record/stored-record.js";
import { StoredRecordView } from "../record/views.js";
import type { IndexKey, IndexRange } from "./index-range.js";
import { type ValueFinder, valueFinder } from "./indexed-values.js";
import type { SecondaryIndex } from "./secondary-indexes.js";

/** A record that a search found, under the key it was found by. */
export interface IndexHit {
  readonly record: StoredRecord;
  readonly key: IndexKey;
}

/** Where a search goes on: strictly behind this place in the index's order. */
export interface IndexResume {
  readonly key: IndexKey;
  readonly digest: Uint8Array;
}

/** A range of an index, searched partition by partition. */
export class IndexSearch {
  readonly index: SecondaryIndex;
  readonly #range: IndexRange;
  readonly #find: ValueFinder;
  readonly #namespace: string;

  constructor(namespace: string, index: SecondaryIndex, range: IndexRange) {
    this.index = index;
    this.#namespace = namespace;
    this.#range = range;
    this.#find = valueFinder(index.definition);
  }

  /** The hits in a partition: by key, then by digest. A record that matches more than once comes once, under its least key. */
  hits(partition: Partition, now: number, resume?: IndexResume): IndexHit[] {
    const hits: IndexHit[] = [];
    const after = resume && { ...resume, key: this.#keyOf(resume.key) };
    for (const record of partition.records()) {
      let least: IndexKey | undefined;
      for (const key of this.#keys(record, now)) {
        if (after !== undefined && !isBehind(after, key, record.digest)) continue;
        if (least === undefined || key < least) least = key;
      }
      if (least !== undefined) hits.push({ record, key: least });
    }
    return hits.sort((a, b) =>
      a.key < b.key ? -1 : a.key > b.key ? 1 : compareBytes(a.record.digest, b.record.digest),
    );
  }

  /** Whether a record that was found is what was asked for, and still is. */
  isHit(record: StoredRecord, now: number): boolean {
    return this.#values(record, now).some((value) => this.#range.holds(value));
  }

  /** A key as clients name it, a signed number, as it is in this index. */
  #keyOf(named: bigint): IndexKey {
    return this.#range.valueType === ParticleType.GEOJSON ? BigInt.asUintN(64, named) : named;
  }

  #keys(record: StoredRecord, now: number): IndexKey[] {
    const keys: IndexKey[] = [];
    for (const value of this.#values(record, now)) {
      const key = this.#range.keyOf(value);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  /** What the index looks at in a record. */
  #values(record: StoredRecord, now: number): readonly Uint8Array[] {
    const { setName, valueType } = this.index.definition;
    if (setName !== "" && record.setName !== setName) return [];
    // The range may be of another type than the index when the index was given by name: then nothing matches.
    if (this.#range.valueType !== valueType) return [];
    return this.#find(new StoredRecordView(this.#namespace, record, now, true));
  }
}

function isBehind(resume: IndexResume, key: IndexKey, digest: Uint8Array): boolean {
  if (key !== resume.key) return key > resume.key;
  return compareBytes(digest, resume.digest) > 0;
}
