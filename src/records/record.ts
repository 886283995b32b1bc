import type { AnyBins } from "../data/bin-types.js";
import type { ObjectOf } from "../data/declared.js";
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

/** A record that was read with all its bins. */
interface WholeRecord<T> {
  readonly key: Key<T>;
  readonly bins: NoInfer<T>;
}

/** Nothing where the data set declares a class of objects, and otherwise what the compiler says. */
type HasObject<T> = [ObjectOf<T>] extends [never]
  ? { readonly "its data set declares no class of objects": never }
  : unknown;

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
   * The record as an object of the class that its data set declares; of a record that was read with all its bins.
   * @throws SchemaError with what `fromBins` threw; TypeError when the data set declares no class
   * @example const user = (await session.get(users.id(1))).toObject();
   */
  toObject<X>(this: WholeRecord<X> & HasObject<X>): ObjectOf<X>;
  toObject<X>(this: WholeRecord<X>): unknown {
    const { codec } = this.key;
    if (codec === undefined) throw new TypeError("toObject: the data set of the record declares no class of objects");
    return codec.toObject(this.bins, this.key);
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
