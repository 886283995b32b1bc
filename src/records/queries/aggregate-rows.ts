import { ProtocolError } from "../../../protocol/protocol-error.js";
import { decodeRawValue, type RawValue } from "../../../protocol/value/raw-value.js";
import type { DecodeOptions, Value } from "../../../protocol/value/value.js";
import { SerializationError } from "../../errors/errors.js";
import type { ClientReduce } from "../../query/aggregation/client-reduce.js";
import type { RowQueue } from "../../query/row-queue.js";

/** What values come from. @internal */
export interface AggregateSource {
  readonly queue: RowQueue<RawValue>;
  readonly reduce: ClientReduce;
  readonly decode: DecodeOptions;
}

/**
 * The values of an aggregation, to be read once. They are pulled: while nobody takes them the servers wait. Leaving the
 * loop early, by `break`, `return` or an error, ends the work of the servers and frees their sockets; so do `close()` and
 * the signal.
 *
 * @typeParam R what the function makes
 *
 * @example for await (const total of await session.query(users).aggregate("stats", "sum", "age").execute()) print(total);
 */
export class AggregateRows<R = Value> implements AsyncIterableIterator<R>, AsyncDisposable {
  readonly #source: AggregateSource;
  readonly #values: AsyncGenerator<R, undefined>;
  #isClosed = false;

  /** @internal Made by `execute()`. */
  constructor(source: AggregateSource) {
    this.#source = source;
    this.#values = this.#run();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next value.
   * @throws UdfError when the function fails, with file, line and Lua's message; ConnectionError when a node is lost;
   *   InvalidNodeError when partitions move meanwhile; TimeoutError; AbortError
   */
  next(): Promise<IteratorResult<R, undefined>> {
    return this.#values.next();
  }

  /** What `for await` calls when its body breaks, returns or throws. */
  async return(): Promise<IteratorResult<R, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /** All values that are left, which have to fit into memory. */
  async collect(): Promise<R[]> {
    const values: R[] = [];
    for await (const value of this) values.push(value);
    return values;
  }

  /** Ends the work of the servers; resolves when their sockets are free. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#source.queue.return();
    await this.#values.return(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async *#run(): AsyncGenerator<R, undefined> {
    const { queue, reduce, decode } = this.#source;
    try {
      for (;;) {
        for (let raw = reduce.take(); raw !== undefined && !this.#isClosed; raw = reduce.take()) {
          yield decoded(raw, decode) as R;
        }
        if (this.#isClosed || reduce.isOver) return;
        const value = queue.takeNow() ?? (await queue.next()).value;
        // A queue that was closed looks like one at its end: what has come is no whole then.
        if (this.#isClosed) return;
        await reduce.give(value);
      }
    } finally {
      await queue.return();
    }
  }
}

/** @throws SerializationError for a value that nests deeper than JavaScript's are read */
function decoded(raw: RawValue, options: DecodeOptions): unknown {
  try {
    return decodeRawValue(raw, options);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new SerializationError(`aggregate: what the function made can't be read: ${error.message}`, { cause: error });
  }
}
