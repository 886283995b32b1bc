import type { CommandKind, CommandShape } from "./behavior.js";
import type { Settings } from "./settings.js";

/** Attempts that share the time of a read. The reply to a batch comes when the node has worked through its rows. */
const SHARES = { point: 3, batch: 2 } as const;

/** How long a node may be silent where no total limit says how long is long. */
const SILENCE_MS = 5_000;

/** The time of one attempt in milliseconds, 0 for all there is: what `socketTimeout` says, or what `"auto"` comes to. */
export function socketTimeoutOf(kind: CommandKind, shape: CommandShape, settings: Settings): number {
  return settings.socketTimeout === "auto" ? autoSocketTimeout(kind, shape, settings) : settings.socketTimeout;
}

/**
 * Only a read gains from giving up a silent node early: another replica can be asked, as often as its retries allow and
 * within its time. A write that was sent is not sent again, so that it may as well wait for its reply to the end.
 */
function autoSocketTimeout(kind: CommandKind, shape: CommandShape, { totalTimeout, maxRetries }: Settings): number {
  if (shape === "query") return SILENCE_MS;
  if (kind !== "read") return 0;
  if (totalTimeout === 0) return SILENCE_MS;
  return Math.ceil(totalTimeout / Math.min(SHARES[shape], maxRetries + 1));
}
