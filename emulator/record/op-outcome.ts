import type { BinValue } from "./bin-value.js";
import type { ErrorDetail } from "./error-detail.js";

/** What one operation on a bin comes to. */
export interface OpOutcome {
  /** Result code; with anything but 0 the other members mean nothing. */
  readonly code: number;
  /** The bin's new value; null removes the bin; absent leaves it as it is. */
  readonly bin?: BinValue | null;
  /** Value of the reply row; null or absent: no value. */
  readonly result?: BinValue | null;
  /** What a server of 8.2 says of a failure besides its code. */
  readonly detail?: ErrorDetail;
}
