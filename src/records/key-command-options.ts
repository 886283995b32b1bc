import type { OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { AnyBins } from "../data/bin-types.js";
import type { Key } from "../data/key.js";
import type { AerospikeError } from "../errors/errors.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions } from "../policy/call-options.js";

/** Takes what went wrong with one key. A promise that it returns is waited for before the next call. */
export type KeyErrorHandler<T> = (error: AerospikeError, key: Key<T>, index: number) => void;

/** Options of `execute()`, `stream()` and their like of commands on keys. Settings among them hold for all segments of the chain. */
export interface KeyCommandOptions<T = AnyBins> extends CallOptions {
  /**
   * What becomes of the failure of a key.
   * - absent: `execute` rejects, with the error of a single key, or with a BatchError that carries every row; `stream`
   *   hands out the other rows first
   * - `"inStream"`: it is a row of the stream, with its `error`
   * - a function: called with the error; the stream has no row for that key
   */
  readonly onError?: "inStream" | KeyErrorHandler<T> | undefined;
}

const KNOWN: OptionNames<KeyCommandOptions<never>> = { ...CALL_OPTIONS, onError: true };

/** @throws TypeError for an option that does not exist, or a value that is none */
export function checkKeyCommandOptions(method: string, options: KeyCommandOptions<never>): void {
  checkCallOptions<KeyCommandOptions<never>>(method, options, KNOWN);
  const onError: unknown = options.onError;
  if (onError === undefined || onError === "inStream" || typeof onError === "function") return;
  throw new TypeError(`${method}: expected onError to be "inStream" or a function, got ${describe(onError)}`);
}
