import { defaultsOf, SegmentBuilder } from "./segment-builder.js";
import { checkSeconds, momentToLive, TimeToLive } from "./time-to-live.js";

/** How long records are to live that a chain writes or touches in segments that say nothing of it. The last call wins. */
export abstract class DefaultExpiry extends SegmentBuilder {
  /**
   * As `expireRecordAfterSeconds`, for all segments of the chain without an expiry of their own.
   * @param seconds 1 to 315 360 000 (ten years)
   */
  defaultExpireRecordAfterSeconds(seconds: number): this {
    checkSeconds(seconds);
    defaultsOf(this.terms).ttl = () => seconds;
    return this;
  }

  /**
   * As `expireRecordAt`, for all segments of the chain without an expiry of their own.
   * @param moment in the future, at most ten years ahead by this machine's clock; still so at `execute`
   */
  defaultExpireRecordAt(moment: Date): this {
    defaultsOf(this.terms).ttl = momentToLive(moment, this.context.cluster.runtime);
    return this;
  }

  /** As `neverExpire`, for all segments of the chain without an expiry of their own. */
  defaultNeverExpire(): this {
    defaultsOf(this.terms).ttl = () => TimeToLive.NEVER;
    return this;
  }

  /** As `withNoChangeInExpiration`, for all segments of the chain without an expiry of their own. */
  defaultWithNoChangeInExpiration(): this {
    defaultsOf(this.terms).ttl = () => TimeToLive.UNCHANGED;
    return this;
  }

  /** As `expiryFromServerDefault`, for all segments of the chain without an expiry of their own. */
  defaultExpiryFromServerDefault(): this {
    defaultsOf(this.terms).ttl = () => TimeToLive.SERVER_DEFAULT;
    return this;
  }
}
