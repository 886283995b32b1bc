/**
 * Whether a number is whole, too large for a number to hold every integer of its size, and within int64: from 2^53 in
 * magnitude, below 2^63. Whoever wrote it meant an integer as a rule; sent as the double that it is, it drops out of
 * filters and indexes of integers. What is larger can only be a double.
 */
export function isAmbiguousNumber(value: number): boolean {
  return !Number.isSafeInteger(value) && Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

/** What to tell whoever gave an ambiguous number. */
export function ambiguousNumber(value: number): string {
  return `${value} is beyond the integers that a number holds exactly; use BigInt(…) for an integer, double(…) for a double`;
}
