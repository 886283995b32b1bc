import type { BitArithmeticOptions } from "../../protocol/cdt/bit.js";
import * as bit from "../../protocol/cdt/bit.js";
import { blob, bool, call, int } from "./call.js";
import type { BlobArg, BoolArg, IntArg } from "./call-types.js";
import type { Expression } from "./expression.js";

type Blob = Expression<"blob">;

// Offsets and sizes are in bits unless they say bytes; bit 0 is the highest of byte 0, negative offsets count from the
// end. Writes give a changed copy of the blob; `flags` is a sum of BitWriteFlags.

/** The blob with another size, in bytes. @param resizeFlags a sum of BitwiseResizeFlags */
function bitResize(flags: number | undefined, byteSize: IntArg, resizeFlags: number, bin: Blob): Blob {
  return call("bitResize", () => bit.bitResize(int(byteSize), { flags: flags ?? 0, resizeFlags }), bin);
}

/** The blob with bytes put in at a byte offset. */
function bitInsert(flags: number | undefined, byteOffset: IntArg, value: BlobArg, bin: Blob): Blob {
  return call("bitInsert", () => bit.bitInsert(int(byteOffset), blob(value), flags), bin);
}

/** The blob without some bytes. */
function bitRemove(flags: number | undefined, byteOffset: IntArg, byteSize: IntArg, bin: Blob): Blob {
  return call("bitRemove", () => bit.bitRemove(int(byteOffset), int(byteSize), flags), bin);
}

/** The blob with bits replaced by those of `value`. */
function bitSet(flags: number | undefined, offset: IntArg, size: IntArg, value: BlobArg, bin: Blob): Blob {
  return call("bitSet", () => bit.bitSet(int(offset), int(size), blob(value), flags), bin);
}

/** The blob with bits of `value` or-ed in. */
function bitOr(flags: number | undefined, offset: IntArg, size: IntArg, value: BlobArg, bin: Blob): Blob {
  return call("bitOr", () => bit.bitOr(int(offset), int(size), blob(value), flags), bin);
}

/** The blob with bits of `value` xor-ed in. */
function bitXor(flags: number | undefined, offset: IntArg, size: IntArg, value: BlobArg, bin: Blob): Blob {
  return call("bitXor", () => bit.bitXor(int(offset), int(size), blob(value), flags), bin);
}

/** The blob with bits and-ed with those of `value`. */
function bitAnd(flags: number | undefined, offset: IntArg, size: IntArg, value: BlobArg, bin: Blob): Blob {
  return call("bitAnd", () => bit.bitAnd(int(offset), int(size), blob(value), flags), bin);
}

/** The blob with bits turned over. */
function bitNot(flags: number | undefined, offset: IntArg, size: IntArg, bin: Blob): Blob {
  return call("bitNot", () => bit.bitNot(int(offset), int(size), flags), bin);
}

/** The blob with a stretch of bits moved left, zeros coming in. */
function bitLshift(flags: number | undefined, offset: IntArg, size: IntArg, shift: IntArg, bin: Blob): Blob {
  return call("bitLshift", () => bit.bitLshift(int(offset), int(size), int(shift), flags), bin);
}

/** The blob with a stretch of bits moved right, zeros coming in. */
function bitRshift(flags: number | undefined, offset: IntArg, size: IntArg, shift: IntArg, bin: Blob): Blob {
  return call("bitRshift", () => bit.bitRshift(int(offset), int(size), int(shift), flags), bin);
}

/** The blob with a number added to an integer of 1 to 64 bits. */
function bitAdd(
  offset: IntArg,
  size: IntArg,
  value: IntArg,
  options: BitArithmeticOptions | undefined,
  bin: Blob,
): Blob {
  return call("bitAdd", () => bit.bitAdd(int(offset), int(size), int(value), options), bin);
}

/** The blob with a number subtracted from an integer of 1 to 64 bits. */
function bitSubtract(
  offset: IntArg,
  size: IntArg,
  value: IntArg,
  options: BitArithmeticOptions | undefined,
  bin: Blob,
): Blob {
  return call("bitSubtract", () => bit.bitSubtract(int(offset), int(size), int(value), options), bin);
}

/** The blob with an integer of 1 to 64 bits written. */
function bitSetInt(flags: number | undefined, offset: IntArg, size: IntArg, value: IntArg, bin: Blob): Blob {
  return call("bitSetInt", () => bit.bitSetInt(int(offset), int(size), int(value), flags), bin);
}

/** A stretch of bits as a blob, left-aligned. */
function bitGet(offset: IntArg, size: IntArg, bin: Blob): Blob {
  return call("bitGet", () => bit.bitGet(int(offset), int(size)), bin);
}

/** How many bits of a stretch are 1. */
function bitCount(offset: IntArg, size: IntArg, bin: Blob): Expression<"int"> {
  return call("bitCount", () => bit.bitCount(int(offset), int(size)), bin);
}

/** Place of the first bit that is `value`, counted from `offset`; −1 when there is none. */
function bitLscan(offset: IntArg, size: IntArg, value: BoolArg, bin: Blob): Expression<"int"> {
  return call("bitLscan", () => bit.bitLscan(int(offset), int(size), bool(value)), bin);
}

/** Place of the last bit that is `value`, counted from `offset`; −1 when there is none. */
function bitRscan(offset: IntArg, size: IntArg, value: BoolArg, bin: Blob): Expression<"int"> {
  return call("bitRscan", () => bit.bitRscan(int(offset), int(size), bool(value)), bin);
}

/** An integer of 1 to 64 bits. */
function bitGetInt(offset: IntArg, size: IntArg, signed: boolean, bin: Blob): Expression<"int"> {
  return call("bitGetInt", () => bit.bitGetInt(int(offset), int(size), signed), bin);
}

/**
 * The bytes as text in base64. With `byteSize` as many from `byteOffset` on, or with `invertSize` up to as many before the
 * end; `null` for all. Server 8.2 and newer.
 */
function bitB64Encode(
  byteOffset: IntArg | null,
  byteSize: IntArg | null,
  invertSize: boolean,
  bin: Blob,
): Expression<"string"> {
  const [offset, size] = [byteOffset, byteSize].map((value) => (value === null ? undefined : int(value)));
  return call("bitB64Encode", () => bit.bitB64Encode(offset, size, invertSize), bin);
}

/** Bits, for {@link Exp}. */
export const bits = {
  bitAdd,
  bitAnd,
  bitB64Encode,
  bitCount,
  bitGet,
  bitGetInt,
  bitInsert,
  bitLscan,
  bitLshift,
  bitNot,
  bitOr,
  bitRemove,
  bitResize,
  bitRscan,
  bitRshift,
  bitSet,
  bitSetInt,
  bitSubtract,
  bitXor,
};
