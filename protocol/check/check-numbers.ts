import { MAX_TTL_SECONDS } from "../limits.js";
import { describe } from "../value/invalid-value.js";

// All checks throw a TypeError for what is no number of the right kind and a RangeError for one out of range. Both name
// the argument, its value and what is allowed.

const INT32_MAX = 0x7fff_ffff;
const _UINT32_MAX = 0xffff_ffff;
const UINT64_MAX = 2n ** 64n - 1n;

/** An integer from `min` to `max`. */
export function checkInteger(argument: string, value: unknown, min: number, max: number): asserts value is number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(`The ${argument} is ${describe(value)}: it must be an integer from ${min} to ${max}`);
  }
  if (value < min || value > max) {
    throw new RangeError(`The ${argument} is ${value}: it must be from ${min} to ${max}`);
  }
}

/** A time to live on the wire: seconds up to ten years, 0 for the namespace's default, -1 for ever, -2 for unchanged. */
export function checkTtl(ttl: unknown, argument = "ttl"): asserts ttl is number {
  if (typeof ttl === "number" && Number.isInteger(ttl) && ttl >= -2 && ttl <= MAX_TTL_SECONDS) return;
  const message = `The ${argument} is ${describe(ttl)}: it must be 1 to ${MAX_TTL_SECONDS} seconds (ten years), 0 for the namespace's default, -1 for never or -2 to leave it as it is`;
  throw typeof ttl === "number" && Number.isInteger(ttl) ? new RangeError(message) : new TypeError(message);
}

/** A rate limit: 1 to 2^31-1 records a second. */
export function checkRecordsPerSecond(rate: unknown, argument = "recordsPerSecond"): asserts rate is number {
  checkInteger(argument, rate, 1, INT32_MAX);
}

/** The id of a query or job: 1n to 2^64-1. */
export function checkTaskId(id: unknown, argument = "task id"): asserts id is bigint {
  if (typeof id !== "bigint") {
    throw new TypeError(`The ${argument} is ${describe(id)}: it must be a bigint from 1n to ${UINT64_MAX}n`);
  }
  if (id < 1n || id > UINT64_MAX) {
    throw new RangeError(`The ${argument} is ${id}n: it must be from 1n to ${UINT64_MAX}n`);
  }
}
