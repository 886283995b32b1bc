import type { Writer } from "../bytes/writer.js";
import { MAX_MESSAGE_BODY } from "../limits.js";

// A proto, what every message in either direction is wrapped in:
//   u8 version = 2 · u8 type · u48 body size · body

export const PROTO_VERSION = 2;
export const PROTO_HEADER_SIZE = 8;

export const ProtoType = {
  INFO: 1,
  ADMIN: 2,
  MESSAGE: 3,
  COMPRESSED: 4,
} as const;
export type ProtoType = (typeof ProtoType)[keyof typeof ProtoType];

export function isProtoType(type: number): type is ProtoType {
  return type >= ProtoType.INFO && type <= ProtoType.COMPRESSED;
}

/** Leaves room for a proto header and returns where, for {@link finishProto}. */
export function beginProto(w: Writer): number {
  return w.gap(PROTO_HEADER_SIZE);
}

/**
 * Fills in the header of the proto begun at `at`, whose body is everything written since.
 * Throws RangeError when the body is larger than a server takes: it would drop the connection without a word.
 */
export function finishProto(w: Writer, at: number, type: ProtoType): void {
  const size = w.length - at - PROTO_HEADER_SIZE;
  if (size > MAX_MESSAGE_BODY) {
    throw new RangeError(`The message takes ${size} bytes; a server accepts at most ${MAX_MESSAGE_BODY}`);
  }
  w.patchU8(at, PROTO_VERSION);
  w.patchU8(at + 1, type);
  w.patchU48(at + 2, size);
}
