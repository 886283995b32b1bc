import type { AerospikeError } from "./errors.js";

/** More say nothing new, and an operation may be tried a million times. */
const MOST = 8;

/** The errors of the attempts so far, with the latest; the oldest are left out when they are many. */
export function andOne(
  errors: readonly AerospikeError[] | undefined,
  latest: AerospikeError,
): readonly AerospikeError[] {
  return errors === undefined ? [latest] : [...errors, latest].slice(-MOST);
}
