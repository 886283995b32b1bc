import { INT64_MIN } from "../../protocol/limits.js";
import type { Compilation, Form, Operands } from "./form.js";
import { binary, expectAtLeast, expectCount, expectType, PLAIN_SIZE, unary } from "./operands.js";
import { refuse } from "./refused.js";
import { ResultType } from "./result-type.js";
import { type ExpValue, UNKNOWN } from "./value.js";

// Integers are 64 bits wide and wrap. A division by zero is unknown; so is INT64_MIN by -1, which takes a real node down.

type Result<T> = T | typeof UNKNOWN;

/** An operation on one or more operands that are all integers or all doubles, and so is its result. */
function numeric(
  ints: (values: readonly bigint[]) => Result<bigint>,
  floats: (values: readonly number[]) => number,
): Form {
  return {
    size: PLAIN_SIZE,
    *compile(c: Compilation, count: number): Operands {
      expectAtLeast(count, 1);
      const type = yield;
      if (type !== ResultType.INT && type !== ResultType.FLOAT) refuse(`type ${type} is no number`);
      for (let i = 1; i < count; i++) expectType(yield, type);
      if (type === ResultType.INT) emitGathered(c, count, isInt, ints);
      else emitGathered(c, count, isFloat, floats);
      return type;
    },
  };
}

/** An operation on one or more integers. */
function integral(apply: (a: bigint, b: bigint) => bigint): Form {
  return {
    size: PLAIN_SIZE,
    *compile(c: Compilation, count: number): Operands {
      expectAtLeast(count, 1);
      for (let i = 0; i < count; i++) expectType(yield, ResultType.INT);
      emitGathered(c, count, isInt, (values) => values.reduce(apply));
      return ResultType.INT;
    },
  };
}

function emitGathered<T extends ExpValue>(
  c: Compilation,
  count: number,
  is: (value: ExpValue) => value is T,
  apply: (values: readonly T[]) => ExpValue,
): void {
  c.emit((m) => {
    const values = m.popAll(count);
    m.push(values.every(is) ? apply(values) : UNKNOWN);
  });
}

function isInt(value: ExpValue): value is bigint {
  return typeof value === "bigint";
}

