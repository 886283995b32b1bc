import type { AnyInteger } from "../bytes/utf8.js";
import { checkOptions } from "../check/check-options.js";
import { INT64_MAX, INT64_MIN, MAX_MESSAGE_BODY } from "../limits.js";
import { describe } from "../value/invalid-value.js";
import { isBytes } from "../value/pack.js";
import { type CdtCall, cdtCall } from "./call.js";
import { checkFlags, checkOneOf, refuseCreateAndUpdateOnly } from "./check.js";
import { BitWriteFlags, BitwiseOverflowActions, BitwiseResizeFlags } from "./flags.js";
import { BitOp, type CdtOperation } from "./operations.js";
import { type Arg, Computed, integer, type Param, stored } from "./param.js";

const MAX_BITS = MAX_MESSAGE_BODY * 8;
const SIGNED = 1;
/** The size of a read is what is left out at the end. */
const INVERT_SIZE = 1;

const { DEFAULT, CREATE_ONLY, UPDATE_ONLY, NO_FAIL, PARTIAL } = BitWriteFlags;
/** Resize and insert create a missing bin. */
const CREATING_FLAGS = { DEFAULT, CREATE_ONLY, UPDATE_ONLY, NO_FAIL };
/** Operations on a stretch of bits can do the part of it that exists. */
const STRETCH_FLAGS = { DEFAULT, UPDATE_ONLY, NO_FAIL, PARTIAL };
const INTEGER_FLAGS = { DEFAULT, UPDATE_ONLY, NO_FAIL };

export interface BitResizeOptions {
  /** A sum of {@link BitWriteFlags}: CREATE_ONLY, UPDATE_ONLY, NO_FAIL. Default: 0. */
  readonly flags?: number;
  /** A sum of {@link BitwiseResizeFlags}. Default: 0. */
  readonly resizeFlags?: number;
}

export interface BitArithmeticOptions {
  /** Treats the bits as two's complement. Default: false. */
  readonly signed?: boolean;
  /** Default: FAIL. */
  readonly overflow?: BitwiseOverflowActions;
  /** A sum of {@link BitWriteFlags}: UPDATE_ONLY, NO_FAIL. Default: 0. */
  readonly flags?: number;
}

export function bitResize(byteSize: Arg<AnyInteger>, options: BitResizeOptions = {}): CdtCall {
  checkOptions("options", options, { flags: true, resizeFlags: true });
  const resizeFlags = checkFlags("resizeFlags", options.resizeFlags ?? 0, BitwiseResizeFlags);
  const both = BitwiseResizeFlags.GROW_ONLY | BitwiseResizeFlags.SHRINK_ONLY;
  if ((resizeFlags & both) === both) throw new TypeError("resizeFlags can't hold both GROW_ONLY and SHRINK_ONLY");
  const size = integer("byteSize", byteSize, 0, MAX_MESSAGE_BODY);
  return cdtCall(BitOp.RESIZE, [size, writeFlags(options.flags, CREATING_FLAGS), stored("resizeFlags", resizeFlags)]);
}

export function bitInsert(byteOffset: Arg<AnyInteger>, value: Arg<Uint8Array>, flags?: number): CdtCall {
  return cdtCall(BitOp.INSERT, [byteOffsetParam(byteOffset), blob(value), writeFlags(flags, CREATING_FLAGS)]);
}

export function bitRemove(byteOffset: Arg<AnyInteger>, byteSize: Arg<AnyInteger>, flags?: number): CdtCall {
  const size = integer("byteSize", byteSize, 1, MAX_MESSAGE_BODY);
  return cdtCall(BitOp.REMOVE, [byteOffsetParam(byteOffset), size, writeFlags(flags, STRETCH_FLAGS)]);
}

export function bitSet(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<Uint8Array>,
  flags?: number,
): CdtCall {
  return combine(BitOp.SET, bitOffset, bitSize, value, flags);
}

export function bitOr(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<Uint8Array>,
  flags?: number,
): CdtCall {
  return combine(BitOp.OR, bitOffset, bitSize, value, flags);
}

export function bitXor(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<Uint8Array>,
  flags?: number,
): CdtCall {
  return combine(BitOp.XOR, bitOffset, bitSize, value, flags);
}

export function bitAnd(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<Uint8Array>,
  flags?: number,
): CdtCall {
  return combine(BitOp.AND, bitOffset, bitSize, value, flags);
}

export function bitNot(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>, flags?: number): CdtCall {
  return cdtCall(BitOp.NOT, [...stretch(bitOffset, bitSize), writeFlags(flags, STRETCH_FLAGS)]);
}

