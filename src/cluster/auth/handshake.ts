import type { Reader } from "../../../protocol/bytes/reader.js";
import type { Writer } from "../../../protocol/bytes/writer.js";
import type { ProtoType } from "../../../protocol/frame/proto.js";

/** The first exchange on every new socket of a cluster with security, before any command may be sent. */
export interface Handshake {
  encode(w: Writer): void;
  /** Throws AerospikeError when the server does not let us in. */
  onFrame(type: ProtoType, body: Reader): void;
}
