import type { BytesArguments } from "./bytes-arguments.js";
import type { Functions } from "./library.js";
import type { LuaFunction } from "./lua.js";

const INT32_MIN = -(2n ** 31n);
const INT32_MAX = 2n ** 31n - 1n;
/** Most bytes of a variable-length integer. */
const VAR_INT_ROOM = 5;

/** A kind of number: bytes it takes, whether the low one comes first, and what it can be. */
interface NumberFormat {
  readonly size: number;
  readonly littleEndian: boolean;
  readonly min: bigint;
  readonly max: bigint;
}

function signed(size: number, littleEndian: boolean): NumberFormat {
  const limit = 2n ** BigInt(8 * size - 1);
  return { size, littleEndian, min: -limit, max: limit - 1n };
}

const BYTE: NumberFormat = { size: 1, littleEndian: false, min: 0n, max: 255n };

/** `get_…`, `set_…` and `append_…` of bytes, integers of 16, 32 and 64 bits (big-endian unless named `_le`) and `var_int`. */
export function bytesNumbers(args: BytesArguments): Functions & { get_byte: LuaFunction; set_byte: LuaFunction } {
  const functions: Record<string, LuaFunction> = {};
  for (const size of [2, 4, 8]) {
    for (const [suffix, littleEndian] of [
      ["", false],
      ["_be", false],
      ["_le", true],
    ] as const) {
      const name = `int${8 * size}${suffix}`;
      const format = signed(size, littleEndian);
      functions[`get_${name}`] = getter(args, format);
      functions[`set_${name}`] = setter(args, format);
      functions[`append_${name}`] = appender(args, format);
    }
  }
  return {
    ...functions,
    get_byte: getter(args, BYTE),
    set_byte: setter(args, BYTE),
    append_byte: appender(args, BYTE),
    get_var_int: (L) => getVarInt(args, L),
    set_var_int: (L) => setVarInt(args, L),
    append_var_int: (L) => appendVarInt(args, L),
  };
}

function getter(args: BytesArguments, format: NumberFormat): LuaFunction {
  return (L) => {
    if (!args.hasCount(L, 2)) return 0;
    const bytes = args.bytes(L);
    const at = args.position(L);
    if (at === undefined || at + format.size > bytes.size) return 0;
    return args.lua.pushInteger(L, decode(bytes.view.subarray(at, at + format.size), format));
  };
}

function setter(args: BytesArguments, format: NumberFormat): LuaFunction {
  return (L) => {
    if (!args.hasCount(L, 3)) return args.answer(L, false);
    const bytes = args.bytes(L);
    const at = args.position(L);
    const value = args.lua.optionalInteger(L, 3);
    if (at === undefined || value < format.min || value > format.max) return args.answer(L, false);
    return args.answer(L, bytes.write(at, encode(value, format)));
  };
}

function appender(args: BytesArguments, format: NumberFormat): LuaFunction {
  return (L) => {
    if (!args.hasCount(L, 2)) return args.answer(L, false);
    const bytes = args.bytes(L);
    const value = args.lua.optionalInteger(L, 2);
    if (value < format.min || value > format.max) return args.answer(L, false);
    return args.answer(L, bytes.write(bytes.size, encode(value, format)));
  };
}

function decode(bytes: Uint8Array, format: NumberFormat): bigint {
  let value = 0n;
  const ordered = format.littleEndian ? bytes.slice().reverse() : bytes;
  for (const byte of ordered) value = (value << 8n) | BigInt(byte);
  return format.min < 0n ? BigInt.asIntN(8 * format.size, value) : value;
}

function encode(value: bigint, format: NumberFormat): Uint8Array {
  const bytes = new Uint8Array(format.size);
  for (let i = 0; i < format.size; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return format.littleEndian ? bytes : bytes.reverse();
}

/** Groups of seven bits, the low ones first, the high bit saying that more follow: value and bytes taken. */
function getVarInt(args: BytesArguments, L: number): number {
  if (!args.hasCount(L, 2)) return 0;
  const bytes = args.bytes(L);
  const start = args.position(L);
  if (start === undefined) return 0;
  let value = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes.byteAt(at++);
    // Past 32 bits the processor shifts by the count modulo 32.
    value |= (byte & 0x7f) << (shift & 31);
    if (byte < 0x80) break;
  }
  args.lua.pushInteger(L, value >>> 0);
  args.lua.pushInteger(L, at - start);
  return 2;
}

function setVarInt(args: BytesArguments, L: number): number {
  if (!args.hasCount(L, 3)) return args.lua.pushInteger(L, 0);
  const bytes = args.bytes(L);
  const at = args.position(L);
  const value = args.lua.optionalInteger(L, 3);
  return args.lua.pushInteger(L, at === undefined ? 0 : writeVarInt(bytes, at, value));
}

function appendVarInt(args: BytesArguments, L: number): number {
  if (!args.hasCount(L, 2)) return args.lua.pushInteger(L, 0);
  const bytes = args.bytes(L);
  const value = args.lua.optionalInteger(L, 2);
  return args.lua.pushInteger(L, writeVarInt(bytes, bytes.size, value));
}

/** Bytes written, 0 for none. They go into the buffer but don't count to its size: the server forgets that. */
function writeVarInt(bytes: ReturnType<BytesArguments["bytes"]>, start: number, value: bigint): number {
  if (value < INT32_MIN || value > INT32_MAX || !bytes.ensure(start + VAR_INT_ROOM)) return 0;
  let left = Number(BigInt.asUintN(32, value));
  let at = start;
  while (left >= 0x80) {
    bytes.poke(at++, (left & 0x7f) | 0x80);
    left >>>= 7;
  }
  bytes.poke(at++, left);
  return at - start;
}
