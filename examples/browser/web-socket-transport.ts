// The other end of gateway.ts: a Transport for browsers, and wherever else there are WebSockets and no TCP.
import type { Endpoint, Socket, SocketHandler, Transport } from "aerowire";

/** Bytes that may wait to be sent before the client is told to wait. */
const MOST_UNSENT = 256 * 1024;
const LOOK_AGAIN_MS = 20;

/** @param url of the gateway, such as `wss://gateway.example.org` */
export function webSocketTransport(url: string, token: string): Transport {
  return { defaults: { maxConnections: 16 }, connect: (endpoint, handler) => open(url, token, endpoint, handler) };
}

function open(url: string, token: string, { host, port, tlsName }: Endpoint, handler: SocketHandler): Socket {
  if (tlsName !== undefined) throw new TypeError("The gateway speaks TLS with the browser and none with the nodes");
  const target = new URL(url);
  target.searchParams.set("to", `${host}:${port}`);
  const socket = new WebSocket(target, ["aerowire", token]);
  socket.binaryType = "arraybuffer";
  let isPaused = false;
  let isClosed = false;
  let held: Uint8Array[] = [];

  const onEnd = (): void => {
    if (isClosed) return;
    isClosed = true;
    handler.onClose(wasOpen ? undefined : new Error("the gateway refused, or can't reach the node"));
  };
  let wasOpen = false;
  socket.onmessage = ({ data }) => {
    if (isClosed) return;
    // The first message is the gateway's: the node has been reached.
    if (typeof data === "string") {
      wasOpen = true;
      handler.onConnect();
    } else if (isPaused) held.push(new Uint8Array(data));
    else handler.onData(new Uint8Array(data));
  };
  socket.onclose = onEnd;

  const awaitDrain = (): void => {
    if (isClosed) return;
    if (socket.bufferedAmount > 0) setTimeout(awaitDrain, LOOK_AGAIN_MS);
    else handler.onDrain();
  };
  return {
    write(bytes) {
      socket.send(bytes as Uint8Array<ArrayBuffer>);
      if (socket.bufferedAmount <= MOST_UNSENT) return true;
      setTimeout(awaitDrain, LOOK_AGAIN_MS);
      return false;
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      queueMicrotask(() => {
        while (!isPaused && !isClosed && held.length > 0) handler.onData(held.shift()!);
      });
    },
    destroy() {
      held = [];
      socket.close();
      queueMicrotask(onEnd);
    },
    keepAlive() {
      // A page lives as long as it is open.
    },
  };
}
