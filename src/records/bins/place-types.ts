import type { Double } from "../../../protocol/value/double.js";
import type { GeoJson } from "../../../protocol/value/geojson.js";
import type { Hll } from "../../../protocol/value/hll.js";
import type { SearchValue } from "../../../protocol/value/pack.js";
import type { INFINITY, Special } from "../../../protocol/value/special.js";
import type { MapKey, Value } from "../../../protocol/value/value.js";

// What the declared type of a bin says about the operations on it. `V` is the type of a bin or of a place inside of it,
// undefined in it where there may be none; `E` of the elements of its lists, `M` of its maps.

/** Numbers in any of their forms. */
export type Numeric = number | bigint | Double;
type Scalar = undefined | null | boolean | string | Uint8Array | Numeric | GeoJson | Hll;

/** `F` where values of type `V` can be of type `T`; else what adds nothing. */
export type IfCanBe<V, T, F> = [Extract<V, T>] extends [never] ? unknown : F;

/** `F` where there can be lists. */
export type IfList<V, F> = [ListsIn<V>] extends [never] ? unknown : F;

/** `F` where there can be maps. */
export type IfMap<V, F> = [MapsIn<V>] extends [never] ? unknown : F;

/** `F` where there can be lists or maps. */
export type IfContainer<V, F> = [ListsIn<V> | MapsIn<V>] extends [never] ? unknown : F;

type ListsIn<V> = Extract<V, readonly unknown[]>;

/** What of a type are maps: Maps and plain objects. */
export type MapsIn<V> = Exclude<V, Scalar | readonly unknown[]>;

/** Type of the elements of lists. */
export type ElementOf<V> = V extends readonly (infer E)[] ? E : never;

/** Type of the keys of maps. */
export type KeyOf<M> = M extends ReadonlyMap<infer K extends MapKey, unknown> ? K : keyof M & string;

/** Type of what maps have under a key; undefined in it where they may have nothing. */
export type EntryOf<M, K> =
  M extends ReadonlyMap<unknown, infer E>
    ? E | undefined
    : K extends keyof M
      ? M[K] | (string extends keyof M ? undefined : never)
      : never;

/** Type of whatever maps have under their keys. */
export type ValueOf<M> = M extends ReadonlyMap<unknown, infer E> ? E : Exclude<M[keyof M], undefined>;

/** Type of what is inside of lists and maps. */
export type ChildOf<V> = ElementOf<V> | ValueOf<MapsIn<V>>;

/** The keys under which maps have what is inside of them; never for lists. */
export type ChildKeyOf<V> = [MapsIn<V>] extends [never] ? never : KeyOf<MapsIn<V>>;

/** The keys of maps under which there are numbers. */
export type NumberKeyOf<M> =
  M extends ReadonlyMap<infer K extends MapKey, infer E>
    ? IfNever<Extract<E, Numeric>, never, K>
    : { [K in keyof M & string]-?: IfNever<Extract<M[K], Numeric>, never, K> }[keyof M & string];

type IfNever<T, Yes, No> = [T] extends [never] ? Yes : No;

/** What is read of a place: `null` where there may be nothing. */
export type Read<V> = Exclude<V, undefined> | (undefined extends V ? null : never);

/** What can be stored at a place inside of a list or map; numbers in any of their forms. */
export type Stored<V> = Exclude<V, undefined> | (number extends V ? Double | bigint : never);

/** The numbers that are read of values of type `V`. */
export type NumberIn<V> = Extract<V, number | bigint>;

/** What can be added to numbers of type `V`. */
export type Amount<V> = IfNever<Extract<V, Numeric>, never, Numeric>;

/** What can be appended to values of type `V`: text to text, bytes to bytes. */
export type Extension<V> =
  | IfNever<Extract<V, string>, never, string>
  | IfNever<Extract<V, Uint8Array>, never, Uint8Array>;

/** A value to look for among those of type `E`. */
export type Sought<E> = E extends Scalar ? Stored<E> | Special | null : SearchValue;

/** An end of a range of keys: of the kind that keys are of; `null` leaves it open. */
export type KeyBoundOf<K> = KindOf<K> | typeof INFINITY | null;

/** A key of the kind that keys are of. */
export type KindOf<K> =
  | IfNever<Extract<K, string>, never, string>
  | IfNever<Extract<K, number | bigint>, never, number | bigint>
  | IfNever<Extract<K, Uint8Array>, never, Uint8Array>;

/** Entries for maps: a Map, a plain object, or pairs. */
export type ItemsOf<M> =
  M extends ReadonlyMap<infer K extends MapKey, infer E>
    ? ReadonlyMap<K, Stored<E>> | Pairs<K, Stored<E>> | (string extends K ? ObjectOf<Stored<E>> : never)
    : { readonly [K in keyof M]?: Stored<M[K]> | undefined } | Pairs<keyof M & string, Stored<ValueOf<M>>>;

type Pairs<K, E> = readonly (readonly [K, E])[];
type ObjectOf<E> = { readonly [key: string]: E | undefined };

/** What is read of some entries of maps. */
export type SomeOf<M> = M extends ReadonlyMap<unknown, unknown> ? M : { [K in keyof M]?: M[K] };

/** What is read of maps as a Map. */
export type MapOf<M> = Map<KeyOf<M>, ValueOf<M>>;

/** A list or map of which places are left out, at any depth. */
export type TreeOf<V> = Value extends V
  ? V
  : V extends readonly (infer E)[]
    ? TreeOf<E>[]
    : V extends Scalar
      ? V
      : V extends ReadonlyMap<infer K, infer E>
        ? Map<K, TreeOf<E>>
        : { [K in keyof V]?: TreeOf<V[K]> };
