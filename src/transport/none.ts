import type { NodeTransportOptions } from "./node.js";
import type { Transport } from "./transport.js";

/**
 * Stands in for the sockets of Node.js where the package is bundled for a browser or an edge runtime that has none.
 * Everything else works there: expressions, keys, and a client over a transport of the program's own.
 */
export function nodeTransport(_options: NodeTransportOptions = {}): Transport {
  throw new TypeError(
    "This program was bundled for a runtime without TCP sockets, such as a browser. Run it on Node.js, Deno or Bun, " +
      "bundle it for one of them, or pass connect a `transport` of your own.",
  );
}
