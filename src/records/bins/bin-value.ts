import type { Double } from "../../../protocol/value/double.js";

/** `A` when a bin whose values are of type `V` can hold one of type `T`, else nothing at all. */
type IfHolds<V, T, A> = [Extract<V, T>] extends [never] ? never : A;

/** What can be added to a bin: a number, when its values are numbers. */
export type Amount<V> = IfHolds<V, number | bigint | Double, number | bigint | Double>;

/** What can be appended to a bin: text to text, bytes to bytes. */
export type Extension<V> = IfHolds<V, string, string> | IfHolds<V, Uint8Array, Uint8Array>;

/** Type of the elements of the lists in a bin; nothing when its values are no lists. */
type ElementOf<V> = [Extract<V, readonly unknown[]>] extends [never]
  ? never
  : Extract<V, readonly unknown[]> extends readonly (infer E)[]
    ? E
    : never;

/** What can be put into the lists of a bin: one of their elements, a number in any of its forms. */
export type ElementInput<V> = ElementOf<V> | (number extends ElementOf<V> ? Double | bigint : never);
