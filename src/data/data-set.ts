import { checkNamespace, checkSetName } from "../../protocol/check/check-names.js";
import { DIGEST_SIZE } from "../../protocol/key/digest.js";
import { makeKey, makeKeyFromDigest } from "../../protocol/key/make-key.js";
import type { UserKey } from "../../protocol/key/record-key.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { AnyBins, BinsInput, BinsShape, NumberBin, UnstorableBin } from "./bin-types.js";
import { type CodecOptions, codecOf, type DoublesOption, type ObjectMapper } from "./data-set-options.js";
import type { BinDeclarations, Declared, DeclaredBins, SchemaBins } from "./declared.js";
import { INSPECT, type Inspect, show } from "./inspect.js";
import { Key } from "./key.js";
import { listOf } from "./list-of.js";
import type { RecordCodec } from "./record-codec.js";
import type { StandardSchema } from "./standard-schema.js";

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
  /** What records become on their way to the server and back; undefined when they stay as they are. @internal */
  readonly codec: RecordCodec | undefined;

  private constructor(namespace: string, setName: string, codec?: RecordCodec) {
    this.namespace = namespace;
    this.setName = setName;
    this.codec = codec;
  }

  /**
   * A set.
   * @param namespace 1 to 31 bytes of UTF-8, without `;` `:` and control characters
   * @param setName 1 to 63 bytes, of the same kind
   * @param options.doubles bins whose numbers are stored as DOUBLE
   * @throws TypeError when a name is none, RangeError when it is too long
   */
  static of<T extends BinsShape<T> = AnyBins>(
    namespace: string,
    setName: string,
    options?: DoublesOption<NumberBin<T>>,
  ): DataSet<T>;
  /**
   * A set whose type parameter has values that Aerospike can't store, with a codec for each of them.
   * @example
   * interface Visit { page: string; at: Date }
   * const visits = DataSet.of<Visit>("test", "visits", { bins: { at: dateAsMilliseconds } });
   */
  static of<T = never, O = never>(
    namespace: string,
    setName: string,
    options: CodecOptions<NoInfer<T>> & {
      readonly object?: ObjectMapper<O, NoInfer<T>, BinsInput<NoInfer<T>>> | undefined;
    },
  ): DataSet<T & Declared<object, UnstorableBin<T>, O>>;
  /**
   * A set whose records are read and written as objects of a class.
   * @typeParam T the bins, as `fromBins` takes them
   * @typeParam O the objects
   * @example
   * const points = DataSet.of("test", "points", {
   *   object: {
   *     class: Point,
   *     toBins: ({ x, y }) => ({ x, y }),
   *     fromBins: ({ x, y }: { x: number; y: number }) => new Point(x, y),
   *   },
   * });
   * await session.put(points.id(1), new Point(3, 4));
   * const length = (await session.get(points.id(1))).toObject().length();
   */
  static of<T extends BinsShape<T>, O>(
    namespace: string,
    setName: string,
    options: DoublesOption<NumberBin<T>> & {
      readonly object: ObjectMapper<O, T, BinsInput<T>>;
      readonly bins?: undefined;
    },
  ): DataSet<T & Declared<object, never, O>>;
  /**
   * A set whose whole records a schema describes. It looks at whole records: at what `put` is given, and at records that
   * are read with all bins; nothing looks at single bins.
   * @param options.schema of an object of bins
   * @param options.bins how values of some bins are stored: on the server's side of the schema
   * @example
   * const users = DataSet.of("test", "users", { schema: z.object({ name: z.string(), age: z.int().optional() }) });
   */
  static of<S extends StandardSchema<object>, const D extends BinDeclarations = Record<never, never>, O = never>(
    namespace: string,
    setName: string,
    options: DoublesOption<NumberBin<SchemaBins<S, D>>> & {
      readonly schema: S;
      readonly bins?: D | undefined;
      readonly object?: ObjectMapper<O, SchemaBins<S, D>, BinsInput<SchemaBins<S, D>>> | undefined;
    },
  ): DataSet<SchemaBins<S, D, O>>;
  /**
   * A set whose bins a schema or a codec each describe: their types are those of the schemas, what they take when
   * writing and what they give when reading. Schemas are those of any library that follows Standard Schema (zod, Valibot,
   * ArkType…), and have to be synchronous. Bins that are not declared are no bins of the type.
   * @param options.bins a schema for each bin, or how its values are stored (see {@link BinCodec})
   * @param options.doubles bins whose numbers are stored as DOUBLE
   * @param options.object a class whose objects records are read and written as
   * @throws TypeError or RangeError for wrong names and options
   * @example
   * const users = DataSet.of("test", "users", { bins: { name: z.string().min(1), created: dateAsMilliseconds } });
   */
  static of<const D extends BinDeclarations, O = never>(
    namespace: string,
    setName: string,
    options: DoublesOption<NumberBin<DeclaredBins<D>>> & {
      readonly bins: D;
      readonly schema?: undefined;
      readonly object?: ObjectMapper<O, DeclaredBins<D>, BinsInput<DeclaredBins<D>>> | undefined;
    },
  ): DataSet<DeclaredBins<D, O>>;
  static of(namespace: string, setName: string, options?: object): DataSet<never> {
    checkNamespace(namespace);
    if (setName === "") {
      throw new TypeError("The set name is empty; for every record of a namespace there is DataSet.ofNamespace");
    }
    checkSetName(setName);
    return new DataSet<never>(namespace, setName, options && codecOf(options));
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
    return new Key<T>(makeKey(this.namespace, this.setName, userKey), this.codec);
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
    return new Key<T>(makeKeyFromDigest(this.namespace, this.setName, bytes), this.codec);
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
