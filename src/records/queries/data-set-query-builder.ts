import { checkBinName } from "../../../protocol/check/check-names.js";
import type { Value } from "../../../protocol/value/value.js";
import type { AnyBins, BinName } from "../../data/bin-types.js";
import type { DataSet } from "../../data/data-set.js";
import type { BinDeclaredIn } from "../../data/declared.js";
import type { SessionContext } from "../../policy/session-context.js";
import { binNamesOf } from "../bin-names.js";
import type { ReadBin } from "../bins/index.js";
import { decodedRecord } from "../decoded.js";
import type { Record } from "../record.js";
import { recordOfReply } from "../record-of-reply.js";
import { AggregateBuilder } from "./aggregate-builder.js";
import {
  type ComputedBin,
  DataSetOperationsBuilder,
  type NextComputed,
  type NextOwn,
} from "./data-set-operations-builder.js";
import { DataSetReadBuilder } from "./data-set-read-builder.js";
import { newQueryTerms, type RowReader } from "./query-terms.js";

/**
 * Reads the records of a set, or with `DataSet.ofNamespace` of a whole namespace; see `session.query`. Without a further
 * word, records have all their bins. What is read is said once, by `bins`, `withNoBins` or `bin`: it changes the type of the
 * records, so another builder takes over.
 *
 * Each record that is there all the while comes exactly once, also when nodes leave, return, or hand partitions over
 * meanwhile: a node that breaks off is resumed on the replicas, behind the last record that came. One that is written
 * meanwhile comes as it was before or after. `maxRetries` of the behavior are rounds in a row that bring nothing new.
 *
 * @typeParam T the bins of the data set
 *
 * @example
 * const rows = await session.query(users).where("$.age > ?0", 30).bins("name").limit(100).execute();
 * for await (const record of rows) console.log(record.bins.name);
 */
export class DataSetQueryBuilder<T = AnyBins> extends DataSetReadBuilder<T, Record<T>> {
  #isLeft = false;

  /** @internal Made by `session.query`. */
  constructor(context: SessionContext, dataSet: DataSet<T>) {
    super(context, dataSet, newQueryTerms(), rowReader<T, T>(context));
  }

  /**
   * Reads only these bins. A record that has none of them does not come.
   * @throws TypeError for no name, one that can't be a bin's, one twice, or when it was said before what to read
   */
  bins<N extends BinName<T>>(names: readonly N[]): DataSetReadBuilder<T, Record<T, Pick<T, N>>>;
  bins<N extends BinName<T>>(...names: readonly N[]): DataSetReadBuilder<T, Record<T, Pick<T, N>>>;
  bins<N extends BinName<T>>(...names: readonly (N | readonly N[])[]): DataSetReadBuilder<T, Record<T, Pick<T, N>>> {
    return this.#select(binNamesOf<N>(names, "; see withNoBins()"));
  }

  /**
   * Reads no bins: key, generation and time to live alone.
   * @throws TypeError when it was said before what to read
   */
  withNoBins(): DataSetReadBuilder<T, Record<T, Pick<T, never>>> {
    return this.#select("header");
  }

  /**
   * Lets the servers work out what an operation on a bin returns, which the next call names; more may follow. A record comes
   * also when it has no such bin. Server 8.1.2 and newer.
   *
   * A record on which an operation fails, for a bin is of another type, does not come: servers say only how many there
   * were, and the iteration throws at its end when there were some.
   * @throws TypeError for a name that can't be a bin's, or when it was said before what to read
   * @example
   * const rows = await session.query(users).bin("tags").listSize().bin("age").get().execute();
   * for await (const { key, operationResults: [tags, age] } of rows) console.log(key.userKey, tags, age);
   */
  bin<N extends BinName<T>>(name: N): ReadBin<NextComputed<T, [], N>, T[N], BinDeclaredIn<T, N>>;
  /**
   * What an expression returns, under a name of your own.
   * @example session.query(orders).bin("total").selectFrom<number>("$.price * $.quantity")
   */
  bin<N extends string>(name: N): ComputedBin<NextOwn<T, [], N>>;
  bin<N extends BinName<T>>(name: N): ReadBin<NextComputed<T, [], N>, T[N], BinDeclaredIn<T, N>> {
    checkBinName(name);
    this.#leave();
    return new DataSetOperationsBuilder<T, []>(this.context, this.dataSet, this.terms).bin(name);
  }

  /**
   * Lets a registered Lua function make values of the records, on the servers: it gets a stream, and says what it goes
   * through (`filter`, `map`, `aggregate`, `groupby`, `reduce`). Each node does it for its records up to the first
   * `reduce`; the rest is done over their values in the client, by the same function, which needs the package wasmoon.
   *
   * Of the query, `recordsPerSecond`, `filter` and a `where` that a range of an index has all of go with it: servers
   * apply no filter expression here. All or nothing: when a node is lost or partitions move meanwhile, it fails.
   * @typeParam R what the function makes
   * @param packageName the registered module without `.lua`, 1 to 127 bytes
   * @param functionName 1 to 127 bytes
   * @param args what the function gets after the stream
   * @throws TypeError for `limit`, `onPartition`, `resumeFrom` or `queryDuration` beside it, and when it was said before
   *   what to read; TypeError or RangeError for wrong names and arguments
   * @example const total = await session.query(users).aggregate<number>("stats", "sum", "age").first();
   */
  aggregate<R = Value>(packageName: string, functionName: string, ...args: readonly Value[]): AggregateBuilder<R> {
    this.#leave();
    const call = { package: packageName, function: functionName, args };
    return new AggregateBuilder<R>(this.context, this.dataSet, this.terms, call);
  }

  #select<B>(bins: "header" | readonly string[]): DataSetReadBuilder<T, Record<T, B>> {
    this.#leave();
    this.terms.bins = bins;
    return new DataSetReadBuilder(this.context, this.dataSet, this.terms, rowReader<T, B>(this.context));
  }

  #leave(): void {
    if (this.#isLeft)
      throw new TypeError("It was said before what to read, by bins(), withNoBins(), bin() or aggregate()");
    this.#isLeft = true;
  }
}

function rowReader<T, B>({ cluster: { runtime } }: SessionContext): RowReader<T, Record<T, B>> {
  return (row, key, { bins }) => {
    const record = recordOfReply<T, B>(row, key, runtime);
    return key.codec === undefined || bins === "header" ? record : decodedRecord(record, bins);
  };
}
