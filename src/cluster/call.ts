import { abortError, type Deadline } from "../time/deadline.js";
import { onAbort } from "../time/on-abort.js";
import { Exchange } from "./exchange.js";
import type { Io } from "./io.js";

/** An exchange that somebody awaits: it ends once, by a reply, an error, its deadline or the caller's signal. */
export abstract class Call<T> extends Exchange {
  protected readonly io: Io;
  protected readonly deadline: Deadline;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;
  /** Set while the caller's signal is listened to. */
  #stopListening: (() => void) | undefined = undefined;

  constructor(io: Io, deadline: Deadline, resolve: (value: T) => void, reject: (error: unknown) => void) {
    super();
    this.io = io;
    this.deadline = deadline;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** In messages: "get", "info request". */
  protected abstract readonly operation: string;

  /** False when the caller's signal has fired already; the call is over then. */
  protected listen(): boolean {
    const { signal } = this.deadline;
    if (signal === undefined) return true;
    if (signal.aborted) {
      this.onAborted(signal);
      return false;
    }
    this.#stopListening = onAbort(signal, () => this.onAborted(signal));
    return true;
  }

  protected onAborted(signal: AbortSignal): void {
    this.withdraw();
    this.fail(abortError(signal, `The ${this.operation} was aborted`));
  }

  protected succeed(value: T): void {
    this.#end();
    this.#resolve(value);
  }

  protected fail(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  override onRejected(error: unknown): void {
    this.fail(error);
  }

  #end(): void {
    this.io.heap.remove(this);
    this.#stopListening?.();
    this.#stopListening = undefined;
  }
}
