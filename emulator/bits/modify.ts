import { BitOp } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Params } from "../cdt/params.js";
import { add, subtract } from "./addition.js";
import { type BitRegion, readBits, readInteger, shiftLeft, shiftRight, withBits, withInteger } from "./bit-region.js";
import {
  addFlags,
  BitsFlag,
  bitOffset,
  bitSize,
  blobOf,
  byteOffset,
  byteSize,
  integerSize,
  ResizeFlag,
  resizeFlags,
  shiftSize,
  writeFlags,
} from "./bits-params.js";

export interface BitsModify {
  readonly required: number;
  readonly most: number;
  /** Makes a bin that is missing. */
  readonly creates: boolean;
  readonly read: (params: Params) => BitsChange;
}

export interface BitsChange {
  readonly flags: number;
  /** The changed blob, or why there is none. */
  readonly edit: (blob: Uint8Array) => Uint8Array | Refusal;
}

/** A result code; `lenient` ones are no error under NO_FAIL. */
export interface Refusal {
  readonly code: number;
  readonly lenient: boolean;
}

const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL, PARTIAL } = BitsFlag;
const CREATING = CREATE_ONLY | UPDATE_ONLY | NO_FAIL;
const CHANGING = UPDATE_ONLY | NO_FAIL | PARTIAL;
const COUNTING = UPDATE_ONLY | NO_FAIL;

/** A greater blob makes its record too big, whatever else is in it. */
const MAX_BLOB = 8 * 1024 * 1024;

const UNCHANGED: Refusal = { code: ResultCode.OK, lenient: true };
const BEFORE_START: Refusal = { code: ResultCode.PARAMETER_ERROR, lenient: false };
const TOO_BIG: Refusal = { code: ResultCode.RECORD_TOO_BIG, lenient: false };
const WRONG_SIZE: Refusal = { code: ResultCode.PARAMETER_ERROR, lenient: true };
const BEYOND_END: Refusal = { code: ResultCode.OP_NOT_APPLICABLE, lenient: true };
const OVERRUN: Refusal = { code: ResultCode.PARAMETER_ERROR, lenient: false };
const OVERFLOW: Refusal = { code: ResultCode.OP_NOT_APPLICABLE, lenient: true };

/** The operations that change a blob. */
export const BITS_MODIFY_OPS: ReadonlyMap<number, BitsModify> = new Map<number, BitsModify>([
  [BitOp.RESIZE.code, { required: 1, most: 3, creates: true, read: readResize }],
  [BitOp.INSERT.code, { required: 2, most: 3, creates: true, read: readInsert }],
  [BitOp.REMOVE.code, { required: 2, most: 3, creates: false, read: readRemove }],
  [BitOp.SET.code, combining((_, operand) => operand)],
  [BitOp.OR.code, combining((bits, operand) => bits | operand)],
  [BitOp.XOR.code, combining((bits, operand) => bits ^ operand)],
  [BitOp.AND.code, combining((bits, operand) => bits & operand)],
  [BitOp.NOT.code, { required: 2, most: 3, creates: false, read: readNot }],
  [BitOp.LSHIFT.code, shifting(shiftLeft)],
  [BitOp.RSHIFT.code, shifting(shiftRight)],
  [BitOp.ADD.code, calculating(add)],
  [BitOp.SUBTRACT.code, calculating(subtract)],
  [BitOp.SET_INT.code, { required: 3, most: 4, creates: false, read: readSetInteger }],
]);

export function isRefusal(result: Uint8Array | Refusal): result is Refusal {
  return "code" in result;
}

function readResize(params: Params): BitsChange {
  const size = byteSize(params, 0n);
  const flags = writeFlags(params, CREATING);
  const how = resizeFlags(params);
  return { flags, edit: (blob) => resize(blob, size, how) };
}

function resize(blob: Uint8Array, size: number, how: number): Uint8Array | Refusal {
  if (size === blob.length) return UNCHANGED;
  const grows = size > blob.length;
  if ((how & (grows ? ResizeFlag.SHRINK_ONLY : ResizeFlag.GROW_ONLY)) !== 0) return WRONG_SIZE;
  if (size > MAX_BLOB) return TOO_BIG;
  const fromFront = (how & ResizeFlag.FROM_FRONT) !== 0;
  if (!grows) return fromFront ? blob.slice(blob.length - size) : blob.slice(0, size);
  const grown = new Uint8Array(size);
  grown.set(blob, fromFront ? size - blob.length : 0);
  return grown;
}

function readInsert(params: Params): BitsChange {
  const offset = byteOffset(params);
  const inserted = blobOf(params, 0);
  const flags = writeFlags(params, CREATING);
  return { flags, edit: (blob) => insert(blob, offset, inserted) };
}

function insert(blob: Uint8Array, offset: number, inserted: Uint8Array): Uint8Array | Refusal {
  const at = fromStart(offset, blob.length);
  if (at < 0) return BEFORE_START;
  const size = Math.max(at, blob.length) + inserted.length;
  if (size > MAX_BLOB) return TOO_BIG;
  const grown = new Uint8Array(size);
  grown.set(blob.subarray(0, at));
  grown.set(inserted, at);
  grown.set(blob.subarray(at), at + inserted.length);
  return grown;
}

