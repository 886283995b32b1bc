import { SingleCommand } from "../../protocol/command/record-command.js";
import { isPromise } from "../data/is-promise.js";
import type { Key } from "../data/key.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import { SchemaError } from "../errors/schema-error.js";
import { contextOfCall, type SessionContext, type TransactionScope } from "../policy/session-context.js";
import { decodedRow } from "./decoded.js";
import { checkKeyCommandOptions, type KeyCommandOptions } from "./key-command-options.js";
import { Preparation } from "./preparation.js";
import { RecordResult } from "./record-result.js";
import { RecordStream } from "./record-stream.js";
import type { Results } from "./row-types.js";
import type { Segment } from "./segment.js";

/** Sends one command; its row is there where it has one. Its failure rejects, unless the caller said otherwise. */
export async function runOne<T, B, R extends Results>(
  context: SessionContext,
  segment: Segment<T>,
  key: Key<T>,
  options: KeyCommandOptions<T>,
): Promise<RecordStream<T, B, R>> {
  checkKeyCommandOptions("execute", options);
  try {
    const transaction = transactionOf(context, segment);
    const { policy, operation, readRow } = new Preparation<T, B, R>(
      contextOfCall(context, options),
      "point",
      transaction,
    ).of(segment, key.namespace);
    const command = new SingleCommand(key, operation, readRow, 0);
    const deadline = context.cluster.deadline(policy.totalTimeoutMs, options.signal);
    const row =
      transaction === undefined
        ? await context.cluster.execute(command, policy, deadline)
        : await transaction.execute(command, policy, deadline);
    if (!isShown(row, segment)) return RecordStream.of<T, B, R>([]);
    return RecordStream.of([key.codec === undefined ? row : decoded(row, segment)]);
  } catch (error) {
    if (options.onError === undefined) throw error;
    const row = await failedRow<T, B, R>(error, segment, key, 0, options);
    return RecordStream.of(row === undefined ? [] : [row]);
  }
}

/** The transaction that commands are part of: the chain's own, unless it is to have none, else the session's. */
export function transactionOf(
  { transaction }: SessionContext,
  { defaults }: Segment<unknown>,
): TransactionScope | undefined {
  const own = defaults?.txn;
  return own === undefined ? transaction : (own ?? undefined);
}

/**
 * The row as its data set has it.
 * @throws SchemaError, in doubt where the command wrote: that has happened
 */
export function decoded<T, B, R extends Results>(
  row: RecordResult<T, B, R>,
  segment: Segment<T>,
): RecordResult<T, B, R> {
  try {
    return decodedRow(row, segment);
  } catch (error) {
    const hasWritten = segment.verb.kind !== "read";
    throw hasWritten && error instanceof SchemaError ? error.with({ inDoubt: true }) : error;
  }
}

/** Whether the stream has the row. */
export function isShown(row: RecordResult<unknown, unknown>, { verb, includeMissingKeys }: Segment<unknown>): boolean {
  return row.isOk || verb.hasRowForEveryKey || includeMissingKeys;
}

/** A row; undefined when there is none, or a promise of that which a handler made who took the error. */
export type RowOrNone<T, B, R extends Results> = RecordResult<T, B, R> | PromiseLike<undefined> | undefined;

/**
 * The row of a key that failed; none when a handler took the error.
 * @throws what is no failure of the key alone
 */
export function failedRow<T, B, R extends Results>(
  error: unknown,
  { verb }: Segment<T>,
  key: Key<T>,
  index: number,
  { onError }: KeyCommandOptions<T>,
): RowOrNone<T, B, R> {
  if (!(error instanceof AerospikeError) || error instanceof AbortError) throw error;
  if (typeof onError !== "function") return RecordResult.failed(verb.name, key, index, error);
  const handled: unknown = onError(error, key, index);
  return isPromise(handled) ? handled.then(() => undefined) : undefined;
}
