import type { AelParam } from "../../../ael/params.js";
import { checkInteger, checkRecordsPerSecond } from "../../../protocol/check/check-numbers.js";
import type { QueryDuration } from "../../../protocol/command/query-request.js";
import { PARTITIONS } from "../../../protocol/limits.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import { toFilter } from "../../ael/filter.js";
import type { PreparedAel } from "../../ael/prepared.js";
import type { DataSet } from "../../data/data-set.js";
import { RecordNotFoundError } from "../../errors/errors.js";
import type { Exp } from "../../exp/exp.js";
import { type CallOptions, checkCallOptions } from "../../policy/call-options.js";
import { forgottenExecute, NotAwaitable } from "../../policy/not-awaitable.js";
import { contextOfCall, type SessionContext } from "../../policy/session-context.js";
import { Filter } from "../../query/filter.js";
import type { Planner } from "../../query/index-decision.js";
import { checkQueryHint, type QueryHint } from "../../query/query-hint.js";
import type { Record } from "../record.js";
import type { DataSetQuery } from "./data-set-query.js";
import { decodeCursor } from "./query-cursor.js";
import { checkQueryOptions, type QueryOptions } from "./query-options.js";
import type { QueryPlan } from "./query-plan.js";
import type { QueryRows } from "./query-rows.js";
import { type QueryTerms, type RowReader, readsBin } from "./query-terms.js";
import { SortedQuery, type SortOptions } from "./sorted-query.js";

const DURATIONS: readonly QueryDuration[] = ["long", "short", "longRelaxAp"];

/**
 * Reads the records of a set; what is read of them has been said, or is everything. Methods return the builder itself.
 * Nothing is sent before `execute`, `first`, `collect`, `count` or `explain`.
 *
 * @typeParam T the bins of the data set
 * @typeParam R the records that come
 */
export class DataSetReadBuilder<T, R extends Record<T, unknown>> extends NotAwaitable {
  /** @internal */
  readonly context: SessionContext;
  /** @internal */
  readonly dataSet: DataSet<T>;
  /** Shared with the builders that this one leads to: they are of the same query. @internal */
  readonly terms: QueryTerms;
  /** Makes a record of a row. @internal */
  readonly toRecord: RowReader<T, R>;

  /** @internal Made by `session.query`. */
  constructor(context: SessionContext, dataSet: DataSet<T>, terms: QueryTerms, toRecord: RowReader<T, R>) {
    super();
    this.context = context;
    this.dataSet = dataSet;
    this.terms = terms;
    this.toRecord = toRecord;
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenExecute("session.query(…)");
  }

  /**
   * Only records for which the expression is true; one that it can't decide (a missing bin, say) is left out. Where a
   * secondary index narrows the condition, the query goes through a range of it; see {@link explain}. Values for `?0`,
   * `?1`… travel as values, never as text.
   * @throws AelParseError with line, column and a caret when the text is wrong; TypeError when there is a where already
   * @example .where("$.active == true and $.age > ?0", 30)
   */
  where(ael: string, ...params: readonly AelParam[]): this;
  /** Only records for which the expression is true. */
  where(expression: Exp<"bool">): this;
  /** Only records for which the prepared expression, with these values, is true. */
  where(prepared: PreparedAel, ...params: readonly AelParam[]): this;
  where(filter: string | Exp<"bool"> | PreparedAel, ...params: readonly AelParam[]): this {
    this.#once("where", this.terms.where);
    this.terms.where = toFilter(filter, params, "where", this.dataSet.codec?.doubles);
    return this;
  }

  /**
   * Goes through this range of a secondary index instead of all records. A `where` beside it still holds whole.
   * @throws TypeError when given twice, or with `withoutIndex`
   * @example .filter(Filter.range("age", 30, 40))
   */
  filter(filter: Filter): this {
    if (!(filter instanceof Filter)) {
      throw new TypeError(`filter(filter): expected a Filter, such as Filter.range(), got ${describe(filter)}`);
    }
    this.#once("filter", this.terms.filter);
    if (this.terms.withoutIndex) throw contradiction("withoutIndex", "filter");
    if (this.terms.planner === "server") throw contradiction('planner("server")', "filter");
    this.terms.filter = filter;
    return this;
  }

  /** Prefers an index, by its name or by its bin, where the `where` clause lets it be used. */
  withHint(hint: QueryHint): this {
    checkQueryHint(hint);
    this.#once("withHint", this.terms.hint);
    this.terms.hint = hint;
    return this;
  }

