import type { AnyBins } from "../data/bin-types.js";
import type { Key } from "../data/key.js";

/**
 * A record as it was when the server answered.
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
}
