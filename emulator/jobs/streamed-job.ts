import { ResultCode } from "../../protocol/result-code.js";
import type { Timer } from "../../runtime/runtime.js";
import type { Exchange } from "../node/exchange.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import type { QueryWriter } from "../query/query-writer.js";
import { Abandoned, Job, type JobStart } from "./job.js";
import type { JobHost } from "./job-host.js";

/** Milliseconds that a query waits, or that what it has written goes out first. */
export type Wait = number | "flush";

/** A job whose results go to the client that started it, piece by piece, as fast as the client takes them. */
export abstract class StreamedJob extends Job {
  protected readonly host: JobHost;
  protected readonly namespace: NodeNamespace;
  protected readonly writer: QueryWriter;
  readonly #exchange: Exchange;
  readonly #socketTimeoutMs: number;
  #steps: Generator<Wait, void, void> | undefined;
  #timer: Timer | undefined;
  #sentBytes = 0;

  constructor(
    host: JobHost,
    namespace: NodeNamespace,
    start: JobStart,
    exchange: Exchange,
    writer: QueryWriter,
    socketTimeoutMs: number,
  ) {
    super(start);
    this.host = host;
    this.namespace = namespace;
    this.writer = writer;
    this.#exchange = exchange;
    this.#socketTimeoutMs = socketTimeoutMs;
  }

  /** Goes through the records, and says where to wait. */
  protected abstract work(): Generator<Wait, void, void>;

  /** Writes the end; nothing is written after it. */
  protected abstract end(): void;

  wake(): void {
    if (this.#timer === undefined || this.finishedAt !== undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.goOn();
  }

  protected goOn(): void {
    if (!this.#exchange.isOpen) this.abandoned = Abandoned.RESPONSE_ERROR;
    this.#steps ??= this.work();
    const { value, done } = this.#steps.next();
    if (done) {
      this.end();
      this.#flush(() => {});
      this.finished();
      this.#exchange.finish();
    } else if (value === "flush") this.#flush(() => this.goOn());
    else this.#timer = this.host.runtime.setTimer(value, () => this.#goOnLater(), true);
  }

  /** Everything is written: leaves the node's list. */
  protected finished(): void {
    this.host.jobs.finish(this, this.host.runtime.now());
  }

  /** As it was abandoned, in the reply. */
  protected get endCode(): number {
    return Math.max(this.abandoned, ResultCode.OK);
  }

  protected details(): string {
    return `:net-io-bytes=${this.#sentBytes}:net-io-time=0:socket-timeout=${this.#socketTimeoutMs}`;
  }

  protected get isAbandoned(): boolean {
    return this.abandoned !== Abandoned.NOT;
  }

  protected now(): number {
    return Math.floor(this.host.runtime.wallClock());
  }

  #goOnLater(): void {
    this.#timer = undefined;
    this.goOn();
  }

  #flush(then: () => void): void {
    this.#sentBytes += this.writer.moveTo(this.#exchange.out);
    this.#exchange.flush(then);
  }
}
