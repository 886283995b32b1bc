import type { CTX } from "../../protocol/cdt/context.js";
import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import type { IndexType } from "../../protocol/info/index-commands.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { BinName } from "../data/bin-types.js";
import type { DataSet } from "../data/data-set.js";
import type { Exp } from "../exp/exp.js";
import { CALL_OPTIONS } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { IndexedCollection } from "../query/filter.js";
import { type CreateOptions, IndexBuilder } from "./index-builder.js";
import type { IndexTask } from "./index-task.js";

interface IndexOptions extends CreateOptions {
  /** 1 to 63 bytes, unique in the namespace. */
  readonly name: string;
}

interface ValueIndexOptions extends IndexOptions {
  /** What values the index holds. */
  readonly type: IndexType;
  /** Index the elements of a list, the keys of a map or its values instead of the value itself. */
  readonly collection?: IndexedCollection;
}

/** Options of `session.createIndex` for an index on a bin, or on a place inside of one. */
export interface BinIndexOptions<T> extends ValueIndexOptions {
  readonly bin: BinName<T>;
  /** The place inside the bin. Server 6.1 and newer. */
  readonly context?: readonly CTX[];
}

/** Options of `session.createIndex` for an index on what an expression gives. Server 8.1 and newer. */
export interface ExpressionIndexOptions extends ValueIndexOptions {
  /** An Exp, or AEL text. */
  readonly expression: Exp | string;
}

/** Options of `session.createIndex` for an index of which records the set has. Server 8.1.2 and newer. */
export interface SetIndexOptions extends IndexOptions {
  readonly wholeSet: true;
}

/** What `session.createIndex` takes: one of a bin, an expression and the whole set. */
export type CreateIndexOptions<T> = BinIndexOptions<T> | ExpressionIndexOptions | SetIndexOptions;

const OPTIONS: OptionNames<CreateIndexOptions<unknown>> = {
  name: true,
  type: true,
  bin: true,
  context: true,
  expression: true,
  wholeSet: true,
  collection: true,
  ifNotExists: true,
  ...CALL_OPTIONS,
};

/** The short form of `session.index(…)…create()`. */
export async function createIndex<T>(
  context: SessionContext,
  dataSet: DataSet<T>,
  options: CreateIndexOptions<T>,
): Promise<IndexTask> {
  if (options === undefined)
    throw new TypeError("createIndex: expected options with name, type and bin, got undefined");
  checkOptions<CreateIndexOptions<T>>("createIndex", options, OPTIONS);
  const { name, ifNotExists, signal, totalTimeout, socketTimeout, maxRetries } = options;
  const builder = new IndexBuilder(context, dataSet).named(name);
  if ("wholeSet" in options && options.wholeSet !== undefined) {
    if (options.wholeSet !== true) {
      throw new TypeError(`createIndex: expected wholeSet to be true or absent, got ${describe(options.wholeSet)}`);
    }
    builder.onSet();
  }
  if ("bin" in options && options.bin !== undefined) builder.onBin(options.bin);
  if ("expression" in options && options.expression !== undefined) builder.onExpression(options.expression);
  if ("context" in options && options.context !== undefined) builder.context(options.context);
  if ("type" in options) ofType(builder, options.type);
  if ("collection" in options && options.collection !== undefined) builder.collection(options.collection);
  return builder.create({ ifNotExists, signal, totalTimeout, socketTimeout, maxRetries });
}

function ofType<T>(builder: IndexBuilder<T>, type: IndexType | undefined): void {
  switch (type) {
    case "integer":
      builder.integer();
      break;
    case "string":
      builder.string();
      break;
    case "blob":
      builder.blob();
      break;
    case "geo":
      builder.geo2dsphere();
      break;
    case undefined:
      break;
    default:
      throw new TypeError(
        `createIndex: expected type to be "integer", "string", "blob" or "geo", got ${describe(type)}`,
      );
  }
}
