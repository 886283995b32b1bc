import { checkNamespace, checkSetName } from "../check/check-names.js";
import { describe } from "../value/invalid-value.js";

// truncate:namespace=<ns>;set=<set>[;lut=<ns since 1970>]     truncate-namespace:namespace=<ns>[;lut=…]
// One node tells the others. A node returns `ok` also for a namespace or set that does not exist.

/** 2010-01-01T00:00:00Z, before which no record was written. */
const FIRST_MOMENT = 1_262_304_000_000_000_000n;
const INT64_MAX = 2n ** 63n - 1n;

/**
 * Removes all records of a set.
 * @param before nanoseconds since 1970: only records that were last updated before
 */
export function truncate(namespace: string, setName: string, before?: bigint): string {
  checkNamespace(namespace);
  if (setName === "") throw new TypeError("The set name is empty: to remove all records, truncate the namespace");
  checkSetName(setName);
  return `truncate:namespace=${namespace};set=${setName}${lastUpdate(before)}`;
}

/** Removes all records of a namespace; `before` as for {@link truncate}. */
export function truncateNamespace(namespace: string, before?: bigint): string {
  checkNamespace(namespace);
  return `truncate-namespace:namespace=${namespace}${lastUpdate(before)}`;
}

function lastUpdate(before: bigint | undefined): string {
  if (before === undefined) return "";
  if (typeof before !== "bigint") {
    throw new TypeError(`The time to truncate before: expected a bigint of nanoseconds, got ${describe(before)}`);
  }
  if (before <= FIRST_MOMENT || before > INT64_MAX) {
    throw new RangeError(
      `The time to truncate before: expected nanoseconds since 1970, later than ${FIRST_MOMENT}n (2010), got ${before}n`,
    );
  }
  return `;lut=${before}`;
}