function readRemove(params: Params): BitsChange {
  const offset = byteOffset(params);
  const size = byteSize(params, 1n);
  const flags = writeFlags(params, CHANGING);
  return { flags, edit: (blob) => remove(blob, offset, size, flags) };
}

function remove(blob: Uint8Array, offset: number, size: number, flags: number): Uint8Array | Refusal {
  const at = fromStart(offset, blob.length);
  if (at < 0) return BEFORE_START;
  if (at >= blob.length || (at + size > blob.length && (flags & PARTIAL) === 0)) return WRONG_SIZE;
  const left = new Uint8Array(Math.max(blob.length - size, at));
  left.set(blob.subarray(0, at));
  left.set(blob.subarray(at + size), at);
  return left;
}

/** An operation on the bits of a region, byte by byte with those of an operand. */
function combining(combine: (bits: number, operand: number) => number): BitsModify {
  const read = (params: Params): BitsChange => {
    const offset = bitOffset(params);
    const size = bitSize(params);
    const operand = blobOf(params, size);
    return changing(params, offset, size, (bits) => bits.map((byte, i) => combine(byte, operand[i]!)));
  };
  return { required: 3, most: 4, creates: false, read };
}

function readNot(params: Params): BitsChange {
  return changing(params, bitOffset(params), bitSize(params), (bits) => bits.map((byte) => ~byte));
}

function shifting(shift: (bits: Uint8Array, size: number, by: number) => Uint8Array): BitsModify {
  const read = (params: Params): BitsChange => {
    const offset = bitOffset(params);
    const size = bitSize(params);
    const by = shiftSize(params);
    const { flags, edit } = changing(params, offset, size, (bits, inside) => shift(bits, inside, by));
    const isPartial = (flags & PARTIAL) !== 0;
    return { flags, edit: (blob) => (isPartial && overruns(blob, offset, size, by) ? OVERRUN : edit(blob)) };
  };
  return { required: 3, most: 4, creates: false, read };
}

/**
 * A server takes the rest of a region that it has clipped for longer than it is, by the bytes before it, and goes down
 * over a shift by all of the rest's bytes.
 */
function overruns(blob: Uint8Array, offset: number, size: number, by: number): boolean {
  const bits = blob.length * 8;
  const start = fromStart(offset, bits);
  if (start < 0 || start >= bits || start + size <= bits) return false;
  return by >> 3 >= blob.length - (start >> 3) && by < bits - (start & 7);
}

/** Changes the bits of a region, which PARTIAL clips to the blob. */
function changing(
  params: Params,
  offset: number,
  size: number,
  change: (bits: Uint8Array, size: number) => Uint8Array,
): BitsChange {
  const flags = writeFlags(params, CHANGING);
  const edit = (blob: Uint8Array): Uint8Array | Refusal => {
    const region = regionIn(blob, offset, size, (flags & PARTIAL) !== 0);
    if ("code" in region) return region;
    return withBits(blob, region, change(readBits(blob, region), region.size));
  };
  return { flags, edit };
}

function calculating(calculate: (a: bigint, b: bigint, size: number, how: number) => bigint | undefined): BitsModify {
  const read = (params: Params): BitsChange => {
    const offset = bitOffset(params);
    const size = integerSize(params);
    const operand = BigInt.asUintN(size, params.flags());
    const flags = writeFlags(params, COUNTING);
    const how = addFlags(params);
    const edit = (blob: Uint8Array): Uint8Array | Refusal => {
      const region = regionIn(blob, offset, size, false);
      if ("code" in region) return region;
      const result = calculate(readInteger(blob, region), operand, size, how);
      return result === undefined ? OVERFLOW : withInteger(blob, region, result);
    };
    return { flags, edit };
  };
  return { required: 3, most: 5, creates: false, read };
}

function readSetInteger(params: Params): BitsChange {
  const offset = bitOffset(params);
  const size = integerSize(params);
  const value = BigInt.asUintN(size, params.flags());
  const flags = writeFlags(params, COUNTING);
  const edit = (blob: Uint8Array): Uint8Array | Refusal => {
    const region = regionIn(blob, offset, size, false);
    return "code" in region ? region : withInteger(blob, region, value);
  };
  return { flags, edit };
}

/** The region of a blob that an operation names; it must lie inside, or with `clipped` start there. */
export function regionIn(blob: Uint8Array, offset: number, size: number, clipped: boolean): BitRegion | Refusal {
  const bits = blob.length * 8;
  const start = fromStart(offset, bits);
  if (start < 0) return BEFORE_START;
  if (start >= bits || (start + size > bits && !clipped)) return BEYOND_END;
  return { start, size: Math.min(size, bits - start) };
}

function fromStart(offset: number, length: number): number {
  return offset < 0 ? offset + length : offset;
}
