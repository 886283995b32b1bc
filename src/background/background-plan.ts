import type { RejectedIndex } from "../query/index-decision.js";
import type { BackgroundWork } from "./background-work.js";

/** What a background task will do, worked out without starting it. */
export interface BackgroundPlan {
  readonly kind: BackgroundWork["kind"];
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** Each operation in words, in order; for a UDF its call. */
  readonly operations: readonly string[];
  /** The filter expression in words; undefined when every record is meant. */
  readonly where: string | undefined;
  /** The index range that narrows the scan, in words; undefined for a scan of everything. */
  readonly index: string | undefined;
  /** Every index that was looked at and not taken, with the reason. */
  readonly rejectedIndexes: readonly RejectedIndex[];
  /** Time to live that is sent: seconds, 0 for the default, -1 for never, -2 for unchanged. */
  readonly ttl: number;
  readonly durableDelete: boolean;
  /** Records per second and node; undefined for the server's own cap. */
  readonly recordsPerSecond: number | undefined;
  /** Ids of the nodes that would get it. */
  readonly nodes: readonly string[];
  /** What the server would refuse record by record, or what may surprise. */
  readonly warnings: readonly string[];
}
