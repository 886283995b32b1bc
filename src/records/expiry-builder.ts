import { GenerationBuilder } from "./generation-builder.js";
import { checkSeconds, secondsUntil, TimeToLive } from "./time-to-live.js";

/** Adds how long the record is to live. */
export abstract class ExpiryBuilder<T, B> extends GenerationBuilder<T, B> {
  #ttl: number = TimeToLive.SERVER_DEFAULT;

  /**
   * The record expires so many seconds after the write.
   * @param seconds 1 to 315 360 000 (ten years)
   */
  expireRecordAfterSeconds(seconds: number): this {
    this.#ttl = checkSeconds(seconds);
    return this;
  }

  /**
   * The record expires at this moment, to the second.
   * @param moment in the future, at most ten years ahead by this machine's clock
   */
  expireRecordAt(moment: Date): this {
    this.#ttl = secondsUntil(moment, this.context.cluster.runtime.wallClock());
    return this;
  }

  /** The record never expires. */
  neverExpire(): this {
    this.#ttl = TimeToLive.NEVER;
    return this;
  }

  /** The record keeps the time to live that it has. */
  withNoChangeInExpiration(): this {
    this.#ttl = TimeToLive.UNCHANGED;
    return this;
  }

  /** The record gets the default time to live of its set or namespace, as it does when nothing is said. */
  expiryFromServerDefault(): this {
    this.#ttl = TimeToLive.SERVER_DEFAULT;
    return this;
  }

  /** Seconds, or one of TimeToLive. @internal */
  protected get ttl(): number {
    return this.#ttl;
  }
}
