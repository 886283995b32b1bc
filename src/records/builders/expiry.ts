import { SegmentBuilder } from "./segment-builder.js";
import { checkSeconds, momentToLive, TimeToLive } from "./time-to-live.js";

/** How long records that are written are to live. Without a word, commands take the server's default; see each builder. */
export abstract class Expiry extends SegmentBuilder {
  /**
   * Records expire so many seconds after they are written.
   * @param seconds 1 to 315 360 000 (ten years)
   */
  expireRecordAfterSeconds(seconds: number): this {
    checkSeconds(seconds);
    this.terms.ttl = () => seconds;
    return this;
  }

  /**
   * Records expire at this moment, to the second. What the servers get is a number of seconds, counted when `execute` is
   * called: a background task writes its last records later, and these expire later by as much.
   * @param moment in the future, at most ten years ahead by this machine's clock; still so at `execute`
   */
  expireRecordAt(moment: Date): this {
    this.terms.ttl = momentToLive(moment, this.context.cluster.runtime);
    return this;
  }

  /** Records never expire. */
  neverExpire(): this {
    this.terms.ttl = () => TimeToLive.NEVER;
    return this;
  }

  /** Records keep the time to live that they have. */
  withNoChangeInExpiration(): this {
    this.terms.ttl = () => TimeToLive.UNCHANGED;
    return this;
  }

  /** Records get the default time to live of their set or namespace. */
  expiryFromServerDefault(): this {
    this.terms.ttl = () => TimeToLive.SERVER_DEFAULT;
    return this;
  }
}