  /**
   * Who chooses the index: this client (default), from the indexes that the nodes list, or with `"server"` a node, which knows
   * how many entries each has. It takes server 8.2 on every node, and a condition that the server compiles:
   * `where(serverAel("…"))`. The node is asked once; where it says that no record can fulfil the condition, none is looked for.
   * @throws TypeError with `filter`, with `withoutIndex`, and from `execute` for a condition that is no text for the server;
   *   AerospikeError with code `"UNSUPPORTED_FEATURE"`, from `execute`, when a node is older: it would overlook the condition
   * @example session.query(users).where(serverAel("$.age > 30")).planner("server")
   */
  planner(planner: Planner): this {
    if (planner !== "client" && planner !== "server")
      throw new RangeError(`planner: expected "client" or "server", got ${describe(planner)}`);
    if (planner === "server" && this.terms.filter !== undefined) throw contradiction('planner("server")', "filter");
    if (planner === "server" && this.terms.withoutIndex) throw contradiction('planner("server")', "withoutIndex");
    this.terms.planner = planner;
    return this;
  }

  /**
   * Whether a query with a `where` may go through all records. Default: true. With false it fails with IndexNotFoundError
   * (result code 201), before a record is read, where no index narrows it, whoever chooses the index.
   */
  allowScansWithWhere(allowed: boolean): this {
    if (typeof allowed !== "boolean")
      throw new TypeError(`allowScansWithWhere: expected true or false, got ${describe(allowed)}`);
    if (!allowed && this.terms.withoutIndex) throw contradiction("allowScansWithWhere(false)", "withoutIndex");
    this.terms.allowScans = allowed;
    return this;
  }

  /**
   * Goes through all records even where an index could narrow the query.
   * @throws TypeError with `filter`, which asks for the contrary
   */
  withoutIndex(): this {
    if (this.terms.filter !== undefined) throw contradiction("withoutIndex", "filter");
    if (this.terms.planner === "server") throw contradiction("withoutIndex", 'planner("server")');
    if (!this.terms.allowScans) throw contradiction("withoutIndex", "allowScansWithWhere(false)");
    this.terms.withoutIndex = true;
    return this;
  }

  /**
   * At most so many records in all, not of each node: exactly so many if there are.
   * @param count 1 to 2^53-1
   * @throws TypeError when given twice
   */
  limit(count: number): this {
    checkInteger("limit", count, 1, Number.MAX_SAFE_INTEGER);
    this.#once("limit", this.terms.limit);
    this.terms.limit = count;
    return this;
  }

  /**
   * At most so many records a second **on each node**. Default: no limit.
   * @param rate 1 to 2^31-1
   * @throws TypeError with `queryDuration("short")`, which servers don't slow down
   */
  recordsPerSecond(rate: number): this {
    checkRecordsPerSecond(rate);
    if (this.terms.duration === "short") throw contradiction("recordsPerSecond", 'queryDuration("short")');
    this.terms.recordsPerSecond = rate;
    return this;
  }

  /**
   * Reads one partition only.
   * @param id 0 to 4095
   * @throws TypeError when partitions were chosen before, or with `resumeFrom`
   */
  onPartition(id: number): this {
    checkInteger("partition", id, 0, PARTITIONS - 1);
    return this.#selectPartitions(id, 1);
  }

  /**
   * Reads partitions `start` to `start + count - 1` only: several processes can share a set.
   * @param start 0 to 4095
   * @param count 1 to 4096 - start
   * @throws TypeError when partitions were chosen before, or with `resumeFrom`
   */
  onPartitionRange(start: number, count: number): this {
    checkInteger("first partition", start, 0, PARTITIONS - 1);
    checkInteger("number of partitions", count, 1, PARTITIONS - start);
    return this.#selectPartitions(start, count);
  }

  /**
   * How the servers are to take the query; `"long"` unless it is said here.
   * - `"long"`: as a job of its own, which servers list and limit
   * - `"short"`: for few records, at once; it ends after the total time limit, and after 1 s where there is none
   * - `"longRelaxAp"`: as `"long"`, also from partitions that are just being moved; available namespaces and server 7.1+
   * @throws TypeError for `"short"` with `recordsPerSecond`
   */
  queryDuration(duration: QueryDuration): this {
    if (!DURATIONS.includes(duration)) {
      const words = DURATIONS.map((word) => `"${word}"`).join(" or ");
      throw new TypeError(`queryDuration(duration): expected ${words}, got ${describe(duration)}`);
    }
    if (duration === "short" && this.terms.recordsPerSecond !== undefined) {
      throw contradiction('queryDuration("short")', "recordsPerSecond");
    }
    this.terms.duration = duration;
    return this;
  }

  /**
   * Goes on where another query stopped, in this process or another. It has to be of the same set, with the same
   * `filter`, and with the same `where` if an index was chosen for that one: the query stays in its range of this index.
   * Bins and limit may differ; the limit counts anew.
   * @param cursor what `cursor()` of its rows returned
   * @throws TypeError for a text that is no cursor, with `onPartition`, and from `execute` for the cursor of another query
   */
  resumeFrom(cursor: string): this {
    this.#once("resumeFrom", this.terms.resume);
    if (this.terms.partitions !== undefined) throw contradiction("resumeFrom", "onPartition");
    this.terms.resume = decodeCursor(cursor);
    return this;
  }

