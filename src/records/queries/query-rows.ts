import { checkInteger } from "../../../protocol/check/check-numbers.js";
import type { QueryRow } from "../../../protocol/command/query-row.js";
import type { RowQueue } from "../../query/row-queue.js";
import type { Deadline } from "../../time/deadline.js";
import type { Record } from "../record.js";

/** What rows have of the query that reads them. @internal */
export interface RowSource<R> {
  readonly queue: RowQueue<QueryRow>;
  readonly deadline: Deadline;
  /** The consumer gets a row, as a record; undefined where a handler took its error. */
  readonly deliver: (row: QueryRow) => R | undefined;
  /** What the handler is still doing, once. */
  readonly takeHandling: () => PromiseLike<unknown> | undefined;
  /** See {@link QueryRows.cursor}. */
  readonly cursor: () => string | undefined;
}

/** Streams of the web would keep one row ready. */
const NO_READ_AHEAD = { highWaterMark: 0 };
/** The longest array that there can be. */
const MAX_PAGE = 2 ** 32 - 1;

/**
 * The records that a query finds, in no order, to be read once. They are pulled: while nobody takes them the servers
 * wait, and memory stays as it is. Leaving the loop early, by `break`, `return` or an error, ends the query on the servers
 * and frees its sockets; so do `close()` and the signal.
 *
 * @typeParam R the records
 *
 * @example
 * for await (const record of await session.query(users).where("$.age > ?0", 30).execute()) {
 *   console.log(record.bins.name);
 * }
 */
export class QueryRows<R = Record> implements AsyncIterableIterator<R>, AsyncDisposable {
  readonly #source: RowSource<R>;
  #isEnded = false;

  /** @internal Made by `execute()`. */
  constructor(source: RowSource<R>) {
    this.#source = source;
  }

  /** Leaving the loop early closes the stream. A second loop goes on where the first one stopped. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next record.
   * @throws AbortError at once when the signal has fired; ConnectionError when the client was closed; TimeoutError;
   *   IndexNotFoundError when there is no such index; InvalidNodeError when no node can read some partitions; SchemaError
   *   when the record is not what the data set's schemas allow
   */
  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#isEnded) return Promise.resolve({ done: true, value: undefined });
    const { queue, deadline, deliver } = this.#source;
    try {
      deadline.throwIfAborted("query");
      const row = queue.takeNow();
      const value = row && deliver(row);
      return value === undefined ? this.#wait() : Promise.resolve({ done: false, value });
    } catch (error) {
      return this.#giveUp(error);
    }
  }

  /** What `for await` calls when its body breaks, returns or throws. */
  async return(): Promise<IteratorResult<R, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /** All records that are left, which have to fit into memory. */
  async collect(): Promise<R[]> {
    const records: R[] = [];
    for await (const record of this) {
      records.push(record);
      this.#takeCome(records, Number.POSITIVE_INFINITY);
    }
    return records;
  }

  /**
   * The records that are left, in arrays of `size`; the last one may be shorter, and none is empty. After each page,
   * {@link cursor} stands behind it. Leaving the loop early closes the stream. What came before an error is a page, too.
   * @param size 1 to 2^32-1
   * @example for await (const page of rows.pages(1_000)) await save(page);
   */
  pages(size: number): AsyncIterableIterator<R[]> {
    checkInteger("page size", size, 1, MAX_PAGE);
    return this.#pages(size);
  }

  /**
   * Where to go on, as text for `resumeFrom`, in another process if need be: behind the last record that was taken from
   * this stream. Undefined when nothing is left. It is good at any time, also after `close()` and after an error. A few
   * bytes for each partition that was begun: 160 kB at most.
   * @throws TypeError for a range of an index on elements of lists or maps: a record comes up there once for each of its
   *   elements, and only this stream knows which have come. `withoutIndex()` helps.
   * @example
   * const rows = await session.query(users).limit(20).execute();
   * respond({ records: await rows.collect(), next: rows.cursor() });
   */
  cursor(): string | undefined {
    return this.#source.cursor();
  }

  /** The records that are left, as a stream of the web. Cancelling it closes this one. */
  toReadableStream(): ReadableStream<R> {
    return new ReadableStream<R>(
      {
        pull: async (controller) => {
          const { done, value } = await this.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        },
        cancel: () => this.close(),
      },
      NO_READ_AHEAD,
    );
  }

  /** Ends the query on the servers; resolves when its sockets are free. Idempotent. */
  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#source.queue.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #wait(): Promise<IteratorResult<R, undefined>> {
    const { queue, deliver, takeHandling } = this.#source;
    try {
      for (;;) {
        const handling = takeHandling();
        if (handling !== undefined) await handling;
        const step = await queue.next();
        if (step.done === true) break;
        const value = deliver(step.value);
        if (value !== undefined) return { done: false, value };
      }
    } catch (error) {
      return await this.#giveUp(error);
    }
    this.#isEnded = true;
    return { done: true, value: undefined };
  }

  /** Takes what has come already, up to so many: without a promise for each, unless a handler takes one. */
  #takeCome(into: R[], most: number): void {
    const { queue, deliver } = this.#source;
    while (into.length < most) {
      const row = queue.takeNow();
      const record = row && deliver(row);
      if (record === undefined) return;
      into.push(record);
    }
  }

  async #giveUp(error: unknown): Promise<never> {
    await this.close();
    throw error;
  }

  async *#pages(size: number): AsyncGenerator<R[], undefined> {
    let page: R[] = [];
    try {
      for await (const record of this) {
        page.push(record);
        this.#takeCome(page, size);
        if (page.length < size) continue;
        yield page;
        page = [];
      }
    } catch (error) {
      // The cursor is behind them already.
      if (page.length > 0) yield page;
      throw error;
    }
    if (page.length > 0) yield page;
  }
}
