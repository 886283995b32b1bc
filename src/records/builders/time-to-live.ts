import { checkInteger } from "../../../protocol/check/check-numbers.js";
import { MAX_TTL_SECONDS } from "../../../protocol/limits.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import type { Runtime } from "../../../runtime/runtime.js";

/** Times to live that are no number of seconds, as they are sent. */
export const TimeToLive = { SERVER_DEFAULT: 0, NEVER: -1, UNCHANGED: -2 } as const;

/** @throws TypeError or RangeError unless it is 1 second to ten years */
export function checkSeconds(seconds: number): number {
  checkInteger("number of seconds to live", seconds, 1, MAX_TTL_SECONDS);
  return seconds;
}

/**
 * Seconds from now until then, rounded up, as the record must not vanish before.
 * @param wallClock milliseconds since 1970
 * @throws TypeError when it is no valid Date; RangeError unless it is 1 second to ten years ahead
 */
export function secondsUntil(moment: Date, wallClock: number): number {
  const ms = moment instanceof Date ? moment.getTime() : Number.NaN;
  if (Number.isNaN(ms)) throw new TypeError(`The moment to expire at is ${describe(moment)}: it must be a valid Date`);
  const seconds = Math.ceil((ms - wallClock) / 1000);
  if (seconds >= 1 && seconds <= MAX_TTL_SECONDS) return seconds;
  throw new RangeError(
    `The moment to expire at, ${moment.toISOString()}, is ${seconds} seconds from now: it must be 1 to ${MAX_TTL_SECONDS} seconds (ten years) ahead`,
  );
}

const moments = new WeakMap<() => number, Date>();

/**
 * A function that counts the seconds until then whenever it is called.
 * @throws as {@link secondsUntil}, at once and at every call
 */
export function momentToLive(moment: Date, runtime: Runtime): () => number {
  secondsUntil(moment, runtime.wallClock());
  const own = new Date(moment);
  const ttl = (): number => secondsUntil(own, runtime.wallClock());
  moments.set(ttl, own);
  return ttl;
}

/** The moment that the function counts the seconds to; undefined when it does not count. */
export function momentOf(ttl: (() => number) | undefined): Date | undefined {
  return ttl && moments.get(ttl);
}