  /**
   * Sorts the records by a bin, in memory: see {@link SortedQuery.collect} and {@link SortedQuery.topN}.
   * @throws TypeError with `limit`, which would take any records and not the first (say `topN`), and for a bin that the
   *   query does not read
   * @example await session.query(users).sortBy("age", { descending: true }).thenBy("name").topN(10)
   */
  sortBy(bin: keyof R["bins"] & string, options: SortOptions = {}): SortedQuery<R> {
    if (this.terms.limit !== undefined) {
      throw new TypeError(
        "sortBy and limit contradict each other: limit(n) takes any n records; topN(n) takes the first",
      );
    }
    const terms = { ...this.terms };
    return new SortedQuery<R>({
      hasBin: (name) => readsBin(terms, name),
      with: (own) => this.#load(contextOfCall(this.context, own), terms),
    }).thenBy(bin, options);
  }

  /**
   * What would be sent, through which index, and why through no other. Of up to 200 records it reads names and types of
   * bins, to warn of a `where` that can't be true for any of them: a bin that is misspelt, or of another type.
   */
  async explain(options: CallOptions = {}): Promise<QueryPlan> {
    return (await this.#query("explain", options)).explain(options.signal);
  }

  /**
   * How many records the query would give; bins play no part. Servers send headers only.
   * @throws TimeoutError; AbortError; InvalidNodeError when no node could read some partitions
   */
  async count(options: CallOptions = {}): Promise<number> {
    return (await this.#query("count", options)).count(options.signal);
  }

  /**
   * Starts the query. Rows are read ahead up to 1 MiB or 4096 of them, then the servers wait for the consumer: a stream
   * that nobody reads has to be closed.
   *
   * Time: `totalTimeout` of the behavior, for reads by query, is for the whole stream, the consumer's own time included.
   * There is no limit unless a behavior sets one. A node that has sent nothing for `socketTimeout` is asked whether it
   * runs the query, and given up if it does not reply, or says twice that it does not: one that searches may be silent for long.
   *
   * A node that has as many queries as it takes refuses another with code 22; such a node is asked again after pauses of
   * 100 ms, 200 ms and so on to 1.6 s, twenty times `maxRetries` in a row.
   * @throws InvalidNamespaceError; AbortError; TypeError for an option that does not exist. What goes wrong later, an
   *   index that does not exist among it, is thrown by the iteration; so is the SchemaError of a record, without `onError`.
   */
  async execute(options: QueryOptions<T> = {}): Promise<QueryRows<R>> {
    checkQueryOptions("execute", options);
    return (await this.#queryWith(options)).stream(options.signal, options.onError);
  }

  /** All records, which have to fit into memory. */
  async collect(options: QueryOptions<T> = {}): Promise<R[]> {
    checkQueryOptions("collect", options);
    return (await (await this.#queryWith(options)).stream(options.signal, options.onError)).collect();
  }

  /** Some record that the query finds, or `null` when it finds none. Servers search for no more than one each. */
  async first(options: CallOptions = {}): Promise<R | null> {
    const query = await this.#query("first", options, { limit: 1 });
    const [record = null] = await (await query.stream(options.signal)).collect();
    return record;
  }

  /**
   * Some record that the query finds.
   * @throws RecordNotFoundError when it finds none
   */
  async firstOrThrow(options: CallOptions = {}): Promise<R> {
    const record = await this.first(options);
    if (record === null) throw new RecordNotFoundError(`The query of ${this.dataSet} found no record`);
    return record;
  }

  #query(method: string, options: CallOptions, changes: Partial<QueryTerms> = {}): Promise<DataSetQuery<T, R>> {
    checkCallOptions(method, options);
    return this.#queryWith(options, changes);
  }

  #queryWith(options: CallOptions, changes: Partial<QueryTerms> = {}): Promise<DataSetQuery<T, R>> {
    return this.#load(contextOfCall(this.context, options), { ...this.terms, ...changes });
  }

  /** @param terms the query's own: what is said to the builder from now on is for another */
  async #load(context: SessionContext, terms: Readonly<QueryTerms>): Promise<DataSetQuery<T, R>> {
    const { DataSetQuery } = await import("./data-set-query.js");
    return new DataSetQuery<T, R>(context, this.dataSet, terms, this.toRecord);
  }

  #selectPartitions(start: number, count: number): this {
    if (this.terms.resume !== undefined) throw contradiction("onPartition", "resumeFrom");
    this.#once("onPartition", this.terms.partitions);
    this.terms.partitions = { start, count };
    return this;
  }

  #once(method: string, before: unknown): void {
    if (before !== undefined) throw new TypeError(`${method}() was called twice; a query has one`);
  }
}

function contradiction(method: string, other: string): TypeError {
  return new TypeError(`${method} and ${other} contradict each other`);
}
