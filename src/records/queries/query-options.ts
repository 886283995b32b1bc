import type { OptionNames } from "../../../protocol/check/check-options.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import type { AnyBins } from "../../data/bin-types.js";
import type { Key } from "../../data/key.js";
import type { SchemaError } from "../../errors/schema-error.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions } from "../../policy/call-options.js";

/** Options of `execute()` and `collect()` of a query of a set. */
export interface QueryOptions<T = AnyBins> extends CallOptions {
  /**
   * Takes the error of a record that is not what the data set's schemas allow; the query goes on without that record, when
   * what it returns is done.
   * Absent, the iteration throws it and ends: `cursor()` stands behind the record then.
   */
  readonly onError?: ((error: SchemaError, key: Key<T>) => void) | undefined;
}

const KNOWN: OptionNames<QueryOptions<never>> = { ...CALL_OPTIONS, onError: true };

/** @throws TypeError for an option that does not exist, or a value that is none */
export function checkQueryOptions(method: string, options: QueryOptions<never>): void {
  checkCallOptions<QueryOptions<never>>(method, options, KNOWN);
  const onError: unknown = options.onError;
  if (onError === undefined || typeof onError === "function") return;
  throw new TypeError(`${method}: expected onError to be a function, got ${describe(onError)}`);
}
