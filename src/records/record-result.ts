import type { RecordReply } from "../../protocol/command/record-reply.js";
import type { ServerErrorDetails } from "../../protocol/message/error-details.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ResultError } from "../../protocol/result-error.js";
import type { AnyBins } from "../data/bin-types.js";
import type { Key } from "../data/key.js";
import { errorOfResult } from "../errors/error-of-result.js";
import type { AerospikeError } from "../errors/errors.js";
import type { Record } from "./record.js";
import type { Results } from "./row-types.js";

/**
 * One row of a {@link RecordStream}: a key, and what came of it.
 *
 * @typeParam T the bins of the key's data set
 * @typeParam B the bins of the record
 * @typeParam R what operations returned, in the order of the calls
 *
 * @example
 * for await (const row of stream) {
 *   if (row.isOk) console.log(row.index, row.record?.bins);
 *   else console.log(row.index, row.error?.code);
 * }
 */
export class RecordResult<T = AnyBins, B = T, R extends Results = Results> {
  readonly key: Key<T>;
  /** Position of the key among all of the chain, from 0. */
  readonly index: number;
  /** The server's result code, 0 for success; below zero for what only a client can find. */
  readonly resultCode: number;
  /** `null` when the command failed, or has no record to give: `delete`, `touch`, `exists`, `executeUdf`. */
  readonly record: Record<T, B> | null;
  /**
   * What each call of an operation returned, in their order; `null` where one has no value to give. Empty for commands
   * without operations, and in a row that is not OK; of `executeUdf`, what the function returned.
   */
  readonly operationResults: R | readonly [];
  readonly #operation: string;
  readonly #failed: boolean;
  /** What the server said of a reply that is no failure. */
  readonly #details: ServerErrorDetails | undefined;
  #error: AerospikeError | null;

  private constructor(
    operation: string,
    key: Key<T>,
    index: number,
    resultCode: number,
    record: Record<T, B> | null,
    operationResults: R | readonly [],
    error: AerospikeError | null,
    details?: ServerErrorDetails,
  ) {
    this.key = key;
    this.index = index;
    this.resultCode = resultCode;
    this.record = record;
    this.operationResults = operationResults;
    this.#operation = operation;
    this.#failed = error !== null;
    this.#error = error;
    this.#details = details;
  }

  /** @internal */
  static ok<T, B, R extends Results = Results>(
    operation: string,
    key: Key<T>,
    index: number,
    record: Record<T, B> | null,
    operationResults: R | readonly [] = [],
  ): RecordResult<T, B, R> {
    return new RecordResult<T, B, R>(operation, key, index, ResultCode.OK, record, operationResults, null);
  }

  /** A server's reply that is no success and, here, no failure either. @internal */
  static notOk<T, B, R extends Results = Results>(
    operation: string,
    key: Key<T>,
    index: number,
    { resultCode, details }: Pick<RecordReply, "resultCode"> & Partial<Pick<RecordReply, "details">>,
  ): RecordResult<T, B, R> {
    return new RecordResult<T, B, R>(operation, key, index, resultCode, null, [], null, details);
  }

  /** @internal */
  static failed<T, B, R extends Results = Results>(
    operation: string,
    key: Key<T>,
    index: number,
    error: AerospikeError,
  ): RecordResult<T, B, R> {
    return new RecordResult<T, B, R>(operation, key, index, error.resultCode, null, [], error);
  }

  /** Whether the result code is 0. */
  get isOk(): boolean {
    return this.resultCode === ResultCode.OK;
  }

  /** Whether the command failed for this key. That there is no record, or `where` left it out, can be no failure. @internal */
  get isFailure(): boolean {
    return this.#failed;
  }

  /** Whether the write may have happened although it failed. */
  get inDoubt(): boolean {
    return this.#error?.inDoubt ?? false;
  }

  /** What the function of `executeUdf` returned; `null` for nil, for a row that is not OK, and for other commands. */
  get udfResult(): unknown {
    // As EXECUTE_UDF is named; what verbs do is no part of a row.
    return this.#operation === "executeUdf" ? (this.operationResults[0] ?? null) : null;
  }

  /** What went wrong; `null` when nothing did. */
  get error(): AerospikeError | null {
    if (this.isOk) return null;
    // Most rows that are not OK only say that a record is missing, and nobody asks them for an error.
    this.#error ??= errorOfResult(new ResultError(this.resultCode, undefined, this.#details), {
      operation: this.#operation,
      namespace: this.key.namespace,
      setName: this.key.setName,
      key: this.key,
    });
    return this.#error;
  }

  /**
   * This row; of one that is OK it is known what its operations returned.
   * @throws AerospikeError when it is not OK
   */
  orThrow(): OkResult<T, B, R>;
  orThrow(): RecordResult<T, B, R> {
    const error = this.error;
    if (error !== null) throw error;
    return this;
  }

  /**
   * The record.
   * @throws AerospikeError when the row is not OK; TypeError when the command has no record to give
   */
  recordOrThrow(): Record<T, B> {
    this.orThrow();
    if (this.record === null)
      throw new TypeError(`A row of ${this.#operation} carries no record; ask it for isOk or asBool()`);
    return this.record;
  }

  /**
   * Whether there is, or was, such a record: what `exists`, `delete` and `touch` find out.
   * @throws AerospikeError when the row says something else than yes or no
   */
  asBool(): boolean {
    if (this.resultCode === ResultCode.KEY_NOT_FOUND) return false;
    this.orThrow();
    return true;
  }
}

/** A row that is OK: its operations returned what their calls say. */
export type OkResult<T = AnyBins, B = T, R extends Results = Results> = RecordResult<T, B, R> & {
  readonly operationResults: R;
};