export function bitLshift(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  shift: Arg<AnyInteger>,
  flags?: number,
): CdtCall {
  return shiftCall(BitOp.LSHIFT, bitOffset, bitSize, shift, flags);
}

export function bitRshift(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  shift: Arg<AnyInteger>,
  flags?: number,
): CdtCall {
  return shiftCall(BitOp.RSHIFT, bitOffset, bitSize, shift, flags);
}

/** Adds to an integer of 1 to 64 bits. */
export function bitAdd(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<AnyInteger>,
  options?: BitArithmeticOptions,
): CdtCall {
  return arithmetic(BitOp.ADD, bitOffset, bitSize, value, options);
}

/** Subtracts from an integer of 1 to 64 bits. */
export function bitSubtract(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<AnyInteger>,
  options?: BitArithmeticOptions,
): CdtCall {
  return arithmetic(BitOp.SUBTRACT, bitOffset, bitSize, value, options);
}

/** Writes an integer of 1 to 64 bits; higher bits of `value` are dropped. */
export function bitSetInt(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<AnyInteger>,
  flags?: number,
): CdtCall {
  return cdtCall(BitOp.SET_INT, [
    ...integerStretch(bitOffset, bitSize),
    int64(value),
    writeFlags(flags, INTEGER_FLAGS),
  ]);
}

export function bitGet(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>): CdtCall {
  return cdtCall(BitOp.GET, stretch(bitOffset, bitSize));
}

/** How many bits are 1. */
export function bitCount(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>): CdtCall {
  return cdtCall(BitOp.COUNT, stretch(bitOffset, bitSize));
}

/** Where the first bit of that value is, counted from `bitOffset`; −1 if there is none. */
export function bitLscan(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>, value: Arg<boolean>): CdtCall {
  return cdtCall(BitOp.LSCAN, [...stretch(bitOffset, bitSize), bit(value)]);
}

/** Where the last bit of that value is, counted from `bitOffset`; −1 if there is none. */
export function bitRscan(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>, value: Arg<boolean>): CdtCall {
  return cdtCall(BitOp.RSCAN, [...stretch(bitOffset, bitSize), bit(value)]);
}

/** Reads an integer of 1 to 64 bits. */
export function bitGetInt(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>, signed = false): CdtCall {
  const params = integerStretch(bitOffset, bitSize);
  return cdtCall(BitOp.GET_INT, signed ? [...params, stored("signed", SIGNED)] : params);
}

/**
 * The bytes as text in base64: those from `byteOffset` on, as many as `byteSize`, or up to `byteSize` bytes before the end
 * with `invertSize`. Server 8.2 and newer.
 */
export function bitB64Encode(
  byteOffset?: Arg<AnyInteger>,
  byteSize?: Arg<AnyInteger>,
  invertSize: boolean = false,
): CdtCall {
  if (typeof invertSize !== "boolean") throw new TypeError(`invertSize is ${describe(invertSize)}; expected a boolean`);
  if (byteSize === undefined) {
    if (byteOffset !== undefined || invertSize)
      throw new TypeError("byteOffset and invertSize need a byteSize; without any of them all bytes are meant");
    return cdtCall(BitOp.B64_ENCODE, []);
  }
  if (byteOffset === undefined)
    throw new TypeError("byteOffset is undefined; expected an integer, as byteSize is given");
  const least = invertSize ? 0 : 1;
  const params = [byteOffsetParam(byteOffset), integer("byteSize", byteSize, least, MAX_MESSAGE_BODY)];
  return cdtCall(BitOp.B64_ENCODE, invertSize ? [...params, stored("invertSize", INVERT_SIZE)] : params);
}

function combine(
  operation: CdtOperation,
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<Uint8Array>,
  flags: number | undefined,
): CdtCall {
  const params = stretch(bitOffset, bitSize);
  const bytes = blob(value);
  if (!(value instanceof Computed) && !(bitSize instanceof Computed) && value.length * 8 < bitSize) {
    throw new RangeError(`value has ${value.length * 8} bits; expected at least bitSize, ${bitSize}`);
  }
  return cdtCall(operation, [...params, bytes, writeFlags(flags, STRETCH_FLAGS)]);
}

function shiftCall(
  operation: CdtOperation,
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  shift: Arg<AnyInteger>,
  flags: number | undefined,
): CdtCall {
  const params = [...stretch(bitOffset, bitSize), integer("shift", shift, 0, MAX_BITS)];
  const writes = writeFlags(flags, STRETCH_FLAGS);
  refuseOverrun(bitOffset, bitSize, shift, flags);
  return cdtCall(operation, [...params, writes]);
}

