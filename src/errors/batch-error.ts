import type { RecordKey } from "../../protocol/key/record-key.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { ErrorCode } from "./error-code.js";
import { AerospikeError, type ErrorDetails, mark } from "./errors.js";

/** What came of one key of a command on several: a `RecordResult`. */
export interface BatchRow {
  readonly key: RecordKey;
  /** Position of the key among those given to the command, from 0. */
  readonly index: number;
  /** The server's result code, 0 for success; below zero for what only a client can find. */
  readonly resultCode: number;
  readonly isOk: boolean;
  /** Whether a write may have happened although it failed. */
  readonly inDoubt: boolean;
  /** What went wrong; `null` when nothing did. */
  readonly error: AerospikeError | null;
  /** What each operation of a write returned, in the order of the calls. */
  readonly operationResults: readonly unknown[];
  /** The record, with what was read of it; `null` where there is none to give. */
  readonly record: { readonly bins: unknown; readonly generation: number; readonly ttl: number } | null;
}

/**
 * A command on several keys of which some failed, or a batch that the server refused as a whole. `cause` is the first
 * failure. It is `inDoubt` when one of the rows is, and `isTransient` when every failure of a row is.
 *
 * @example
 * try {
 *   await session.update(users.ids(1, 2, 3)).bin("visits").add(1).execute();
 * } catch (error) {
 *   if (!(error instanceof BatchError)) throw error;
 *   for (const row of error.failures) console.log(row.index, row.error?.code);
 * }
 */
export class BatchError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "BATCH_FAILED";
  static override readonly defaultResultCode: number = ResultCode.BATCH_FAILED;
  static {
    mark(BatchError, "BatchError");
  }

  // Private, so that what prints the error does not print the keys: they may be personal.
  readonly #rows: readonly BatchRow[];
  readonly #failures: readonly BatchRow[];

  /** @internal */
  constructor(
    message: string,
    details?: ErrorDetails,
    rows: readonly BatchRow[] = [],
    failures: readonly BatchRow[] = [],
  ) {
    super(message, details);
    this.#rows = rows;
    this.#failures = failures;
  }

  /**
   * All rows of the command, in the order of the keys, as its stream would have had them; of `stream()`, which handed out
   * the others, those that failed. Empty when the server refused the batch as a whole.
   */
  get rows(): readonly BatchRow[] {
    return this.#rows;
  }

  /** Those of the rows that failed. A row that only says that there is no record is none of them. */
  get failures(): readonly BatchRow[] {
    return this.#failures;
  }

  /** As of other errors; when rows failed, whether that is true of every one of them. */
  override get isTransient(): boolean {
    const { failures } = this;
    return failures.length === 0 ? super.isTransient : failures.every((row) => row.error?.isTransient === true);
  }
}
