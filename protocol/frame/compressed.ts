import { Reader } from "../bytes/reader.js";
import type { Writer } from "../bytes/writer.js";
import { ProtocolError } from "../protocol-error.js";
import { PROTO_HEADER_SIZE, PROTO_VERSION, ProtoType } from "./proto.js";

// The body of a compressed proto: u64 size of the proto in it, header included · that proto, as a zlib stream.
// Only messages (type 3) are compressed. A stream of replies may have protos of both kinds.

const SIZE_BYTES = 8;
/** Shorter messages stay as they are. */
const LEAST = 128;

/** Compresses and expands zlib streams. */
export interface Zlib {
  deflate(bytes: Uint8Array): Uint8Array;
  /** @param most bytes that may come of it @throws when it is no zlib stream, or more comes of it */
  inflate(bytes: Uint8Array, most: number): Uint8Array;
}

/** Puts a compressed proto in place of the one that was written from `start` on, where that is shorter. */
export function compressProto(w: Writer, start: number, zlib: Zlib): void {
  const size = w.length - start;
  if (size <= LEAST) return;
  const packed = zlib.deflate(w.copy(start));
  if (packed.length + PROTO_HEADER_SIZE + SIZE_BYTES >= size) return;
  w.rewind(start);
  const at = w.gap(PROTO_HEADER_SIZE);
  w.patchU8(at, PROTO_VERSION);
  w.patchU8(at + 1, ProtoType.COMPRESSED);
  w.patchU48(at + 2, SIZE_BYTES + packed.length);
  w.u64(BigInt(size));
  w.bytes(packed);
}

/**
 * The body of the message in a compressed proto.
 * @param maxBody largest body that is accepted, in bytes
 * @throws ProtocolError when it is none, or larger than it says or than is accepted
 */
export function expandBody(body: Reader, zlib: Zlib, maxBody: number): Reader {
  if (body.left < SIZE_BYTES) throw new ProtocolError(`a compressed message of ${body.left} bytes has no size`);
  const claimed = body.u32() * 0x1_0000_0000 + body.u32();
  if (claimed > PROTO_HEADER_SIZE + maxBody) {
    throw new ProtocolError(`a compressed message of ${claimed} bytes, more than the ${maxBody} allowed`);
  }
  let bytes: Uint8Array;
  try {
    bytes = zlib.inflate(body.bytes.subarray(body.at, body.end), claimed);
  } catch {
    throw new ProtocolError(`a compressed message is no zlib stream of the ${claimed} bytes that it claims`);
  }
  body.at = body.end;
  const inner = new Reader(bytes);
  if (bytes.length !== claimed || claimed < PROTO_HEADER_SIZE) {
    throw new ProtocolError(`a compressed message claims ${claimed} bytes and has ${bytes.length}`);
  }
  const version = inner.u8();
  const type = inner.u8();
  const size = inner.u48();
  if (version !== PROTO_VERSION || type !== ProtoType.MESSAGE || size !== inner.left) {
    throw new ProtocolError(
      `a compressed message holds one of version ${version}, type ${type} and ${size} bytes; expected version 2, type 3 and ${inner.left} bytes`,
    );
  }
  return inner;
}
