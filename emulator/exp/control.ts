import { PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Compilation, Form, Operands } from "./form.js";
import { expectAtLeast, expectCount, expectType } from "./operands.js";
import { peekKind, takeBytes, takeValue } from "./packed.js";
import { refuse } from "./refused.js";
import { ResultType, sameType } from "./result-type.js";
import { Scope } from "./scope.js";
import { REMOVE, UNKNOWN } from "./value.js";

const SIZE = { COND: 12, CASE: 8, LET: 20, VAR: 16, QUOTE: 24, PLAIN: 8 } as const;

/** `[0]`: a bool that is always unknown; any branch of a `cond` may be one. */
export const unknown: Form = {
  size: SIZE.PLAIN,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 0);
    c.emit((m) => m.push(UNKNOWN));
    return ResultType.UNKNOWN;
  },
};

/** `[123, condition, value, …, default]`: the value of the first condition that is true, unknown at one that is unknown. */
export const cond: Form = {
  size: SIZE.COND,
  *compile(c: Compilation, count: number): Operands {
    expectAtLeast(count, 3);
    if (count % 2 === 0) refuse("a cond without default");
    const end = { at: 0 };
    let type: ResultType | undefined;
    for (let i = 0; i < count - 1; i += 2) {
      expectType(yield, ResultType.BOOL);
      c.grow(SIZE.CASE);
      const next = { at: 0 };
      c.emit((m) => {
        const condition = m.pop();
        if (condition === UNKNOWN) {
          m.push(UNKNOWN);
          m.at = end.at;
        } else if (condition !== true) m.at = next.at;
      });
      type = branchType(type, yield);
      c.emit((m) => {
        m.at = end.at;
      });
      next.at = c.steps.length;
    }
    type = branchType(type, yield);
    end.at = c.steps.length;
    return type === ResultType.UNKNOWN ? ResultType.BOOL : type;
  },
};

function branchType(soFar: ResultType | undefined, type: ResultType): ResultType {
  // The server takes branches of bare extension values and aborts.
  if (type === ResultType.EXTENSION) refuse("a branch of no type");
  if (soFar === undefined || soFar === ResultType.UNKNOWN) return type;
  if (type !== ResultType.UNKNOWN && !sameType(soFar, type)) refuse(`branches of types ${soFar} and ${type}`);
  return soFar;
}

/** `[125, name, value, …, body]`: all values are worked out before the body, used or not. */
export const letIn: Form = {
  size: SIZE.LET,
  *compile(c: Compilation, count: number): Operands {
    expectAtLeast(count, 3);
    if (count % 2 === 0) refuse("a let without body");
    const first = c.nextVariable;
    const outer = c.scope;
    const scope = new Scope(outer);
    c.scope = scope;
    for (let i = 0; i < count - 1; i += 2) {
      const name = takeVariableName(c);
      if (scope.find(name) !== undefined) refuse("a variable is defined twice");
      const index = c.nextVariable++;
      const variable = scope.add(name, index);
      variable.type = yield;
      c.emit((m) => {
        m.variables[index] = m.pop();
      });
    }
    const type = yield;
    c.scope = outer;
    c.nextVariable = first;
    return type;
  },
};

function takeVariableName(c: Compilation): Uint8Array {
  const name = takeBytes(c.reader);
  if (name === undefined || name.length === 0) refuse("a variable without name");
  if (!isLetter(name[0] ?? 0) || !name.every((byte) => isLetter(byte) || isDigit(byte))) {
    refuse("a variable's name holds more than letters, digits and underscores");
  }
  return name;
}

function isLetter(byte: number): boolean {
  return byte === 0x5f || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** `[124, name]` */
export const variable: Form = {
  size: SIZE.VAR,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 1);
    const name = takeBytes(c.reader);
    const found = name === undefined ? undefined : c.scope?.find(name);
    if (found?.type === undefined) refuse("an undefined variable");
    const { index, type } = found;
    // The server knows no type of a bare extension value and takes its variable for one still being defined.
    if (type === ResultType.EXTENSION) refuse("a variable of no type");
    c.emit((m) => m.push(m.variable(index)));
    return type === ResultType.UNKNOWN ? ResultType.BOOL : type;
  },
};

/** `[126, [element, …]]`: a list as it is. */
export const quote: Form = {
  size: SIZE.QUOTE,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 1);
    if (peekKind(c.reader) !== PackedType.LIST) refuse("only lists are quoted");
    const list = { type: ParticleType.LIST, bytes: takeValue(c.reader) };
    c.emit((m) => m.push(list));
    return ResultType.LIST;
  },
};

/** `[100]`: the element goes, when it is the result of a path's expression; everywhere else it is no value. */
export const removeResult: Form = {
  size: SIZE.PLAIN,
  compile(c: Compilation, count: number): ResultType {
    expectCount(count, 0);
    c.emit((m) => m.push(REMOVE));
    return ResultType.REMOVE;
  },
};
