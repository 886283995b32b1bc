import type { StreamFlow } from "../cluster/stream-operation.js";
import { onAbort } from "../time/on-abort.js";

/** How much a {@link RowQueue} holds before the nodes have to wait. */
export interface RowQueueOptions {
  /** Default 4096. */
  readonly maxRows?: number | undefined;
  /** As they came over the wire. Default 1 MiB. */
  readonly maxBytes?: number | undefined;
}

const MAX_ROWS = 4096;
const MAX_BYTES = 1024 * 1024;
/** Rows that were taken and still stand in the array before it is cut. */
const SPENT_ROWS = 1024;

/**
 * Rows between the nodes that send them and the one who iterates over them. When it is full the sockets are not read any
 * more and the nodes wait; they go on once half of it was taken. What is under way still comes: a node sends pieces of
 * about 1 MiB, so with `n` nodes it may hold that much more `n` times.
 */
export class RowQueue<Row> implements AsyncIterableIterator<Row> {
  readonly #maxRows: number;
  readonly #maxBytes: number;
  readonly #onReturn: () => Promise<unknown>;
  readonly #flows = new Set<StreamFlow>();
  /** Rows from `#next` on are not taken yet, and the bytes of each. */
  readonly #rows: Row[] = [];
  readonly #sizes: number[] = [];
  #next = 0;
  #bytes = 0;
  #isPaused = false;
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;
  /** Those who wait for a row: none while there are rows. */
  readonly #waiting: { resolve(result: IteratorResult<Row, undefined>): void; reject(error: unknown): void }[] = [];

  /** Those who wait until there is room. */
  readonly #untilRoom = new Set<() => void>();

  /** @param onReturn stops those who send; called once, when the consumer leaves before the end */
  constructor(onReturn: () => Promise<unknown>, { maxRows = MAX_ROWS, maxBytes = MAX_BYTES }: RowQueueOptions = {}) {
    this.#onReturn = onReturn;
    this.#maxRows = maxRows;
    this.#maxBytes = maxBytes;
  }

  /** Rows that nobody has taken yet. */
  get length(): number {
    return this.#rows.length - this.#next;
  }

  /** Their bytes, as they came over the wire. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the nodes wait. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Holds a stream up while the queue is full, until the function that it returns is called. */
  attach(flow: StreamFlow): () => void {
    this.#flows.add(flow);
    if (this.#isPaused) flow.pause();
    return () => this.#flows.delete(flow);
  }

  /** Resolves once the queue has room, is over, or the signal fires. */
  async whenRoom(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#isPaused || this.#isEnded || signal?.aborted === true) return;
    let lift: (() => void) | undefined;
    let wake: (() => void) | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#untilRoom.add(wake);
      lift = signal && onAbort(signal, wake);
    });
    lift?.();
    if (wake !== undefined) this.#untilRoom.delete(wake);
  }

  /** Adds a row; it is taken also when the queue is full. Rows after the end are dropped. */
  push(row: Row, bytes: number): void {
    if (this.#isEnded) return;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      waiter.resolve({ value: row, done: false });
      return;
    }
    this.#rows.push(row);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    if (!this.#isPaused && (this.length >= this.#maxRows || this.#bytes >= this.#maxBytes)) {
      this.#isPaused = true;
      for (const flow of this.#flows) flow.pause();
    }
  }

  /** All rows have come. */
  end(): void {
    this.#isEnded = true;
    for (const wake of this.#untilRoom) wake();
    for (const { resolve } of this.#waiting.splice(0)) resolve({ value: undefined, done: true });
  }

  /** No more rows come. Those that have come are taken first; then the error is thrown, once. */
  fail(error: unknown): void {
    if (this.#isEnded) return;
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#failure = { error };
    else waiter.reject(error);
    this.end();
  }

  /** The next row where one has come already. */
  takeNow(): Row | undefined {
    return this.length > 0 ? this.#shift() : undefined;
  }

  async next(): Promise<IteratorResult<Row, undefined>> {
    if (this.length > 0) return { value: this.#shift(), done: false };
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      throw error;
    }
    if (this.#isEnded) return { value: undefined, done: true };
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** The consumer leaves: what is left is dropped. Resolves once nothing is being sent any more. */
  async return(): Promise<IteratorResult<Row, undefined>> {
    const isEarly = !this.#isEnded;
    this.end();
    this.#failure = undefined;
    this.#rows.length = this.#sizes.length = this.#next = this.#bytes = 0;
    if (isEarly) await this.#onReturn();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #shift(): Row {
    const row = this.#rows[this.#next]!;
    this.#bytes -= this.#sizes[this.#next]!;
    this.#next++;
    if (this.#next === this.#rows.length || this.#next >= SPENT_ROWS) {
      this.#rows.splice(0, this.#next);
      this.#sizes.splice(0, this.#next);
      this.#next = 0;
    }
    if (this.#isPaused && this.length <= this.#maxRows / 2 && this.#bytes <= this.#maxBytes / 2) {
      this.#isPaused = false;
      for (const flow of this.#flows) flow.resume();
      for (const wake of this.#untilRoom) wake();
    }
    return row;
  }
}
