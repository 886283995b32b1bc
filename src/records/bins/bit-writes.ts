import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import * as bit from "../../../protocol/cdt/bit.js";
import { BitWriteFlags, BitwiseOverflowActions, BitwiseResizeFlags } from "../../../protocol/cdt/flags.js";
import { checkOptions, type OptionNames } from "../../../protocol/check/check-options.js";
import type { Did, Next } from "./next.js";
import type { Place } from "./place.js";

/** How an integer inside of a blob is written. */
export interface BitIntegerOptions {
  /** Refuse a bin that is missing (result code 17), which is an error anyway unless with `noFail`. Default: false. */
  readonly updateOnly?: boolean;
  /** A refused operation is no error. Default: false. */
  readonly noFail?: boolean;
}

/** How a stretch of bits or bytes is written. */
export interface BitStretchOptions extends BitIntegerOptions {
  /** Change the part inside of the blob when the rest lies beyond its end (else result code 26). Default: false. */
  readonly partial?: boolean;
}

/** How a blob is written by an operation that can create it. */
export interface BitCreateOptions extends BitIntegerOptions {
  /** Refuse a bin that exists (result code 6). Not with `updateOnly`. Default: false. */
  readonly createOnly?: boolean;
}

/** How a blob changes its size. */
export interface BitResizeOptions extends BitCreateOptions {
  /** Add or drop bytes in front. Default: at the end. */
  readonly fromFront?: boolean;
  /** Refuse to shrink (result code 4). Default: false. */
  readonly growOnly?: boolean;
  /** Refuse to grow (result code 4). Not with `growOnly`. Default: false. */
  readonly shrinkOnly?: boolean;
}

/** How an integer inside of a blob is added to. */
export interface BitArithmeticOptions extends BitIntegerOptions {
  /** Read and write the bits as two's complement. Default: false. */
  readonly signed?: boolean;
  /** Default: FAIL, result code 26. */
  readonly overflow?: BitwiseOverflowActions;
}

/**
 * Writes to the bits of a blob bin. Bit 0 is the highest of byte 0; negative offsets count from the end. A bin of
 * another type is an error (result code 12).
 */
