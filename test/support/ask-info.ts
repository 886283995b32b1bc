import { once } from "node:events";
import { connect } from "node:net";
import { Writer } from "../../protocol/bytes/writer.js";
import { PROTO_HEADER_SIZE } from "../../protocol/frame/proto.js";
import { writeInfoRequest } from "../../protocol/info/info-request.js";

/** What one node replies to one info command, asked on a socket of its own. */
export async function askInfo(address: string, command: string): Promise<string> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ""));
  try {
    await once(socket, "connect");
    const w = new Writer();
    writeInfoRequest(w, [command]);
    socket.write(w.view());
    let reply = Buffer.alloc(0);
    let size = PROTO_HEADER_SIZE;
    while (reply.length < size) {
      const [chunk]: Buffer[] = await once(socket, "data");
      if (chunk !== undefined) reply = Buffer.concat([reply, chunk]);
      if (reply.length >= PROTO_HEADER_SIZE) size = PROTO_HEADER_SIZE + reply.readUIntBE(2, 6);
    }
    return reply.toString("utf8", PROTO_HEADER_SIZE + command.length + 1).trimEnd();
  } finally {
    socket.destroy();
  }
}