function isFloat(value: ExpValue): value is number {
  return typeof value === "number";
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function divideInts(values: readonly bigint[]): Result<bigint> {
  const [first = 1n, ...rest] = values;
  const dividend = rest.length === 0 ? 1n : first;
  const divisor = rest.length === 0 ? first : rest.reduce((a, b) => wrap(a * b));
  return divisor === 0n || crashes(dividend, divisor) ? UNKNOWN : dividend / divisor;
}

function divideFloats(values: readonly number[]): number {
  const [first = 1, ...rest] = values;
  return rest.length === 0 ? 1 / first : first / rest.reduce((a, b) => a * b, 1);
}

function remainder(a: bigint, b: bigint): Result<bigint> {
  return b === 0n || crashes(a, b) ? UNKNOWN : a % b;
}

function crashes(dividend: bigint, divisor: bigint): boolean {
  return dividend === INT64_MIN && divisor === -1n;
}

/** The first unless the second is below it, which NaN never is. */
function lesser<T extends bigint | number>(a: T, b: T): T {
  if (a > b) return b;
  return a;
}

function greater<T extends bigint | number>(a: T, b: T): T {
  if (a < b) return b;
  return a;
}

/** C's pow, which differs from JavaScript's where a base of ±1 meets an infinite exponent or 1 meets NaN. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  return base ** exponent;
}

/** Towards zero; what no int64 can hold becomes INT64_MIN, as the processor has it. */
function truncate(value: number): bigint {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : INT64_MIN;
}

function bitCount(value: bigint): bigint {
  let count = 0n;
  for (let left = BigInt.asUintN(64, value); left !== 0n; left &= left - 1n) count++;
  return count;
}

/** Index of the first bit that is `wanted`, counted from the most significant one. */
function scanLeft(value: bigint, wanted: boolean): bigint {
  const bits = BigInt.asUintN(64, wanted ? value : ~value);
  return bits === 0n ? -1n : BigInt(64 - bits.toString(2).length);
}

/** Index of the last bit that is `wanted`, counted from the most significant one too. */
function scanRight(value: bigint, wanted: boolean): bigint {
  const bits = BigInt.asUintN(64, wanted ? value : ~value);
  return bits === 0n ? -1n : BigInt(64 - (bits & -bits).toString(2).length);
}

function onInt(apply: (value: bigint) => ExpValue): (value: ExpValue) => ExpValue {
  return (value) => (isInt(value) ? apply(value) : UNKNOWN);
}

function onFloat(apply: (value: number) => ExpValue): (value: ExpValue) => ExpValue {
  return (value) => (isFloat(value) ? apply(value) : UNKNOWN);
}

function ints(apply: (a: bigint, b: bigint) => ExpValue): Form {
  const types = [ResultType.INT, ResultType.INT] as const;
  return binary(types, ResultType.INT, (a, b) => (isInt(a) && isInt(b) ? apply(a, b) : UNKNOWN));
}

function floats(apply: (a: number, b: number) => number): Form {
  const types = [ResultType.FLOAT, ResultType.FLOAT] as const;
  return binary(types, ResultType.FLOAT, (a, b) => (isFloat(a) && isFloat(b) ? apply(a, b) : UNKNOWN));
}

function scan(apply: (value: bigint, wanted: boolean) => bigint): Form {
  const types = [ResultType.INT, ResultType.BOOL] as const;
  return binary(types, ResultType.INT, (value, wanted) =>
    isInt(value) && typeof wanted === "boolean" ? apply(value, wanted) : UNKNOWN,
  );
}

const { INT, FLOAT } = ResultType;

export const add = numeric(
  (values) => values.reduce((a, b) => wrap(a + b)),
  (values) => values.reduce((a, b) => a + b),
);
export const subtract = numeric(
  (values) => (values.length === 1 ? wrap(-(values[0] ?? 0n)) : values.reduce((a, b) => wrap(a - b))),
  (values) => (values.length === 1 ? 0 - (values[0] ?? 0) : values.reduce((a, b) => a - b)),
);
export const multiply = numeric(
  (values) => values.reduce((a, b) => wrap(a * b)),
  (values) => values.reduce((a, b) => a * b),
);
export const divide = numeric(divideInts, divideFloats);
export const min = numeric(
  (values) => values.reduce(lesser),
  (values) => values.reduce(lesser),
);
export const max = numeric(
  (values) => values.reduce(greater),
  (values) => values.reduce(greater),
);
export const pow = floats(power);
export const log = floats((value, base) => Math.log(value) / Math.log(base));
export const mod = ints(remainder);
export const floor = unary(FLOAT, FLOAT, onFloat(Math.floor));
export const ceil = unary(FLOAT, FLOAT, onFloat(Math.ceil));
export const toInt = unary(FLOAT, INT, onFloat(truncate));
export const toFloat = unary(INT, FLOAT, onInt(Number));

export const abs: Form = {
  size: PLAIN_SIZE,
  *compile(c: Compilation, count: number): Operands {
    expectCount(count, 1);
    const type = yield;
    if (type !== INT && type !== FLOAT) refuse(`type ${type} is no number`);
    c.emit((m) => {
      const value = m.pop();
      if (isInt(value)) m.push(value < 0n ? wrap(-value) : value);
      else m.push(isFloat(value) ? Math.abs(value) : UNKNOWN);
    });
    return type;
  },
};

export const intAnd = integral((a, b) => a & b);
export const intOr = integral((a, b) => a | b);
export const intXor = integral((a, b) => a ^ b);
export const intNot = unary(
  INT,
  INT,
  onInt((value) => ~value),
);
// The processor takes the low six bits of a shift count.
export const leftShift = ints((value, count) => wrap(value << (count & 63n)));
export const rightShift = ints((value, count) => wrap(BigInt.asUintN(64, value) >> (count & 63n)));
export const arithmeticShift = ints((value, count) => value >> (count & 63n));
export const intCount = unary(INT, INT, onInt(bitCount));
export const intLeftScan = scan(scanLeft);
export const intRightScan = scan(scanRight);
