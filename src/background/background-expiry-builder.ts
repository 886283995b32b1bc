import { MAX_TTL_SECONDS } from "../../protocol/limits.js";
import { BackgroundBuilder } from "./background-builder.js";

const NEVER = -1;
const UNCHANGED = -2;
const SERVER_DEFAULT = 0;

/** Adds how long the records that the task writes are to live. */
export abstract class BackgroundExpiryBuilder extends BackgroundBuilder {
  #ttl: number | undefined;

  /**
   * Records expire so many seconds after they are written.
   * @param seconds 1 to 315 360 000 (ten years)
   */
  expireRecordAfterSeconds(seconds: number): this {
    if (typeof seconds !== "number" || !Number.isInteger(seconds) || seconds < 1 || seconds > MAX_TTL_SECONDS) {
      throw new RangeError(
        `expireRecordAfterSeconds(seconds): ${String(seconds)} is not a whole number from 1 to ${MAX_TTL_SECONDS}`,
      );
    }
    return this.#setTtl(seconds);
  }

  /**
   * Records expire at this time, to the second.
   * @param time in the future, at most ten years ahead by this machine's clock
   */
  expireRecordAt(time: Date): this {
    const ms = time instanceof Date ? time.getTime() : Number.NaN;
    if (Number.isNaN(ms)) throw new TypeError("expireRecordAt(time): expected a valid Date");
    const seconds = Math.ceil((ms - this.context.cluster.runtime.wallClock()) / 1000);
    if (seconds < 1 || seconds > MAX_TTL_SECONDS) {
      throw new RangeError(`expireRecordAt(time): ${time.toISOString()} is not within the next ten years`);
    }
    return this.#setTtl(seconds);
  }

  /** Records never expire. */
  neverExpire(): this {
    return this.#setTtl(NEVER);
  }

  /** Records keep the time to live they have. */
  withNoChangeInExpiration(): this {
    return this.#setTtl(UNCHANGED);
  }

  /** Records get the default time to live of their set or namespace. */
  expiryFromServerDefault(): this {
    return this.#setTtl(SERVER_DEFAULT);
  }

  /** @internal */
  protected ttlOr(unlessSet: "unchanged" | "serverDefault"): number {
    return this.#ttl ?? (unlessSet === "unchanged" ? UNCHANGED : SERVER_DEFAULT);
  }

  #setTtl(ttl: number): this {
    this.#ttl = ttl;
    return this;
  }
}
