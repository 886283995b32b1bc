import { once } from "node:events";
import { connect } from "node:net";
import { PROTO_HEADER_SIZE } from "../../protocol/frame/proto.js";
import type { MessageReader } from "../../protocol/message/message-reader.js";
import { openMessage } from "./message.js";

/** The first message that one node replies to a request, asked on a socket of its own. */
export async function askMessage(address: string, request: Uint8Array): Promise<MessageReader> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
  try {
    await once(socket, "connect");
    socket.write(request);
    let reply = Buffer.alloc(0);
    let size = PROTO_HEADER_SIZE;
    while (reply.length < size) {
      const [chunk]: Buffer[] = await once(socket, "data");
      if (chunk !== undefined) reply = Buffer.concat([reply, chunk]);
      if (reply.length >= PROTO_HEADER_SIZE) size = PROTO_HEADER_SIZE + reply.readUIntBE(2, 6);
    }
    return openMessage(new Uint8Array(reply.subarray(PROTO_HEADER_SIZE, size)));
  } finally {
    socket.destroy();
  }
}
