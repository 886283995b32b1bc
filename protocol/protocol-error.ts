/** Bytes from the network (or from a file) that are not what the protocol allows. The socket they came from is of no more use. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
