import { BatchError } from "../errors/batch-error.js";
import type { AerospikeError } from "../errors/errors.js";
import type { RecordResult } from "./record-result.js";

/**
 * What `execute` rejects with when rows failed: with one key its error, with several a BatchError; undefined when none
 * did. A row that merely says that there is no record, or that a filter left it out, is no failure.
 */
export function failureOfRows<T, B>(rows: readonly RecordResult<T, B>[], keys: number): AerospikeError | undefined {
  const failures = rows.filter((row) => row.isFailure);
  const first = failures[0]?.error;
  if (first === undefined || first === null) return undefined;
  if (keys === 1) return first;
  const message = `${failures.length} of ${keys} keys failed, first the one at index ${failures[0]?.index}: ${first.message}`;
  return new BatchError(message, { cause: first, inDoubt: failures.some((row) => row.inDoubt) }, rows, failures);
}

/**
 * Gives an error the stack of the asynchronous functions that wait for it. One that came from a socket has the frames of
 * the socket's event, in which no caller occurs. To be called in an async function, after an `await`: engines that know
 * who waits for it (V8's) put that on the stack.
 */
export function withCallerFrames(error: unknown): unknown {
  if (error instanceof Error && typeof Error.captureStackTrace === "function") {
    Error.captureStackTrace(error, withCallerFrames);
  }
  return error;
}
