import type { Compilation, Form, Operands } from "./form.js";
import { expectAtLeast, expectType, PLAIN_SIZE, unary } from "./operands.js";
import { ResultType } from "./result-type.js";
import { type ExpValue, UNKNOWN } from "./value.js";

// Three-valued logic: a false decides an `and` and a true an `or`, whatever is unknown beside them.

/** An `and` (decided by false) or an `or` (decided by true): stops at the operand that decides it. */
function deciding(decisive: boolean): Form {
  return {
    size: PLAIN_SIZE,
    *compile(c: Compilation, count: number): Operands {
      expectAtLeast(count, 2);
      const end = { at: 0 };
      expectType(yield, ResultType.BOOL);
      c.emit((m) => {
        if (m.top === decisive) m.at = end.at;
      });
      for (let i = 1; i < count; i++) {
        expectType(yield, ResultType.BOOL);
        c.emit((m) => {
          const value = m.pop();
          const soFar = m.pop();
          if (value === decisive) {
            m.push(decisive);
            m.at = end.at;
          } else m.push(soFar === UNKNOWN || value === UNKNOWN ? UNKNOWN : !decisive);
        });
      }
      end.at = c.steps.length;
      return ResultType.BOOL;
    },
  };
}

export const and = deciding(false);
export const or = deciding(true);
export const not = unary(ResultType.BOOL, ResultType.BOOL, (value) => (value === UNKNOWN ? UNKNOWN : !value));

/** True when exactly one operand is: settled by the second true or the first unknown, whichever comes first. */
export const exclusive: Form = {
  size: PLAIN_SIZE,
  *compile(c: Compilation, count: number): Operands {
    expectAtLeast(count, 2);
    for (let i = 0; i < count; i++) expectType(yield, ResultType.BOOL);
    c.emit((m) => m.push(exactlyOne(m.popAll(count))));
    return ResultType.BOOL;
  },
};

function exactlyOne(values: readonly ExpValue[]): ExpValue {
  let found = false;
  for (const value of values) {
    if (value === UNKNOWN) return UNKNOWN;
    if (value === true && found) return false;
    if (value === true) found = true;
  }
  return found;
}
