// What a chain of calls goes on with: types for the compiler alone. A method of a bin can't name the type of the builder
// that it returns, for that one knows the results of all operations so far, this one's among them. So a method says only
// what it returns, and the builder says in an interface what comes next:
//
//   interface MyNext extends Next {
//     readonly always: MyBuilder<[...Results, this["result"]]>;
//     readonly found: MyBuilder<[...Results, this["result"] | null]>;
//   }

/** What comes after an operation on a bin. */
export interface Next {
  /** What the operation returns, filled in by its method. */
  readonly result: unknown;
  /** The type of the bin that operations inside of its lists and maps begin at. */
  readonly bin: unknown;
  /** The builder after an operation that returns this whether there is such a bin or not. */
  readonly always: unknown;
  /** The builder after an operation that returns nothing, `null`, where there is no such bin. */
  readonly found: unknown;
}

/** The builder after an operation that returns an `X`; `null` is nothing. */
export type Did<C extends Next, X = null> = (C & { readonly result: X })["always"];

/** The builder after an operation that returns an `X` where there is such a bin. */
export type Found<C extends Next, X> = (C & { readonly result: X })["found"];

/** What comes after operations inside of a bin of type `V`. */
export type Inside<C extends Next, V> = C & { readonly bin: V };

/** What an operation on a bin that may be missing returns then. */
export type NoBin<V> = undefined extends V ? null : never;

/** What comes after every operation is the same `P`: of a builder that hears of no results. */
export interface NextIs<P> extends Next {
  readonly always: P;
  readonly found: P;
}