/**
 * Whether a server may go down over a shift with PARTIAL: where it cuts the stretch at the end of the blob, it takes what
 * is left for longer than it is, by the bytes before it, and then reads and writes outside of the blob. That takes bytes
 * before it, and a shift by a byte or more. `undefined` stands for what is computed.
 */
export function mayOverrun(
  bitOffset: AnyInteger | undefined,
  bitSize: AnyInteger | undefined,
  shift: AnyInteger | undefined,
): boolean {
  if (shift !== undefined && shift < 8) return false;
  if (bitOffset === undefined) return true;
  if (bitOffset >= 0) return bitOffset >= 8;
  return bitSize === undefined || BigInt(bitSize) > -BigInt(bitOffset);
}

/** What {@link mayOverrun} lets pass, in words. */
export const SAFE_SHIFTS =
  "allowed are shifts by less than 8 bits, a stretch from one of the first 8 bits on, and one from the end that does not go beyond it";

function refuseOverrun(
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  shift: Arg<AnyInteger>,
  flags: number | undefined,
): void {
  if (((flags ?? DEFAULT) & PARTIAL) === 0 || !mayOverrun(known(bitOffset), known(bitSize), known(shift))) return;
  // What is computed, the builder of the expression tells apart.
  if (bitOffset instanceof Computed || bitSize instanceof Computed || shift instanceof Computed) return;
  throw new RangeError(
    `A shift by ${shift} of ${bitSize} bits from ${bitOffset} on with the flag PARTIAL can take a server down: ${SAFE_SHIFTS}`,
  );
}

function known(value: Arg<AnyInteger>): AnyInteger | undefined {
  return value instanceof Computed ? undefined : value;
}

function arithmetic(
  operation: CdtOperation,
  bitOffset: Arg<AnyInteger>,
  bitSize: Arg<AnyInteger>,
  value: Arg<AnyInteger>,
  options: BitArithmeticOptions = {},
): CdtCall {
  checkOptions("options", options, { signed: true, overflow: true, flags: true });
  const overflow = checkOneOf("overflow", options.overflow ?? BitwiseOverflowActions.FAIL, BitwiseOverflowActions);
  const action = overflow | (options.signed === true ? SIGNED : 0);
  const flags = writeFlags(options.flags, INTEGER_FLAGS);
  return cdtCall(operation, [...integerStretch(bitOffset, bitSize), int64(value), flags, stored("overflow", action)]);
}

function stretch(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>): readonly Param[] {
  return [integer("bitOffset", bitOffset, -MAX_BITS, MAX_BITS), integer("bitSize", bitSize, 1, MAX_BITS)];
}

function integerStretch(bitOffset: Arg<AnyInteger>, bitSize: Arg<AnyInteger>): readonly Param[] {
  return [integer("bitOffset", bitOffset, -MAX_BITS, MAX_BITS), integer("bitSize", bitSize, 1, 64)];
}

function byteOffsetParam(byteOffset: Arg<AnyInteger>): Param {
  return integer("byteOffset", byteOffset, -MAX_MESSAGE_BODY, MAX_MESSAGE_BODY);
}

function int64(value: Arg<AnyInteger>): Param {
  if (value instanceof Computed) return value;
  if (typeof value === "bigint") {
    if (value < INT64_MIN || value > INT64_MAX)
      throw new RangeError(`value is ${value}n; expected a 64-bit signed integer`);
  } else if (!Number.isSafeInteger(value)) {
    throw new TypeError(`value is ${describe(value)}; expected a safe integer or a bigint`);
  }
  return stored("value", value);
}

function blob(value: Arg<Uint8Array>): Param {
  if (value instanceof Computed) return value;
  if (typeof value !== "object" || value === null || !isBytes(value)) {
    throw new TypeError(`value is ${describe(value)}; expected a Uint8Array`);
  }
  if (value.length === 0) throw new RangeError("value is empty; expected at least one byte");
  return stored("value", value);
}

function bit(value: Arg<boolean>): Param {
  if (!(value instanceof Computed) && typeof value !== "boolean") {
    throw new TypeError(`value is ${describe(value)}; expected a boolean`);
  }
  return stored("value", value);
}

function writeFlags(flags: number | undefined, allowed: Readonly<Record<string, number>>): Param {
  const checked = checkFlags("flags", flags ?? DEFAULT, allowed);
  refuseCreateAndUpdateOnly("flags", checked);
  return stored("flags", checked);
}
