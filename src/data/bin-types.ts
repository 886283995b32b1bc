import type { Double } from "../../protocol/value/double.js";
import type { MapKey, Value } from "../../protocol/value/value.js";
import type { AlsoWritten, DeclaredKey, MappedBin, ObjectOf } from "./declared.js";

/** The bins of a data set without a type parameter: any names, any values. */
export interface AnyBins {
  readonly [bin: string]: Value | undefined;
}

/**
 * What the type parameter of a data set must satisfy: each property is of an Aerospike type, all the way down, unless a
 * codec maps it. An interface needs no index signature for it; a property that is a Date, a function or a class does not
 * compile.
 */
export type BinsShape<T> = {
  readonly [K in keyof T]: K extends DeclaredKey | MappedBin<T> ? T[K] : Storable<T[K]>;
};

/** A type as it is when Aerospike can store it; `never` where it can't. */
type Storable<V> = V extends Value | undefined
  ? V
  : V extends ReadonlyMap<infer K, infer E>
    ? ReadonlyMap<K & MapKey, Storable<E>>
    : V extends readonly unknown[] | object
      ? V extends (...args: never) => unknown
        ? never
        : { readonly [K in keyof V]: Storable<V[K]> }
      : never;

/** Names of the bins whose values Aerospike can't store as they are. */
export type UnstorableBin<T> = {
  [K in keyof T]-?: [T[K]] extends [Storable<T[K]>] ? never : K;
}[keyof T] &
  string;

/** Names of the bins that can hold a number. */
export type NumberBin<T> = {
  [K in keyof T]-?: [Extract<T[K], number | Double>] extends [never] ? never : K;
}[keyof T] &
  string;

/** Names of the bins of a data set. */
export type BinName<T> = keyof T & string;

/** What may be written to a bin whose values are of type `V`. */
export type BinInput<V> = Exclude<V, undefined> | (number extends V ? Double | bigint : never) | Removal<V>;

/** `null` removes a bin; a bin that every record has can't be removed. */
type Removal<V> = undefined extends V ? null : never;

/** What may be written to the bin `K` of a data set. */
export type BinInputOf<T, K extends keyof T> = BinInput<T[K]> | BinInput<AlsoWritten<T, K>>;

/**
 * A record's bins, all or some of them, as they are written whole; what is absent or undefined is left alone. Where records
 * are mapped to objects, also such an object.
 */
export type BinsInput<T> = { readonly [K in keyof T]?: BinInputOf<T, K> | undefined } | ObjectOf<T>;
