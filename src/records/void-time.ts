import type { Runtime } from "../../runtime/runtime.js";

/** Seconds from 1970-01-01 to 2010-01-01, where the server's clock starts. */
const SERVER_EPOCH = 1_262_304_000;

/**
 * Seconds to live that a void-time leaves, -1 for a record that never expires. A record that the server still handed
 * out has a second at least, whatever this machine's clock says.
 * @param voidTime seconds since 2010-01-01, 0 for never
 */
export function secondsToLive(voidTime: number, runtime: Runtime): number {
  if (voidTime === 0) return -1;
  return Math.max(1, voidTime + SERVER_EPOCH - Math.floor(runtime.wallClock() / 1000));
}
