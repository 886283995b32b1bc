import { describe } from "../../protocol/value/invalid-value.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { AheadRuntime } from "./ahead-runtime.js";

/** The longest times to live are ten years; no test needs to wait for ten of them. */
const MAX_ADVANCE_MS = 100 * 366 * 86_400_000;

/**
 * The time of an emulated cluster, which a test puts ahead: `emulator.clock`. It is what void times, last updates,
 * expiry, truncation and the limits of transactions go by, on all nodes.
 *
 * @example
 * await session.upsert(users.id(1)).bin("name").setTo("Ada").expireRecordAfterSeconds(60).execute();
 * emulator.clock.advance(61_000);
 * await session.getMany([users.id(1)]); // [null]
 */
export class EmulatorClock {
  /**
   * For clients in this process that are to count by the same time: `connect(emulator.hosts, { runtime:
   * emulator.clock.runtime })`. Its timers and its chance are the machine's, so that no call runs out of time because the
   * clock moved; only what it is o'clock comes from the emulator.
   */
  readonly runtime: Runtime;
  readonly #ahead: AheadRuntime;

  /** @internal */
  constructor(base: Runtime, ahead: AheadRuntime) {
    this.#ahead = ahead;
    this.runtime = {
      now: () => base.now(),
      wallClock: () => ahead.wallClock(),
      setTimer: (ms, call, keepAlive) => base.setTimer(ms, call, keepAlive),
      ...(base.nextTurn !== undefined && { nextTurn: (call: () => void) => base.nextTurn?.(call) }),
      random: () => base.random(),
      randomBigint64: () => base.randomBigint64(),
    };
  }

  /** What it is o'clock, in milliseconds since 1970. */
  now(): number {
    return this.#ahead.wallClock();
  }

  /** Milliseconds that it is ahead of the machine's clock; 0 at first. */
  get aheadMs(): number {
    return this.#ahead.aheadMs;
  }

  /**
   * Puts the clock ahead, as if every node had stood still for so long. What was due meanwhile is done before this returns,
   * once each: expired records are removed (where `nsupPeriod` is due), transactions end, indexes are built, partitions
   * have moved, delayed replies leave. `emulator.reset()` puts it back.
   *
   * A client has its own clock: what it works out from an expiry time, such as a record's `ttl`, differs by as much, unless
   * it is given {@link EmulatorClock.runtime}.
   *
   * @param ms 0 or more, at most a hundred years; fractions are dropped
   * @throws RangeError for anything else
   */
  advance(ms: number): void {
    if (typeof ms !== "number" || !(ms >= 0 && ms <= MAX_ADVANCE_MS)) {
      throw new RangeError(
        `clock.advance(ms): expected milliseconds from 0 to ${MAX_ADVANCE_MS} (a hundred years), got ${describe(ms)}`,
      );
    }
    this.#ahead.advance(Math.floor(ms));
  }
}
