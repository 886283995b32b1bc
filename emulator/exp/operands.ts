import type { Compilation, Form, Operands } from "./form.js";
import { refuse } from "./refused.js";
import { type ResultType, sameType } from "./result-type.js";
import { type ExpValue, UNKNOWN } from "./value.js";

/** Bytes that an operation without data of its own takes in the server's compiled form. */
export const PLAIN_SIZE = 8;

export function expectType(found: ResultType, due: ResultType): void {
  if (!sameType(found, due)) refuse(`an operand of type ${found} stands where type ${due} is due`);
}

export function expectCount(found: number, due: number): void {
  if (found !== due) refuse(`${found} operands where ${due} are due`);
}

export function expectAtLeast(found: number, least: number): void {
  if (found < least) refuse(`${found} operands where at least ${least} are due`);
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
