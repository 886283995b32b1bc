import type { LoopVariables } from "../cdt/path-evaluator.js";
import type { Compilation, Form } from "./form.js";
import { expectCount } from "./operands.js";
import { unpackExpValue } from "./pack.js";
import { takeInteger } from "./packed.js";
import { refuse } from "./refused.js";
import { loopVariableType, particleTypeOf, ResultType } from "./result-type.js";
import { type ExpValue, isParticle, UNKNOWN } from "./value.js";

type Read = (loop: LoopVariables) => ExpValue;

const readers: readonly Read[] = [
  (loop) => (loop.key === undefined ? UNKNOWN : unpackExpValue(loop.key)),
  (loop) => (loop.value === undefined ? UNKNOWN : unpackExpValue(loop.value)),
  (loop) => (loop.index === undefined ? UNKNOWN : BigInt(loop.index)),
];
const INDEX = 2;

/** `[122, type, which]`: unknown outside path expressions and when the element is of another type. */
export const loopVariable: Form = {
  size: 16,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 2);
    const code = takeInteger(c.reader);
    const which = Number(takeInteger(c.reader) ?? -1n);
    const read = readers[which];
    if (code === undefined || read === undefined) refuse("a loop variable that does not exist");
    const type = loopVariableType(code);
    if (type === undefined || (which === INDEX && type !== ResultType.INT)) refuse("a loop variable of a wrong type");
    c.emit((m) => {
      const value = m.loop === undefined ? UNKNOWN : read(m.loop);
      m.push(isOfType(value, type) ? value : UNKNOWN);
    });
    return type;
  },
};

function isOfType(value: ExpValue, type: ResultType): boolean {
  switch (type) {
    case ResultType.NIL:
      return value === null;
    case ResultType.BOOL:
      return typeof value === "boolean";
    case ResultType.INT:
      return typeof value === "bigint";
    case ResultType.FLOAT:
      return typeof value === "number";
    default:
      return isParticle(value) && value.type === particleTypeOf(type);
  }
}
