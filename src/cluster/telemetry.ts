import type { CommandEvent } from "./diagnostics.js";
import type { ClusterMetrics } from "./metrics/metrics.js";

/**
 * Follows every command of a client from its beginning to its end, as what is on `aerowire:command` can't: an end comes out
 * of the reading of a socket, where nobody knows any more who had begun.
 */
export interface Telemetry {
  /**
   * A command, a stream from one node or an info request begins, called where its caller runs. What it returns is called once it
   * has ended, well or not. What either throws harms no command.
   */
  begin(): (event: CommandEvent) => void;
  /**
   * A client has connected. What it has counted can be asked for at any time, until what this returns is called: when the
   * client is closed.
   */
  attach?(client: { metrics(): ClusterMetrics }): () => void;
}
