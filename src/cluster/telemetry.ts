import type { CommandEvent } from "./diagnostics.js";

/**
 * Follows every command of a client from its beginning to its end, as what is on `aerowire:command` can't: an end comes out
 * of the reading of a socket, where nobody knows any more who had begun.
 */
export interface Telemetry {
  /**
   * A command, a stream from one node or an info request begins, called where its caller runs. What it returns is called once it
   * has ended, well or not. Neither may throw.
   */
  begin(): (event: CommandEvent) => void;
}
