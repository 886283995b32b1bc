import { BatchError } from "../errors/batch-error.js";
import type { RecordResult } from "./record-result.js";

/**
 * What `execute` on several keys rejects with when rows failed; undefined when none did. A row that merely says that
 * there is no record, or that a filter left it out, is no failure.
 */
export function batchErrorOf<T, B>(rows: readonly RecordResult<T, B>[], keys: number): BatchError | undefined {
  const failures = rows.filter((row) => row.isFailure);
  const [first] = failures;
  if (first === undefined) return undefined;
  return new BatchError(
    `${failures.length} of ${keys} keys failed, first the one at index ${first.index}: ${first.error?.message}`,
    { cause: first.error, inDoubt: failures.some((row) => row.inDoubt) },
    rows,
    failures,
  );
}
