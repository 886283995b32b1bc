import { checkNamespace, checkSetName } from "../../protocol/check/check-names.js";
import { DIGEST_SIZE } from "../../protocol/key/digest.js";
import { makeKey, makeKeyFromDigest } from "../../protocol/key/make-key.js";
import type { UserKey } from "../../protocol/key/record-key.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { AnyBins, BinsShape } from "./bin-types.js";
import { INSPECT, type Inspect, show } from "./inspect.js";
import { Key } from "./key.js";
import { listOf } from "./list-of.js";

/**
 * A set of a namespace, and the place where keys are made. Nothing is sent: a set comes into being with its first
 * record.
 *
 * @typeParam T the bins of its records. With it, bin names and values are checked by the compiler; without, any go.
 *
 * @example
 * interface User { name: string; age: number; score?: number }
 * const users = DataSet.of<User>("test", "users");
 * await session.put(users.id(1), { name: "Ada", age: 36 });
 */
export class DataSet<T = AnyBins> {
  /** For the compiler alone: keeps data sets of different records apart. */
  declare readonly binTypes?: T;
  readonly namespace: string;
  /** Empty for {@link DataSet.ofNamespace}. */
  readonly setName: string;

  private constructor(namespace: string, setName: string) {
    this.namespace = namespace;
    this.setName = setName;
  }

  /**
   * A set.
   * @param namespace 1 to 31 bytes of UTF-8, without `;` `:` and control characters
   * @param setName 1 to 63 bytes, of the same kind
   * @throws TypeError when a name is none, RangeError when it is too long
   */
  static of<T extends BinsShape<T> = AnyBins>(namespace: string, setName: string): DataSet<T> {
    checkNamespace(namespace);
    if (setName === "") {
      throw new TypeError("The set name is empty; for every record of a namespace there is DataSet.ofNamespace");
    }
    checkSetName(setName);
    return new DataSet<T>(namespace, setName);
  }

  /**
   * Every record of a namespace, whatever its set: for background tasks and truncation, which then spare nothing.
   * Keys made from it are those of records in no set.
   * @throws TypeError when the name is none, RangeError when it is too long
   */
  static ofNamespace<T extends BinsShape<T> = AnyBins>(namespace: string): DataSet<T> {
    checkNamespace(namespace);
    return new DataSet<T>(namespace, "");
  }

  /** Whether it stands for every record of the namespace. */
  get isWholeNamespace(): boolean {
    return this.setName === "";
  }

  /**
   * The key of a record.
   * @param userKey a string, a safe integer, a bigint within int64, or bytes, which are copied. Integers are the same
   *   key as number and as bigint; the string `"1"` and the integer `1` are two.
   * @throws TypeError for a value of another type, RangeError for a bigint beyond int64
   */
  id(userKey: UserKey): Key<T> {
    return new Key<T>(makeKey(this.namespace, this.setName, userKey));
  }

  /**
   * Keys of several records, in the order given.
   * @example users.ids(1, 2, 3)
   * @example users.ids(listOfIds)
   */
  ids(userKeys: readonly UserKey[]): Key<T>[];
  ids(...userKeys: readonly UserKey[]): Key<T>[];
  ids(...userKeys: readonly (UserKey | readonly UserKey[])[]): Key<T>[] {
    return listOf<UserKey>("ids", userKeys).map((userKey) => this.id(userKey));
  }

  /**
   * The key of a record of which only the digest is known. The server can't store a user key through it.
   * @param digest 20 bytes, which are copied, or 40 hexadecimal digits
   */
  idFromDigest(digest: Uint8Array | string): Key<T> {
    const bytes = typeof digest === "string" ? fromHex(digest) : digest;
    return new Key<T>(makeKeyFromDigest(this.namespace, this.setName, bytes));
  }

  /** Keys from several digests, in the order given. */
  idsFromDigests(digests: readonly (Uint8Array | string)[]): Key<T>[];
  idsFromDigests(...digests: readonly (Uint8Array | string)[]): Key<T>[];
  idsFromDigests(...digests: readonly (Uint8Array | string | readonly (Uint8Array | string)[])[]): Key<T>[] {
    return listOf<Uint8Array | string>("idsFromDigests", digests).map((digest) => this.idFromDigest(digest));
  }

  /** Whether both are the same set of the same namespace. */
  equals(other: DataSet<unknown>): boolean {
    return this.namespace === other.namespace && this.setName === other.setName;
  }

  /** `namespace:set` */
  toString(): string {
    return `${this.namespace}:${this.setName}`;
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    return show("DataSet", { namespace: this.namespace, setName: this.setName }, options, inspect);
  }
}

function fromHex(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{40}$/.test(text)) {
    throw new TypeError(
      `The digest is ${describe(text)}: a digest is a Uint8Array of ${DIGEST_SIZE} bytes or ${DIGEST_SIZE * 2} hexadecimal digits`,
    );
  }
  return Uint8Array.from({ length: DIGEST_SIZE }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
