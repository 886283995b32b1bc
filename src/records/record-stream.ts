import type { AnyBins } from "../data/bin-types.js";
import { RecordNotFoundError } from "../errors/errors.js";
import type { OkResult, RecordResult } from "./record-result.js";
import type { Results } from "./row-types.js";

/**
 * Rows of a command, to be read once.
 *
 * @typeParam T the bins of the data set
 * @typeParam B the bins of the rows
 * @typeParam R what operations returned, in the order of the calls
 *
 * @example
 * const stream = await session.exists(users.ids(1, 2, 3)).execute();
 * for await (const row of stream) console.log(row.key.userKey, row.asBool());
 *
 * @example
 * const row = await (await session.upsert(users.id(1)).put({ name: "Ada" }).execute()).firstOrThrow();
 */
export class RecordStream<T = AnyBins, B = T, R extends Results = Results>
  implements AsyncIterableIterator<RecordResult<T, B, R>>, AsyncDisposable
{
  readonly #rows: AsyncIterator<RecordResult<T, B, R>>;
  #ended = false;

  /** @internal Made by `execute()`. */
  constructor(rows: AsyncIterator<RecordResult<T, B, R>>) {
    this.#rows = rows;
  }

  /** A stream of rows that are there already. @internal */
  static of<T, B, R extends Results = Results>(rows: readonly RecordResult<T, B, R>[]): RecordStream<T, B, R> {
    return new RecordStream(new ListedRows(rows));
  }

  /** Leaving the loop early closes the stream. A second loop goes on where the first one stopped. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next row, for `for await` and for callers that step through by themselves. */
  async next(): Promise<IteratorResult<RecordResult<T, B, R>, undefined>> {
    if (this.#ended) return { done: true, value: undefined };
    const step = await this.#rows.next();
    if (step.done !== true) return { done: false, value: step.value };
    this.#ended = true;
    return { done: true, value: undefined };
  }

  /** What `for await` calls when its body breaks, returns or throws. */
  async return(): Promise<IteratorResult<RecordResult<T, B, R>, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /** The next row, or `null` when there is none; closes the stream. */
  async first(): Promise<RecordResult<T, B, R> | null> {
    const step = await this.next();
    await this.close();
    return step.done === true ? null : step.value;
  }

  /**
   * The next row; closes the stream.
   * @throws AerospikeError when the row is not OK; RecordNotFoundError when there is none
   */
  async firstOrThrow(): Promise<OkResult<T, B, R>> {
    const row = await this.first();
    if (row === null)
      throw new RecordNotFoundError("The stream has no row: no record was found, or a filter left it out");
    return row.orThrow();
  }

  /** All rows that are left. */
  async collect(): Promise<RecordResult<T, B, R>[]> {
    const rows: RecordResult<T, B, R>[] = [];
    for await (const row of this) rows.push(row);
    return rows;
  }

  /** Of the rows that are left, those that are not OK. The others are gone then. */
  async failures(): Promise<RecordResult<T, B, R>[]> {
    const failed: RecordResult<T, B, R>[] = [];
    for await (const row of this) if (!row.isOk) failed.push(row);
    return failed;
  }

  /** Ends the stream and whatever still produces rows; idempotent. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#rows.return?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Rows that are there already: lighter than a generator, of which every command on keys would make one. */
class ListedRows<R extends object> implements AsyncIterator<R, undefined> {
  readonly #rows: readonly R[];
  #next = 0;

  constructor(rows: readonly R[]) {
    this.#rows = rows;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    const row = this.#rows[this.#next++];
    return Promise.resolve(row === undefined ? { done: true, value: undefined } : { done: false, value: row });
  }
}
