import type { Compilation, Form, Operands } from "./form.js";
import { refuse } from "./refused.js";
import { type ResultType, sameType } from "./result-type.js";
import { type ExpValue, UNKNOWN } from "./value.js";

/** Bytes that an operation without data of its own takes in the server's compiled form. */
export const PLAIN_SIZE = 8;

export function expectType(found: ResultType, expected: ResultType): void {
  if (!sameType(found, expected)) refuse(`expected an operand of type ${expected}, got ${found}`);
}

export function expectCount(found: number, expected: number): void {
  if (found !== expected) refuse(`expected ${expected} operands, got ${found}`);
}

export function expectAtLeast(found: number, least: number): void {
  if (found < least) refuse(`expected at least ${least} operands, got ${found}`);
}

/** An operation on one operand; unknown stays unknown. */
export function unary(operand: ResultType, result: ResultType, apply: (value: ExpValue) => ExpValue): Form {
  return {
    size: PLAIN_SIZE,
    *compile(c: Compilation, count: number): Operands {
      expectCount(count, 1);
      expectType(yield, operand);
      c.emit((m) => {
        const value = m.pop();
        m.push(value === UNKNOWN ? UNKNOWN : apply(value));
      });
      return result;
    },
  };
}

/** An operation on two operands; unknown when either is. */
export function binary(
  types: readonly [ResultType, ResultType],
  result: ResultType,
  apply: (a: ExpValue, b: ExpValue) => ExpValue,
): Form {
  return {
    size: PLAIN_SIZE,
    *compile(c: Compilation, count: number): Operands {
      expectCount(count, 2);
      expectType(yield, types[0]);
      expectType(yield, types[1]);
      emitBinary(c, apply);
      return result;
    },
  };
}

export function emitBinary(c: Compilation, apply: (a: ExpValue, b: ExpValue) => ExpValue): void {
  c.emit((m) => {
    const b = m.pop();
    const a = m.pop();
    m.push(a === UNKNOWN || b === UNKNOWN ? UNKNOWN : apply(a, b));
  });
}