export abstract class BitWrites<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /** Makes the blob `byteSize` bytes long; new ones are 0. Creates a bin that is missing. */
  bitResize(byteSize: AnyInteger, options: BitResizeOptions = {}): Did<C> {
    const resizeFlags =
      (options.fromFront ? BitwiseResizeFlags.FROM_FRONT : 0) |
      (options.growOnly ? BitwiseResizeFlags.GROW_ONLY : 0) |
      (options.shrinkOnly ? BitwiseResizeFlags.SHRINK_ONLY : 0);
    return this.place.does(bit.bitResize(byteSize, { flags: flagsOf("bitResize", options, RESIZE), resizeFlags }));
  }

  /** Puts bytes in at an offset; a gap is filled with 0. Creates a bin that is missing. */
  bitInsert(byteOffset: AnyInteger, value: Uint8Array, options: BitCreateOptions = {}): Did<C> {
    return this.place.does(bit.bitInsert(byteOffset, value, flagsOf("bitInsert", options, CREATE)));
  }

  /** Removes bytes from an offset on. @param byteSize at least 1 */
  bitRemove(byteOffset: AnyInteger, byteSize: AnyInteger, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitRemove(byteOffset, byteSize, flagsOf("bitRemove", options, STRETCH)));
  }

  /**
   * Overwrites bits with the first ones of `value`.
   * @param bitSize at least 1, and no more than `value` has
   * @example .bin("features").bitSet(13, 3, Uint8Array.of(0b1110_0000))
   */
  bitSet(bitOffset: AnyInteger, bitSize: AnyInteger, value: Uint8Array, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitSet(bitOffset, bitSize, value, flagsOf("bitSet", options, STRETCH)));
  }

  /** Bits that are 1 there or in `value`. */
  bitOr(bitOffset: AnyInteger, bitSize: AnyInteger, value: Uint8Array, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitOr(bitOffset, bitSize, value, flagsOf("bitOr", options, STRETCH)));
  }

  /** Bits that are 1 either there or in `value`. */
  bitXor(bitOffset: AnyInteger, bitSize: AnyInteger, value: Uint8Array, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitXor(bitOffset, bitSize, value, flagsOf("bitXor", options, STRETCH)));
  }

  /** Bits that are 1 both there and in `value`. */
  bitAnd(bitOffset: AnyInteger, bitSize: AnyInteger, value: Uint8Array, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitAnd(bitOffset, bitSize, value, flagsOf("bitAnd", options, STRETCH)));
  }

  /** Turns bits over. */
  bitNot(bitOffset: AnyInteger, bitSize: AnyInteger, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitNot(bitOffset, bitSize, flagsOf("bitNot", options, STRETCH)));
  }

  /**
   * Shifts bits to the left within the stretch; 0 moves in.
   * @throws RangeError for a shift with `partial` over which a server can go down: allowed are shifts by less than 8
   * bits, a stretch from one of the first 8 bits on, and one from the end that does not go beyond it
   */
  bitLshift(bitOffset: AnyInteger, bitSize: AnyInteger, shift: AnyInteger, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitLshift(bitOffset, bitSize, shift, flagsOf("bitLshift", options, STRETCH)));
  }

  /**
   * Shifts bits to the right within the stretch; 0 moves in.
   * @throws RangeError as {@link BitWrites.bitLshift}
   */
  bitRshift(bitOffset: AnyInteger, bitSize: AnyInteger, shift: AnyInteger, options: BitStretchOptions = {}): Did<C> {
    return this.place.does(bit.bitRshift(bitOffset, bitSize, shift, flagsOf("bitRshift", options, STRETCH)));
  }

  /** Adds to the integer in 1 to 64 bits. @param value a 64-bit signed integer */
  bitAdd(bitOffset: AnyInteger, bitSize: AnyInteger, value: AnyInteger, options: BitArithmeticOptions = {}): Did<C> {
    return this.place.does(bit.bitAdd(bitOffset, bitSize, value, arithmeticOf("bitAdd", options)));
  }

  /** Subtracts from the integer in 1 to 64 bits. @param value a 64-bit signed integer */
  bitSubtract(
    bitOffset: AnyInteger,
    bitSize: AnyInteger,
    value: AnyInteger,
    options: BitArithmeticOptions = {},
  ): Did<C> {
    return this.place.does(bit.bitSubtract(bitOffset, bitSize, value, arithmeticOf("bitSubtract", options)));
  }

  /** Writes an integer into 1 to 64 bits; higher bits of `value` are dropped. */
  bitSetInt(bitOffset: AnyInteger, bitSize: AnyInteger, value: AnyInteger, options: BitIntegerOptions = {}): Did<C> {
    return this.place.does(bit.bitSetInt(bitOffset, bitSize, value, flagsOf("bitSetInt", options, INTEGER)));
  }
}

const INTEGER: OptionNames<BitIntegerOptions> = { updateOnly: true, noFail: true };
const STRETCH: OptionNames<BitStretchOptions> = { ...INTEGER, partial: true };
const CREATE: OptionNames<BitCreateOptions> = { ...INTEGER, createOnly: true };
const RESIZE: OptionNames<BitResizeOptions> = { ...CREATE, fromFront: true, growOnly: true, shrinkOnly: true };
const ARITHMETIC: OptionNames<BitArithmeticOptions> = { ...INTEGER, signed: true, overflow: true };

/** @throws TypeError for an option that does not exist */
function flagsOf<O extends BitCreateOptions & BitStretchOptions>(
  method: string,
  options: O,
  known: OptionNames<O>,
): number {
  checkOptions(method, options, known);
  return (
    (options.createOnly ? BitWriteFlags.CREATE_ONLY : 0) |
    (options.updateOnly ? BitWriteFlags.UPDATE_ONLY : 0) |
    (options.noFail ? BitWriteFlags.NO_FAIL : 0) |
    (options.partial ? BitWriteFlags.PARTIAL : 0)
  );
}

function arithmeticOf(method: string, options: BitArithmeticOptions): bit.BitArithmeticOptions {
  const { signed = false, overflow = BitwiseOverflowActions.FAIL } = options;
  return { signed, overflow, flags: flagsOf(method, options, ARITHMETIC) };
}
