/** A timer that was set: `cancel` is safe at any time. */
export interface Timer {
  /** Keeps it from firing; nothing happens when it has. */
  cancel(): void;
}

/**
 * Time and chance, passed in: with another Runtime a whole cluster and its clients run under virtual time and a seed.
 */
export interface Runtime {
  /** Milliseconds on a clock that never goes back; the zero point means nothing. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /**
   * Calls once after `ms`.
   * @param keepAlive whether the pending timer keeps the process running; housekeeping passes false.
   */
  setTimer(ms: number, call: () => void, keepAlive: boolean): Timer;
  /**
   * Calls once after the sockets were read: what had arrived when this was called was handed over before. Optional; a
   * timer of 0 ms stands in for it.
   */
  nextTurn?(call: () => void): void;
  /** Uniform in [0, 1). */
  random(): number;
  /** Random bits for ids that must be unlikely to meet. */
  randomBigint64(): bigint;
}
