import type { Value } from "../../protocol/value/value.js";
import type { AnyBinCodec } from "./bin-codec.js";
import type { SchemaInput, SchemaOutput, StandardSchema } from "./standard-schema.js";

// What the compiler knows of a data set besides how its bins are read. It travels in the type parameter `T` of data set,
// keys and builders, as a property that no record has: so code over any `T` knows it without a parameter of its own.

declare const DECLARED: unique symbol;

/**
 * What a data set's options say of its bins, for the compiler alone.
 *
 * @typeParam W what is written to bins, by name, where that is more than what is read of them
 * @typeParam M names of the bins that a codec maps
 * @typeParam O the objects that records are mapped to
 */
export interface Declared<W = object, M extends string = never, O = never> {
  readonly [DECLARED]?: { readonly written: W; readonly mapped: M; readonly object: O };
}

/** The name of the property that is none. */
export type DeclaredKey = typeof DECLARED;

type DeclarationOf<T> = DeclaredKey extends keyof T ? Exclude<T[DeclaredKey], undefined> : never;

/** What may be written to a bin besides what is read of it; never where nothing was declared. */
export type AlsoWritten<T, K> = [DeclarationOf<T>] extends [never]
  ? never
  : DeclarationOf<T> extends { readonly written: infer W }
    ? K extends keyof W
      ? W[K]
      : never
    : never;

/** Names of the bins whose values a codec maps: operations on what is inside of them make no sense. */
export type MappedBin<T> = [DeclarationOf<T>] extends [never]
  ? never
  : DeclarationOf<T> extends { readonly mapped: infer M }
    ? M
    : never;

/** What a data set declares of a bin besides its type; never for nothing. */
export type BinDeclaredIn<T, K extends keyof T> = [DeclarationOf<T>] extends [never]
  ? never
  : { readonly written: AlsoWritten<T, K>; readonly mapped: K extends MappedBin<T> ? true : false };

/** What may be written to the bin besides what is read of it. */
export type WrittenOf<D> = D extends { readonly written: infer W } ? W : never;

/** `F` unless the values of the bin are mapped. */
export type UnlessMapped<D, F> = [D] extends [never] ? F : D extends { readonly mapped: true } ? unknown : F;

/** What the records of a data set are mapped to; never where they are not. */
export type ObjectOf<T> = [DeclarationOf<T>] extends [never]
  ? never
  : DeclarationOf<T> extends { readonly object: infer O }
    ? O
    : never;

/** How a bin is declared: by a schema, or by a codec. */
export type BinDeclaration = StandardSchema | AnyBinCodec;
/** Bins as they are declared, by name. */
export type BinDeclarations = { readonly [bin: string]: BinDeclaration };

/** What is read of a bin. Where only a codec says so, nobody sees to it that there is one. */
type ReadAs<D> = D extends StandardSchema
  ? SchemaOutput<D>
  : D extends { readonly schema: infer S extends StandardSchema }
    ? SchemaOutput<S>
    : D extends { fromBin(stored: never): infer V }
      ? V | undefined
      : never;

/** What is written to a bin. */
type WrittenAs<D> = D extends StandardSchema
  ? SchemaInput<D>
  : D extends { readonly schema: infer S extends StandardSchema }
    ? SchemaInput<S>
    : D extends { toBin(value: infer V): Value }
      ? V
      : never;

type MappedIn<D> = { [K in keyof D]: D[K] extends StandardSchema ? never : K }[keyof D] & string;
type OptionalIn<D> = { [K in keyof D]: undefined extends ReadAs<D[K]> ? K : never }[keyof D];

type Shown<T> = { [K in keyof T]: T[K] };

/** What is read of declared bins. */
export type BinsRead<D> = Shown<
  { [K in Exclude<keyof D, OptionalIn<D>>]: ReadAs<D[K]> } & {
    [K in OptionalIn<D>]?: Exclude<ReadAs<D[K]>, undefined>;
  }
>;

/** The bins of a data set whose options declare them. */
export type DeclaredBins<D, O = never> = BinsRead<D> & Declared<{ [K in keyof D]: WrittenAs<D[K]> }, MappedIn<D>, O>;

/** The bins of a data set whose records have a schema, and of which some bins have a codec. */
export type SchemaBins<S, D, O = never> = SchemaOutput<S> & Declared<SchemaInput<S>, MappedIn<D>, O>;
