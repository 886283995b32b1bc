import type { NodeTransportOptions } from "./node.js";
import type { Transport } from "./transport.js";

/**
 * Stands in for the sockets of Node.js where the package is bundled for a browser or an edge runtime that has none.
 * Everything else works there: expressions, keys, and a client over a transport of the program's own.
 */
export function nodeTransport(_options: NodeTransportOptions = {}): Transport {
  throw new TypeError(
    "There are no TCP sockets in browsers, service workers and edge runtimes such as Vercel's: connect from Node.js, Bun, " +
      "Deno or Cloudflare Workers, or pass connect a `transport` of your own, such as one over a WebSocket gateway.",
  );
}
