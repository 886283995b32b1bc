import type { RecordKey, UserKey } from "../../protocol/key/record-key.js";
import { compareBytes } from "../../protocol/value/map-key.js";
import type { AnyBins } from "./bin-types.js";
import { INSPECT, type Inspect, show } from "./inspect.js";
import { type JsonValue, jsonValue } from "./json.js";
import type { RecordCodec } from "./record-codec.js";

/** What `JSON.stringify` makes of a {@link Key}. */
export interface KeyJson {
  readonly namespace: string;
  readonly setName: string;
  /** Absent when only the digest is known. */
  readonly userKey: JsonValue | undefined;
  /** 40 hexadecimal digits, as `DataSet.idFromDigest` takes them. */
  readonly digest: string;
}

/**
 * A record's address: namespace, set and the digest of set and user key. Made by a {@link DataSet}; it never changes.
 *
 * @typeParam T the bins of the record's data set
 *
 * @example
 * const key = users.id(1);
 * key.equals(users.idFromDigest(key.digest)); // true
 */
export class Key<T = AnyBins> implements RecordKey {
  /** For the compiler alone: keeps keys of different data sets apart. */
  declare readonly binTypes?: T;
  readonly namespace: string;
  /** Empty for a record in no set. */
  readonly setName: string;
  /** RIPEMD-160 of set and user key: 20 bytes. Don't change them. */
  readonly digest: Uint8Array;
  /** The partition that the record lives in, 0 to 4095. */
  readonly partition: number;
  /** Undefined when the key was made from a digest. */
  readonly userKey: UserKey | undefined;
  /** That of its data set. @internal */
  readonly codec: RecordCodec | undefined;

  /** @internal Made by DataSet, from checked parts. */
  constructor(key: RecordKey, codec?: RecordCodec) {
    this.namespace = key.namespace;
    this.setName = key.setName;
    this.digest = key.digest;
    this.partition = key.partition;
    this.userKey = key.userKey;
    this.codec = codec;
  }

  /** Whether both address the same record: the namespaces and the digests are equal. */
  equals(other: RecordKey): boolean {
    return this.namespace === other.namespace && compareBytes(this.digest, other.digest) === 0;
  }

  /** `namespace:set:user key`, or the digest in hexadecimal when the user key is not known. */
  toString(): string {
    const own =
      this.userKey === undefined || typeof this.userKey === "object"
        ? toHex(this.userKey ?? this.digest)
        : this.userKey;
    return `${this.namespace}:${this.setName}:${own}`;
  }

  /** For `JSON.stringify`: the digest in hexadecimal, a user key of bytes in base64, a large bigint as its digits. */
  toJSON(): KeyJson {
    const { namespace, setName, userKey } = this;
    return { namespace, setName, userKey: jsonValue(userKey), digest: toHex(this.digest) };
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { namespace, setName, userKey } = this;
    return show("Key", { namespace, setName, userKey, digest: toHex(this.digest) }, options, inspect);
  }
}

function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
