// A gateway for programs without TCP sockets: each WebSocket to it becomes one TCP socket to a node of the cluster.
// It checks a token and a list of addresses, and passes bytes on; nothing here knows the protocol of Aerospike.
import { timingSafeEqual } from "node:crypto";
import type { Server } from "node:http";
import { connect } from "node:net";
import { createWebSocketStream, WebSocketServer } from "ws";

export interface GatewayOptions {
  /** What a client must show: letters, digits, `-` and `_`. */
  readonly token: string;
  /** The nodes that may be reached, as `host:port`. */
  readonly addresses: readonly string[];
  /** Pages that may connect, as `https://host`. Browsers say truthfully where a page comes from; other programs need not. */
  readonly origins: readonly string[];
}

/** Serves WebSockets at `/?to=host:port` of an HTTP server. Put TLS in front of it: the token is in the request. */
export function serveGateway(server: Server, { token, addresses, origins }: GatewayOptions): void {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 16 * 1024 * 1024 });
  const isRight = (shown: string): boolean =>
    shown.length === token.length && timingSafeEqual(Buffer.from(shown), Buffer.from(token));

  server.on("upgrade", (request, socket, head) => {
    // Browsers can send no header of their own with a WebSocket, but the names of protocols: "aerowire" and the token.
    const [protocol, shown = ""] = (request.headers["sec-websocket-protocol"] ?? "")
      .split(",")
      .map((one) => one.trim());
    const to = new URL(request.url ?? "/", "http://gateway").searchParams.get("to") ?? "";
    const { origin } = request.headers;
    const refuse = (status: string): void => void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (protocol !== "aerowire" || !isRight(shown)) refuse("401 Unauthorized");
    else if (origin !== undefined && !origins.includes(origin)) refuse("403 Forbidden");
    else if (!addresses.includes(to)) refuse("403 Forbidden");
    else {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const colon = to.lastIndexOf(":");
        const tcp = connect({ host: to.slice(0, colon), port: Number(to.slice(colon + 1)), noDelay: true });
        const stream = createWebSocketStream(webSocket);
        // Either end takes the other with it; backpressure goes through, as both are streams.
        stream.on("error", () => tcp.destroy()).on("close", () => tcp.destroy());
        tcp.on("error", () => webSocket.close(1011, "The node can't be reached")).on("close", () => webSocket.close());
        tcp.once("connect", () => {
          webSocket.send("open");
          stream.pipe(tcp).pipe(stream);
        });
      });
    }
  });
}
