import type { AnyBins } from "../data/bin-types.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { type JsonValue, jsonValue } from "../data/json.js";
import type { Key, KeyJson } from "../data/key.js";

/** What `JSON.stringify` makes of a {@link Record}. */
export interface RecordJson {
  readonly key: KeyJson;
  readonly bins: JsonValue | undefined;
  readonly generation: number;
  readonly ttl: number;
}

/**
 * A record as it was when the server replied.
 *
 * @typeParam T the bins of its data set
 * @typeParam B the bins that were asked for
 */
export class Record<T = AnyBins, B = T> {
  readonly key: Key<T>;
  /** Values by bin name; a bin that the record does not have is absent. */
  readonly bins: B;
  /** Raised by every write: 1 to 65535, then 1 again; 0 after a write that deleted the record. */
  readonly generation: number;
  /** Seconds that it had left to live; -1 when it never expires. */
  readonly ttl: number;

  /** @internal Made by reads and writes. */
  constructor(key: Key<T>, bins: B, generation: number, ttl: number) {
    this.key = key;
    this.bins = bins;
    this.generation = generation;
    this.ttl = ttl;
  }

  /**
   * For `JSON.stringify`: bytes are base64, a bigint beyond the safe integers is its digits in a string, a Map is an
   * object, or pairs of key and value when some key is no string.
   */
  toJSON(): RecordJson {
    const { key, generation, ttl } = this;
    return { key: key.toJSON(), bins: jsonValue(this.bins), generation, ttl };
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { key, bins, generation, ttl } = this;
    return show("Record", { key: `${key}`, bins, generation, ttl }, options, inspect);
  }
}
