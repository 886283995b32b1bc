import { checkSeconds, secondsUntil, TimeToLive } from "../records/time-to-live.js";
import { BackgroundBuilder } from "./background-builder.js";

/** Adds how long the records that the task writes are to live. */
export abstract class BackgroundExpiryBuilder extends BackgroundBuilder {
  #ttl: number | undefined;

  /**
   * Records expire so many seconds after they are written.
   * @param seconds 1 to 315 360 000 (ten years)
   */
  expireRecordAfterSeconds(seconds: number): this {
    this.#ttl = checkSeconds(seconds);
    return this;
  }

  /**
   * Records expire at this moment, to the second.
   * @param moment in the future, at most ten years ahead by this machine's clock
   */
  expireRecordAt(moment: Date): this {
    this.#ttl = secondsUntil(moment, this.context.cluster.runtime.wallClock());
    return this;
  }

  /** Records never expire. */
  neverExpire(): this {
    this.#ttl = TimeToLive.NEVER;
    return this;
  }

  /** Records keep the time to live they have. */
  withNoChangeInExpiration(): this {
    this.#ttl = TimeToLive.UNCHANGED;
    return this;
  }

  /** Records get the default time to live of their set or namespace. */
  expiryFromServerDefault(): this {
    this.#ttl = TimeToLive.SERVER_DEFAULT;
    return this;
  }

  /** What the caller said; else the default of the task. @internal */
  protected ttlOr(byDefault: number): number {
    return this.#ttl ?? byDefault;
  }
}
