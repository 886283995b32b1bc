/** Void-times count seconds from 2010-01-01T00:00:00Z. */
const EPOCH_SECONDS = 1_262_304_000;

/** Special values of a request's time to live. */
export const Ttl = {
  /** The default of the set or namespace. */
  DEFAULT: 0,
  NEVER: 0xffff_ffff,
  /** Keep the void-time as it is. */
  DONT_UPDATE: 0xffff_fffe,
} as const;

/** Now in the unit of void-times. */
export function voidTimeNow(wallClockMs: number): number {
  return Math.floor(wallClockMs / 1000) - EPOCH_SECONDS;
}

export function isExpired(voidTime: number, wallClockMs: number): boolean {
  return voidTime !== 0 && voidTime < voidTimeNow(wallClockMs);
}
