import { checkBinName } from "../../../protocol/check/check-names.js";
import { checkInteger } from "../../../protocol/check/check-numbers.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { QueryRow } from "../../../protocol/command/query-row.js";
import type { CallOptions } from "../../policy/call-options.js";
import { forgottenExecute, NotAwaitable } from "../../policy/not-awaitable.js";

/** How records are sorted by a bin. */
export interface SortOptions {
  /** The greatest first. Default: false. */
  readonly descending?: boolean;
  /** Strings that differ in upper and lower case alone count as equal. Default: false. */
  readonly ignoreCase?: boolean;
}

/** How much may be held in memory to sort it. */
export interface SortLimits extends CallOptions {
  /** Records that are sorted at most; more are an error. Default 100 000. */
  readonly maxRecords?: number | undefined;
  /** What they take at most, in bytes as they come over the network; in memory it is a few times that. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
}

/** What rows are sorted by. @internal */
export interface SortKey {
  readonly bin: string;
  readonly sign: 1 | -1;
  readonly ignoreCase: boolean;
}

/** The query whose rows are sorted. @internal */
export interface QueryToSort<R> {
  hasBin(name: string): boolean;
  /** The query itself, with what a call says for itself. */
  with(options: CallOptions): Promise<RowsToSort<R>>;
}

/** Its rows. @internal */
export interface RowsToSort<R> {
  each(onRow: (row: QueryRow, bytes: number) => void, signal: AbortSignal | undefined): Promise<void>;
  recordOf(row: QueryRow): R;
}

/**
 * A query whose records come in an order. No server sorts: the client reads all records of the query, and holds those that
 * it sorts in memory, up to a bound. Records that are equal by what they are sorted by come in the order of their digests.
 *
 * Values are compared as servers do: no bin, booleans, numbers, strings by their code points, lists, maps, bytes, GeoJSON;
 * numbers by value, also integers with doubles.
 *
 * @typeParam R the records
 */
export class SortedQuery<R extends { readonly bins: unknown }> extends NotAwaitable {
  readonly #query: QueryToSort<R>;
  readonly #keys: SortKey[] = [];

  /** @internal Made by `sortBy`. */
  constructor(query: QueryToSort<R>) {
    super();
    this.#query = query;
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenExecute("session.query(…).sortBy(…)");
  }

  /**
   * Sorts records by another bin that are equal by those before.
   * @throws TypeError for a bin that the query does not read, or that it is sorted by already
   */
  thenBy(bin: keyof R["bins"] & string, options: SortOptions = {}): this {
    checkBinName(bin);
    checkOptions("sortBy", options, { descending: true, ignoreCase: true });
    const { descending = false, ignoreCase = false } = options;
    if (!this.#query.hasBin(bin)) throw new TypeError(`sortBy(bin): the query does not read the bin "${bin}"`);
    if (this.#keys.some((key) => key.bin === bin)) throw new TypeError(`sortBy(bin): "${bin}" was given twice`);
    this.#keys.push({ bin, sign: descending ? -1 : 1, ignoreCase });
    return this;
  }

  /**
   * All records, sorted.
   * @throws AerospikeError with code `"RESULT_TOO_LARGE"` as soon as there are more than `maxRecords` or `maxBytes`
   * @example const users = await session.query(users).where("$.active == true").sortBy("name").collect();
   */
  async collect(options: SortLimits = {}): Promise<R[]> {
    return this.#sort("collect", Number.POSITIVE_INFINITY, options);
  }

  /**
   * The first `count` records. All are read, and about twice as many held as are wanted.
   * @param count 1 to 2^53-1; the bounds of `options` are for what is held, `maxRecords` is `count` where it is not given
   * @throws AerospikeError with code `"RESULT_TOO_LARGE"` when those take more than `maxBytes`; RangeError when `maxRecords`
   *   is less than `count`
   * @example const best = await session.query(users).sortBy("score", { descending: true }).topN(10);
   */
  async topN(count: number, options: SortLimits = {}): Promise<R[]> {
    checkInteger("topN", count, 1, Number.MAX_SAFE_INTEGER);
    return this.#sort("topN", count, options);
  }

  async #sort(method: string, count: number, options: SortLimits): Promise<R[]> {
    const keys = [...this.#keys];
    const { sortRows } = await import("./sort-rows.js");
    return sortRows(this.#query, keys, { method, count }, options);
  }
}
