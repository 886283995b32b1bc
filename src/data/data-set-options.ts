import { checkBinName } from "../../protocol/check/check-names.js";
import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { BinCodec } from "./bin-codec.js";
import type { BinName, NumberBin, UnstorableBin } from "./bin-types.js";
import type { Key } from "./key.js";
import { type BinRules, type ObjectRules, RecordCodec } from "./record-codec.js";
import { isSchema, type StandardSchema } from "./standard-schema.js";

/** Options of any data set. */
export interface DoublesOption<N extends string> {
  /**
   * Bins whose numbers are stored as DOUBLE also when they are whole, as `double(x)` does for one value: so that filters,
   * indexes and `add` meet numbers of one kind.
   */
  readonly doubles?: readonly N[] | undefined;
}

/**
 * How the records of a data set are objects of a class: `put` and its siblings take such objects, and `toObject()` of a
 * record makes one.
 *
 * @typeParam O the objects
 * @typeParam R the bins that are read
 * @typeParam W the bins that are written
 */
export interface ObjectMapper<O, R, W> {
  /** Tells objects from bins. */
  readonly class: abstract new (
    ...args: never
  ) => O;
  /** The bins of an object. What it throws fails the write, before anything is sent. */
  toBins(object: O): W;
  /** The object of a record. What it throws, `toObject()` throws as SchemaError. */
  fromBins(bins: R, key: Key<unknown>): O;
}

/** The codecs of a data set whose type has values that Aerospike can't store: one for each of those. */
export type CodecsOf<T> = { readonly [K in UnstorableBin<T>]: CodecOf<T[K]> } & {
  readonly [K in BinName<T>]?: CodecOf<T[K]> | StandardSchema<unknown, T[K]> | undefined;
};

type CodecOf<V> = BinCodec<Exclude<V, undefined>>;

/** Options of a data set whose type parameter, which has to be given, says what its bins are. */
export type CodecOptions<T> = [T] extends [never]
  ? never
  : DoublesOption<NumberBin<T>> & {
      /** How values are stored that Aerospike has no type for. */
      readonly bins: CodecsOf<T>;
    };

/** Everything that a data set can be told, of whatever types. */
interface AnyOptions {
  readonly bins?: unknown;
  readonly doubles?: unknown;
  readonly schema?: unknown;
  readonly object?: unknown;
}

const KNOWN: OptionNames<AnyOptions> = { bins: true, doubles: true, schema: true, object: true };

/**
 * What the options of a data set come to; undefined when they leave records as they are.
 * @throws TypeError or RangeError for options that are none
 */
export function codecOf(options: object): RecordCodec | undefined {
  checkOptions<AnyOptions>("DataSet.of", options, KNOWN);
  const { bins = {}, doubles = [], schema, object }: AnyOptions = options;
  // Lists and maps are objects, too, whose entries would be passed over.
  if (!isObject(bins) || Symbol.iterator in bins) {
    throw new TypeError(
      `DataSet.of: expected bins to be an object of schemas and codecs by name, got ${describe(bins)}`,
    );
  }
  if (!Array.isArray(doubles)) {
    throw new TypeError(`DataSet.of: expected doubles to be an array of bin names, got ${describe(doubles)}`);
  }
  if (schema !== undefined && !isSchema(schema)) throw noSchema("schema", schema);
  const rules = new Map<string, BinRules>();
  for (const [bin, declaration] of Object.entries(bins)) {
    checkBinName(bin);
    if (declaration !== undefined) rules.set(bin, rulesOf(bin, declaration));
  }
  for (const bin of doubles) {
    checkBinName(bin);
    rules.set(bin, { ...(rules.get(bin) ?? NO_RULES), isDouble: true });
  }
  if (rules.size === 0 && schema === undefined && object === undefined) return undefined;
  return new RecordCodec({ bins: rules, schema, object: object === undefined ? undefined : objectRules(object) });
}

const NO_RULES: BinRules = { schema: undefined, toBin: undefined, fromBin: undefined, isDouble: false };

function rulesOf(bin: string, declaration: unknown): BinRules {
  if (isSchema(declaration)) return { ...NO_RULES, schema: declaration };
  const place = `bins.${bin}`;
  if (!isObject(declaration)) throw noSchema(place, declaration);
  const { toBin, fromBin, schema } = declaration;
  if (!isMethod(toBin) || !isMethod(fromBin)) {
    throw new TypeError(`DataSet.of: expected ${place} to be a schema, or to have the functions toBin and fromBin`);
  }
  if (schema !== undefined && !isSchema(schema)) throw noSchema(`${place}.schema`, schema);
  return {
    schema,
    toBin: (value) => Reflect.apply(toBin, declaration, [value]),
    fromBin: (stored) => Reflect.apply(fromBin, declaration, [stored]),
    isDouble: false,
  };
}

function objectRules(object: unknown): ObjectRules {
  const { class: Class, toBins, fromBins } = isObject(object) ? object : {};
  if (!isClass(Class) || !isMethod(toBins) || !isMethod(fromBins)) {
    throw new TypeError("DataSet.of: expected object to have a class and the functions toBins and fromBins");
  }
  return {
    isObject: (value) => value instanceof Class,
    toBins: (value) => Reflect.apply(toBins, object, [value]),
    fromBins: (bins, key) => Reflect.apply(fromBins, object, [bins, key]),
  };
}

function noSchema(name: string, value: unknown): TypeError {
  return new TypeError(
    `DataSet.of: expected ${name} to be a schema of a library that follows Standard Schema, such as zod, got ${describe(value)}`,
  );
}

type Method = (...args: never) => unknown;

function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}

/** Whether `instanceof` takes it: arrow functions and methods have no prototype. */
function isClass(value: unknown): value is Method {
  return isMethod(value) && isObject(value.prototype);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
