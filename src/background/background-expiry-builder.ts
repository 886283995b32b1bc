import { checkSeconds, secondsUntil, TimeToLive } from "../records/time-to-live.js";
import { BackgroundBuilder } from "./background-builder.js";

/** Adds how long the records that the task writes are to live. */
export abstract class BackgroundExpiryBuilder extends BackgroundBuilder {
  #ttl: (() => number) | undefined;

  /**
   * Records expire so many seconds after they are written.
   * @param seconds 1 to 315 360 000 (ten years)
   */
  expireRecordAfterSeconds(seconds: number): this {
    checkSeconds(seconds);
    return this.#expire(() => seconds);
  }

  /**
   * Records expire at this moment, or later by as long as the task runs before it comes to them: what the servers get is
   * a number of seconds, counted when the task starts.
   * @param moment in the future, at most ten years ahead by this machine's clock; still so when the task starts
   */
  expireRecordAt(moment: Date): this {
    const { runtime } = this.context.cluster;
    secondsUntil(moment, runtime.wallClock());
    const own = new Date(moment);
    return this.#expire(() => secondsUntil(own, runtime.wallClock()));
  }

  /** Records never expire. */
  neverExpire(): this {
    return this.#expire(() => TimeToLive.NEVER);
  }

  /** Records keep the time to live they have. */
  withNoChangeInExpiration(): this {
    return this.#expire(() => TimeToLive.UNCHANGED);
  }

  /** Records get the default time to live of their set or namespace. */
  expiryFromServerDefault(): this {
    return this.#expire(() => TimeToLive.SERVER_DEFAULT);
  }

  /** What the caller said; else the default of the task. @internal */
  protected ttlOr(byDefault: number): number {
    return this.#ttl?.() ?? byDefault;
  }

  #expire(ttl: () => number): this {
    this.#ttl = ttl;
    return this;
  }
}
